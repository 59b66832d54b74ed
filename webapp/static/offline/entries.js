/* What do the entries say?  The data file of the site, read: texts, words and where they stand, dates, facets.
   The file's format is that of webapp/offline.py, index/forward.py and index/packing.py. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { fold } = relnotes.analysis;

  const ALPHABET = Array.from({ length: 92 }, (_, n) => String.fromCharCode(35 + n)).filter(
    (c) => !"<\\".includes(c),
  );
  const DIGIT = new Uint8Array(128);
  ALPHABET.forEach((char, n) => (DIGIT[char.charCodeAt(0)] = n));
  const VERSION = 2;
  const STOPPERS = 60;
  const CONTINUERS = ALPHABET.length - STOPPERS;
  const BASE = 64;
  const KEPT = new Int8Array(128).fill(-1);
  [..." !#$%&'()*+,-./:;=>?@[]^_`{|}~"].forEach((char, n) => (KEPT[char.charCodeAt(0)] = n));
  const [LOWER, CAPITAL, UPPER, END] = [1, 2, 3, 4];
  const [WITHIN, APART] = [1, 2]; // places of titles
  const [ABOUT, DAYS] = [2, 4]; // told from a first to a last day
  const JOINT = /^(?:_*[\]})]{0,2}[/.[{+&-]{1,3}_*|_+)+$/;
  const MINUTES = 1440; // of a day
  const EPOCH = 719163; // 1970-01-01 as Python's ordinal

  /** The numbers of a packed list. */
  const numbers = (text) => {
    const made = new Int32Array(text.length);
    let [size, left] = [0, -1];
    for (let at = 0; at < text.length; at += 1) {
      const digit = DIGIT[text.charCodeAt(at)];
      if (digit < STOPPERS) {
        made[size++] = (left + 1) * STOPPERS + digit;
        left = -1;
      } else {
        left = (left + 1) * CONTINUERS + digit - STOPPERS;
      }
    }
    return made.subarray(0, size);
  };

  const signed = (list) => list.map((number) => (number % 2 ? -(number + 1) / 2 : number / 2));

  /** Where each entry's part of a list begins, from how many it has there; one more at the end. */
  const offsets = (counts) => {
    const made = new Uint32Array(counts.length + 1);
    for (let n = 0; n < counts.length; n += 1) made[n + 1] = made[n] + counts[n];
    return made;
  };

  const summed = (steps) => {
    let sum = 0;
    return steps.map((step) => (sum += step));
  };

  /** A list cut into as many pieces as there are counts. */
  const split = (counts, list) => {
    let at = 0;
    return Array.from(counts, (count) => list.slice(at, (at += count)));
  };

  /** Strings of one length, which stand one after another. */
  const cut = (text, count) => {
    const size = text.length / (count || 1);
    return Array.from({ length: count }, (_, n) => text.slice(n * size, (n + 1) * size));
  };

  /** The words of a front-coded dictionary. */
  const dictionary = (text) => {
    const made = [];
    let before = "";
    for (let at = 0; at < text.length;) {
      const kept = KEPT[text.charCodeAt(at)];
      let end = at + 1;
      while (end < text.length && !(text.charCodeAt(end) < 128 && KEPT[text.charCodeAt(end)] >= 0)) end += 1;
      before = before.slice(0, kept) + text.slice(at + 1, end);
      made.push(before);
      at = end;
    }
    return made;
  };

  /** Write the ranks of a sequence into `into`, each raised by `first`. */
  const sequence = (coded, into, from, first) => {
    const { singles, pairs, depth, heads, seconds, rests } = coded;
    const after = singles + pairs * BASE;
    let [second, rest] = [0, 0];
    for (let at = 0; at < heads.length; at += 1) {
      let rank = DIGIT[heads.charCodeAt(at)];
      if (rank >= singles + pairs) {
        rank -= singles + pairs;
        for (let n = 0; n < depth; n += 1) rank = rank * BASE + DIGIT[rests.charCodeAt(rest++)];
        rank += after;
      } else if (rank >= singles) {
        rank = singles + (rank - singles) * BASE + DIGIT[seconds.charCodeAt(second++)];
      }
      into[from + at] = first + rank;
    }
  };

  const WAYS = {
    [LOWER]: (word) => word.toLowerCase(),
    [CAPITAL]: (word) => word.toLowerCase().replace(/^./u, (first) => first.toUpperCase()),
    [UPPER]: (word) => word.toUpperCase(),
  };

  /** One facet: its sorted values, and which of them each entry has: codes[starts[n]] … codes[starts[n + 1] - 1]. */
  class Column {
    constructor(values, starts, codes) {
      Object.assign(this, { values, starts, codes });
      this.codeOf = new Map(values.map((value, code) => [value, code]));
    }

    /** A column from a list of values an entry. */
    static several(lists) {
      const values = [...new Set(lists.flat())].sort();
      const codeOf = new Map(values.map((value, code) => [value, code]));
      const starts = offsets(lists.map((list) => list.length));
      return new Column(
        values,
        starts,
        Uint32Array.from(lists.flat(), (value) => codeOf.get(value)),
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

  /** All entries, newest first, by number.  Words have numbers through all dictionaries, and every word of every
      text a place: those of entry n are first[n] … last[n] - 1. */
  class Entries {
    /** Read the data files: what holds for all entries, and the parts that they lie in. */
    constructor(whole, parts) {
      for (const _ of this.reading(whole, parts));
    }

    /** The same with pauses, so that the page stays quick to answer. */
    static async read(whole, parts, pause) {
      const made = Object.create(Entries.prototype);
      for (const _ of made.reading(whole, parts)) await pause();
      return made;
    }

    *reading(whole, parts) {
      if (whole.version !== VERSION) throw new Error("the search's data are of another version");
      this.languages = whole.languages;
      this.stop = whole.stop;
      this.aliases = whole.aliases;
      this.deal(numbers(whole.runs), parts);
      yield;
      this.readColumns(whole, parts);
      this.readDays(parts);
      this.readWindows(parts);
      yield;
      this.readFacets(whole, parts);
      yield* this.readTexts(parts);
      this.readTitles(parts);
      this.readLengths(parts);
      yield;
      yield* this.locate();
    }

    /** Which entry of which part each entry of the listing is: places[n] counts through the parts. */
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

    columnOf(parts, list) {
      const made = new Int32Array(this.count);
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
      this.markdown = column("markdown");
      this.type = Array.from(column("type"), (code) => whole.types[code]);
      this.status = Array.from(column("status"), (code) => (code ? whole.states[code - 1] : null));
    }

    readDays(parts) {
      this.when = this.columnOf(parts, ({ days }) => numbers(days.kinds));
      this.day = this.columnOf(parts, ({ days }) =>
        summed(signed(numbers(days.middles))).map((day) => day - EPOCH),
      ); // since 1970
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
      const every = parts.map(({ windows }) => [signed(numbers(windows.starts)), numbers(windows.lengths)]);
      const lists = parts.flatMap(({ windows }, n) =>
        split(
          numbers(windows.counts),
          [...every[n][0].keys()].map((at) => [n, at]),
        ),
      );
      this.windows = (entry) =>
        lists[this.dealt[entry]].map(([n, at]) => {
          const start = this.day[entry] * MINUTES + every[n][0][at];
          return [start, start + every[n][1][at]];
        });
    }

    readFacets(whole, parts) {
      const years = Array.from(this.day, (day, n) =>
        this.when[n] ? String(new Date(day * 864e5).getUTCFullYear()).padStart(4, "0") : null,
      );
      const named = (facet) =>
        Column.several(
          this.inOrder(
            parts.flatMap(({ names }) =>
              split(
                numbers(names[facet].counts),
                Array.from(numbers(names[facet].codes), (code) => names[facet].values[code]),
              ),
            ),
          ),
        );
      this.facets = {
        type: Column.several(this.type.map((type) => [type])),
        product: named("product"),
        endpoint: named("endpoint"),
        param: named("param"),
        lang: Column.several(Array.from(this.language, (code) => [whole.languages[code]])),
        year: Column.several(years.map((year) => (year ? [year] : []))),
        status: Column.several(
          this.status.map((state, n) => [...(state ? [state] : []), ...(this.gone[n] ? ["gone"] : [])]),
        ),
      };
      this.folders = {};
      for (const { names } of parts) {
        for (const [facet, { folders }] of Object.entries(names)) {
          this.folders[facet] = new Map([...(this.folders[facet] ?? []), ...Object.entries(folders)]);
        }
      }
    }

    /** Where below its facet's folder the listing of a value lies, as part of an address. */
    folder(facet, value) {
      const name = this.folders[facet].get(value) ?? value;
      return name.split("/").map(encodeURIComponent).join("/");
    }

    *readTexts(parts) {
      const total = parts
        .flatMap(({ texts }) => texts)
        .reduce((sum, { sequence: { heads } }) => sum + heads.length, 0);
      this.at = new Uint32Array(total); // the word at each place
      this.joint = new Uint32Array(total); // what stands before it
      [this.first, this.last] = [new Uint32Array(this.count), new Uint32Array(this.count)];
      this.tail = new Uint32Array(this.count); // the joint after the last word
      [this.words, this.gaps, this.cases, this.dictionaries] = [[], [], [], []];
      let [from, place] = [0, 0];
      for (const part of parts) {
        const own = Array.from({ length: part.count }, (_, n) => this.entryOf[place + n]);
        for (const [n, text] of part.texts.entries()) {
          const language = this.languages.indexOf(part.languages[n]);
          this.dictionaries.push({ language, from: this.words.length });
          sequence(text.sequence, this.at, from, this.words.length);
          yield;
          this.readJoints(
            text,
            own.filter((entry) => this.language[entry] === language),
            from,
          );
          this.words = this.words.concat(dictionary(text.words));
          from += text.sequence.heads.length;
          yield;
        }
        place += part.count;
      }
      this.joins = this.gaps.map((gap) => JOINT.test(gap)); // one code-like token with the word before
    }

    readJoints(text, own, from) {
      const [base, cases] = [this.gaps.length, numbers(text.cases)];
      const usual = text.gaps.findIndex((gap, n) => gap === " " && cases[n] === 0);
      this.joint.fill(base + Math.max(usual, 0), from, from + text.sequence.heads.length);
      const unusual = numbers(text.unusual);
      let [place, entry] = [from, 0];
      this.first[own[0]] = from;
      for (let at = 0; at < unusual.length; at += 2) {
        place += unusual[at];
        const joint = base + unusual[at + 1];
        if (cases[unusual[at + 1]] !== END) {
          this.joint[place] = joint;
          continue;
        }
        this.last[own[entry]] = place;
        this.tail[own[entry]] = joint;
        entry += 1;
        if (entry < own.length) this.first[own[entry]] = place;
      }
      this.gaps.push(...text.gaps);
      this.cases.push(...cases);
    }

    readTitles(parts) {
      const places = this.columnOf(parts, ({ titles }) => numbers(titles.places));
      this.heading = places.map((place) => (place >= 3 ? 1 : 0));
      this.apart = places.map((place) => (place % 3 === APART ? 1 : 0));
      [this.titleFirst, this.titleLast] = [this.first.slice(), this.first.slice()]; // places of the title's words
      this.titled = new Map(); // entry → characters [start, end) where that is not its first line
      this.labels = new Map(); // entry → what it is called where it has no title
      let at = 0;
      for (const { count, titles } of parts) {
        const [starts, sizes] = [numbers(titles.starts), numbers(titles.sizes)];
        let within = 0;
        for (let n = 0; n < count; n += 1) {
          const entry = this.entryOf[at + n];
          if (Object.hasOwn(titles.labels, n)) this.labels.set(entry, titles.labels[n]);
          if (places[entry] % 3 === WITHIN) {
            this.titled.set(entry, [starts[within], starts[within] + sizes[within]]);
            within += 1;
            this.findTitle(entry);
          } else {
            this.titleLast[entry] = this.lineEnd(entry);
          }
        }
        at += count;
      }
    }

    /** The place after the last word of an entry's first line. */
    lineEnd(entry) {
      let place = this.first[entry];
      while (place < this.last[entry] && !this.gaps[this.joint[place]].includes("\n")) place += 1;
      return place;
    }

    findTitle(entry) {
      const [start, end] = this.titled.get(entry);
      let [length, place] = [0, this.first[entry]];
      this.titleFirst[entry] = this.last[entry];
      for (; place < this.last[entry] && length < end; place += 1) {
        const begins = length + this.gaps[this.joint[place]].length;
        if (begins >= end) break;
        if (begins >= start && place < this.titleFirst[entry]) this.titleFirst[entry] = place;
        length = begins + this.words[this.at[place]].length;
      }
      this.titleLast[entry] = Math.max(place, this.titleFirst[entry]);
    }

    /** How many terms each text has, as scores count them. */
    readLengths(parts) {
      this.length = new Float64Array(this.count);
      let place = 0;
      for (const {
        lengths: { known, off },
      } of parts) {
        for (const by of signed(numbers(off))) {
          const entry = this.entryOf[place++];
          this.length[entry] = known[lowest(known, this.last[entry] - this.first[entry]) + by];
        }
      }
    }

    /** Of each word the places where it stands; of each place the entry that it lies in. */
    *locate() {
      this.entryAt = new Uint32Array(this.at.length);
      for (let entry = 0; entry < this.count; entry += 1)
        this.entryAt.fill(entry, this.first[entry], this.last[entry]);
      const counts = new Uint32Array(this.words.length);
      for (let place = 0; place < this.at.length; place += 1) counts[this.at[place]] += 1;
      yield;
      this.placesFrom = offsets(counts);
      const next = this.placesFrom.slice();
      this.places = new Uint32Array(this.at.length);
      for (let place = 0; place < this.at.length; place += 1) this.places[next[this.at[place]]++] = place;
    }

    placesOf(word) {
      return this.places.subarray(this.placesFrom[word], this.placesFrom[word + 1]);
    }

    /** What an occurrence weighs: in the title twice, beside its own place in the text. */
    weight(place, entry) {
      const inTitle = place >= this.titleFirst[entry] && place < this.titleLast[entry];
      return inTitle ? 3 - this.apart[entry] : 1;
    }

    languageOf(word) {
      return this.dictionaries.findLast(({ from }) => word >= from).language;
    }

    /** The folded form of every word. */
    get folded() {
      return (this.foldedWords ??= this.words.map(fold));
    }

    /** The words whose folded form begins with these letters. */
    beginning(letters) {
      if (!this.byLetters) {
        this.byLetters = new Map();
        this.folded.forEach((word, n) => {
          const key = word.slice(0, 2);
          const group = this.byLetters.get(key);
          if (group) group.push(n);
          else this.byLetters.set(key, [n]);
        });
      }
      if (letters.length >= 2) {
        return (this.byLetters.get(letters.slice(0, 2)) ?? []).filter((n) =>
          this.folded[n].startsWith(letters),
        );
      }
      return [...this.byLetters].flatMap(([key, group]) => (key.startsWith(letters) ? group : []));
    }

    /** The word at a place as it is written there. */
    written(place) {
      const word = this.words[this.at[place]];
      const way = WAYS[this.cases[this.joint[place]]];
      return way ? way(word) : word;
    }

    /** A stretch of places as text, with the gaps before and after it. */
    stretch(from, to, entry) {
      let text = "";
      for (let place = from; place < to; place += 1)
        text += this.gaps[this.joint[place]] + this.written(place);
      return text + this.gaps[to < this.last[entry] ? this.joint[to] : this.tail[entry]];
    }

    /** An entry's text, and where in it the word of each of its places begins. */
    text(entry) {
      const starts = [];
      let text = "";
      for (let place = this.first[entry]; place < this.last[entry]; place += 1) {
        text += this.gaps[this.joint[place]];
        starts.push(text.length);
        text += this.written(place);
      }
      return { text: text + this.gaps[this.tail[entry]], starts };
    }

    /** Characters [start, end) of the text that are the title. */
    titleSpan(entry, text) {
      if (this.titled.has(entry)) return this.titled.get(entry);
      const end = text.indexOf("\n");
      return [0, end < 0 ? text.length : end];
    }
  }

  /** The first place in an ascending list whose value is not below `value`. */
  const lowest = (list, value) => {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  relnotes.entries = { Entries, Column, numbers };
})();
