/* What is known of each entry but its words?  The data files of the site, read: dates, windows, facets; its words by
   inverted.js.  The files' format is that of webapp/offline.py. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { numbers, signed, summed, offsets } = relnotes.packing;
  const { Dictionary } = relnotes.inverted;

  const VERSION = 3;
  const [ABOUT, DAYS] = [2, 4]; // told from a first to a last day
  const MINUTES = 1440; // of a day
  const EPOCH = 719163; // 1970-01-01 as Python's ordinal

  /** Strings of one length, which stand one after another. */
  const cut = (text, count) => {
    const size = text.length / (count || 1);
    return Array.from({ length: count }, (_, n) => text.slice(n * size, (n + 1) * size));
  };

  const monthOf = (day) => {
    const date = new Date(day * 864e5);
    return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  };

  /** One facet: its sorted values, and which of them each entry has: codes[starts[n]] … codes[starts[n + 1] - 1]. */
  class Column {
    constructor(values, starts, codes) {
      Object.assign(this, { values, starts, codes });
      this.codeOf = new Map(values.map((value, code) => [value, code]));
    }

    /** A column from how many values each entry has, and their numbers; only values that some entry has. */
    static coded(values, counts, codes) {
      const used = new Set(codes);
      const kept = values.filter((_, code) => used.has(code)).sort();
      const codeOf = new Map(kept.map((value, code) => [value, code]));
      const sorted = values.map((value) => codeOf.get(value));
      return new Column(kept, offsets(counts), Uint32Array.from(codes, (code) => sorted[code]));
    }

    /** A column from the number of the one value that each entry has; none below 0. */
    static single(values, each) {
      return Column.coded(
        values,
        each.map((code) => (code < 0 ? 0 : 1)),
        each.filter((code) => code >= 0),
      );
    }

    of(entry) {
      return [...this.codes.subarray(this.starts[entry], this.starts[entry + 1])].map(
        (code) => this.values[code],
      );
    }

    /** Which entries have one of the values. */
    having(values) {
      const wanted = new Uint8Array(this.values.length);
      for (const value of values) if (this.codeOf.has(value)) wanted[this.codeOf.get(value)] = 1;
      const mask = new Uint8Array(this.starts.length - 1);
      for (let entry = 0; entry < mask.length; entry += 1) {
        for (let at = this.starts[entry]; at < this.starts[entry + 1]; at += 1)
          mask[entry] |= wanted[this.codes[at]];
      }
      return mask;
    }

    /** How many of the entries of `mask` have each value. */
    counts(mask) {
      const counts = new Uint32Array(this.values.length);
      for (let entry = 0; entry < mask.length; entry += 1) {
        if (!mask[entry]) continue;
        for (let at = this.starts[entry]; at < this.starts[entry + 1]; at += 1) counts[this.codes[at]] += 1;
      }
      return counts;
    }
  }

  /** All entries, newest first, by number. */
  class Entries {
    /** Read the data files: what holds for all entries, and the parts that they lie in. */
    constructor(whole, parts) {
      if (whole.version !== VERSION) throw new Error("the search's data are of another version");
      this.languages = whole.languages;
      this.stop = whole.stop;
      this.aliases = whole.aliases;
      this.letters = whole.letters;
      this.deal(numbers(whole.runs), parts);
      this.readColumns(whole, parts);
      this.readDays(parts);
      this.readWindows(parts);
      this.readFacets(whole, parts);
      this.readWords(parts);
    }

    /** Which entry of which part each entry of the listing is: dealt[n] counts through the parts. */
    deal(runs, parts) {
      this.count = parts.reduce((sum, part) => sum + part.count, 0);
      this.dealt = new Uint32Array(this.count);
      const next = [0, parts[0].count];
      let entry = 0;
      runs.forEach((run, n) => {
        for (let left = run; left; left -= 1) this.dealt[entry++] = next[n % 2]++;
      });
      this.entryOf = new Uint32Array(this.count); // the way back
      this.dealt.forEach((place, n) => (this.entryOf[place] = n));
      this.ids = this.inOrder(
        parts.flatMap(({ ids, count }) => (ids.includes(" ") ? ids.split(" ") : cut(ids, count))),
      );
    }

    /** What the parts say one after another, in the order of the listing. */
    inOrder(values) {
      return Array.from(this.dealt, (place) => values[place]);
    }

    /** One number for each entry, from the list of each part. */
    columnOf(parts, list, made = new Int32Array(this.count)) {
      let at = 0;
      for (const part of parts) for (const value of list(part)) made[this.entryOf[at++]] = value;
      return made;
    }

    readColumns(whole, parts) {
      const column = (name) => this.columnOf(parts, (part) => numbers(part.columns[name]));
      this.language = this.columnOf(parts, ({ columns, languages }) => {
        const own = languages.map((lang) => whole.languages.indexOf(lang));
        return numbers(columns.lang).map((code) => own[code]);
      });
      this.gone = column("gone");
      this.type = column("type");
      this.status = Array.from(column("status"), (code) => (code ? whole.states[code - 1] : null));
    }

    readDays(parts) {
      this.when = this.columnOf(parts, ({ days }) => numbers(days.kinds));
      this.day = this.columnOf(parts, ({ days }) =>
        summed(signed(numbers(days.middles))).map((day) => day - EPOCH),
      ); // since 1970
      this.month = this.day.map(monthOf); // since 1970
      this.span = new Map();
      let place = 0;
      for (const { days } of parts) {
        const [kinds, before, after] = [days.kinds, days.before, days.after].map(numbers);
        let at = 0;
        for (const kind of kinds) {
          const entry = this.entryOf[place++];
          if (kind !== ABOUT && kind !== DAYS) continue;
          this.span.set(entry, [this.day[entry] - before[at], this.day[entry] + after[at]]);
          at += 1;
        }
      }
    }

    /** Windows as [start, end] in minutes since 1970, UTC. */
    readWindows(parts) {
      const read = parts.map(({ windows: { counts, starts, lengths } }) => ({
        from: offsets(numbers(counts)),
        starts: signed(numbers(starts)),
        lengths: numbers(lengths),
      }));
      this.windows = (entry) => {
        const [place, first] = [this.dealt[entry], parts[0].count];
        const [{ from, starts, lengths }, at] = place < first ? [read[0], place] : [read[1], place - first];
        return Array.from(starts.subarray(from[at], from[at + 1]), (minutes, n) => {
          const start = this.day[entry] * MINUTES + minutes;
          return [start, start + lengths[from[at] + n]];
        });
      };
    }

    readFacets(whole, parts) {
      const years = this.month.map((month, n) => (this.when[n] ? 1970 + Math.floor(month / 12) : -1));
      const known = [...new Set(years)].filter((year) => year >= 0);
      const states = this.status.map((state) => (state ? [whole.states.indexOf(state)] : []));
      states.forEach((codes, n) => this.gone[n] && codes.push(whole.states.indexOf("gone")));
      this.facets = {
        type: Column.single(whole.types, this.type),
        product: this.named("product", parts),
        endpoint: this.named("endpoint", parts),
        param: this.named("param", parts),
        lang: Column.single(whole.languages, this.language),
        year: Column.single(
          known.map((year) => String(year).padStart(4, "0")),
          years.map((year) => known.indexOf(year)),
        ),
        status: Column.coded(
          whole.states,
          states.map((codes) => codes.length),
          states.flat(),
        ),
      };
      this.folders = {};
      for (const { names } of parts) {
        for (const [facet, { folders }] of Object.entries(names)) {
          this.folders[facet] = new Map([...(this.folders[facet] ?? []), ...Object.entries(folders)]);
        }
      }
    }

    /** The column of a facet whose values each part lists. */
    named(facet, parts) {
      const values = [...new Set(parts.flatMap(({ names }) => names[facet].values))];
      const codeOf = new Map(values.map((value, code) => [value, code]));
      const counts = this.columnOf(parts, ({ names }) => numbers(names[facet].counts));
      const next = offsets(counts);
      const codes = new Uint32Array(next[this.count]);
      let place = 0;
      for (const { count, names } of parts) {
        const own = names[facet].values.map((value) => codeOf.get(value));
        const told = numbers(names[facet].codes);
        let at = 0;
        for (const entry of this.entryOf.subarray(place, place + count))
          for (let left = counts[entry]; left; left -= 1) codes[next[entry]++] = own[told[at++]];
        place += count;
      }
      return Column.coded(values, counts, codes);
    }

    /** Where below its facet's folder the listing of a value lies, as part of an address. */
    folder(facet, value) {
      const name = this.folders[facet].get(value) ?? value;
      return name.split("/").map(encodeURIComponent).join("/");
    }

    /** Where each word stands, and how many terms each entry has, as scores count them. */
    readWords(parts) {
      this.length = this.columnOf(
        parts,
        ({ lengths: { known, codes } }) => Array.from(numbers(codes), (code) => known[code]),
        new Float64Array(this.count),
      );
      this.dictionaries = [];
      let place = 0;
      for (const { count, languages, words } of parts) {
        const own = this.entryOf.subarray(place, place + count);
        languages.forEach((lang, n) => {
          const language = this.languages.indexOf(lang);
          const texts = own.filter((entry) => this.language[entry] === language);
          this.dictionaries.push(new Dictionary(words[n], language, texts));
        });
        place += count;
      }
    }

    /** The words whose folded form begins with these letters, of every dictionary. */
    beginning(letters) {
      return this.dictionaries.flatMap((one) => one.beginning(letters));
    }
  }

  relnotes.entries = { Entries };
})();
