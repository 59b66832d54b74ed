/* What do the entries say?  The data file of the site, read: texts, words and where they stand, dates, facets.
   The file's format is that of webapp/offline.py, index/forward.py and index/packing.py. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { fold } = relnotes.analysis;

  const ALPHABET = Array.from({ length: 92 }, (_, n) => String.fromCharCode(35 + n)).filter((c) => !"<\\".includes(c));
  const DIGIT = new Uint8Array(128);
  ALPHABET.forEach((char, n) => (DIGIT[char.charCodeAt(0)] = n));
  const VERSION = 1;
  const STOPPERS = 60;
  const CONTINUERS = ALPHABET.length - STOPPERS;
  const BASE = 64;
  const KEPT = new Int8Array(128).fill(-1);
  [..." !#$%&'()*+,-./:;=>?@[]^_`{|}~"].forEach((char, n) => (KEPT[char.charCodeAt(0)] = n));
  const [LOWER, CAPITAL, UPPER, END] = [1, 2, 3, 4];
  const [FIRST_LINE, WITHIN, APART] = [0, 1, 2];
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

  /** The words of a front-coded dictionary. */
  const dictionary = (text) => {
    const made = [];
    let before = "";
    for (let at = 0; at < text.length; ) {
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

    /** A column from one value, or null, an entry. */
    static single(values) {
      const known = [...new Set(values.filter((value) => value !== null))].sort();
      const codeOf = new Map(known.map((value, code) => [value, code]));
      const having = values.filter((value) => value !== null);
      const starts = offsets(values.map((value) => (value === null ? 0 : 1)));
      return new Column(known, starts, Uint16Array.from(having, (value) => codeOf.get(value)));
    }

    of(entry) {
      return [...this.codes.subarray(this.starts[entry], this.starts[entry + 1])].map((code) => this.values[code]);
    }

    /** Which entries have one of the values. */
    having(values) {
      const wanted = new Uint8Array(this.values.length);
      for (const value of values) if (this.codeOf.has(value)) wanted[this.codeOf.get(value)] = 1;
      const mask = new Uint8Array(this.starts.length - 1);
      for (let entry = 0; entry < mask.length; entry += 1) {
        for (let at = this.starts[entry]; at < this.starts[entry + 1]; at += 1) mask[entry] |= wanted[this.codes[at]];
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

  /** All entries, newest first, by number.  Words have numbers through all languages, and every word of every
      text a place: those of entry n are first[n] … last[n] - 1. */
  class Entries {
    constructor(data) {
      if (data.version !== VERSION) throw new Error("the search's data are of another version");
      this.count = data.count;
      this.languages = data.languages;
      this.stop = data.stop;
      this.aliases = data.aliases;
      const size = data.count ? data.ids.length / data.count : 0;
      this.ids = data.ids.includes(" ") ? data.ids.split(" ") : Array.from({ length: data.count }, (_, n) => data.ids.slice(n * size, (n + 1) * size));
      this.language = numbers(data.columns.lang);
      this.gone = numbers(data.columns.gone);
      this.markdown = numbers(data.columns.markdown);
      this.readDays(data.days);
      this.readWindows(data.windows);
      this.readFacets(data);
      this.readTexts(data.texts);
      this.readTitles(data.titles);
      this.readLengths(data.lengths);
      this.locate();
    }

    readDays(days) {
      this.when = numbers(days.kinds);
      this.day = signed(numbers(days.middles));
      for (let n = 1; n < this.count; n += 1) this.day[n] += this.day[n - 1];
      for (let n = 0; n < this.count; n += 1) this.day[n] -= EPOCH; // days since 1970
      const [before, after] = [numbers(days.before), numbers(days.after)];
      this.span = new Map([...this.when.keys()].filter((n) => this.when[n] === 4).map((n, at) => [n, [this.day[n] - before[at], this.day[n] + after[at]]]));
    }

    /** Windows as [start, end] in minutes since 1970, UTC. */
    readWindows(windows) {
      const starts = offsets(numbers(windows.counts));
      const [from, length] = [signed(numbers(windows.starts)), numbers(windows.lengths)];
      this.windows = (entry) =>
        Array.from({ length: starts[entry + 1] - starts[entry] }, (_, n) => {
          const start = this.day[entry] * MINUTES + from[starts[entry] + n];
          return [start, start + length[starts[entry] + n]];
        });
    }

    readFacets(data) {
      const column = (name) => numbers(data.columns[name]);
      const named = ({ values, counts, codes }) => new Column(values, offsets(numbers(counts)), numbers(codes));
      this.folders = Object.fromEntries(Object.entries(data.names).map(([facet, { folders }]) => [facet, new Map(Object.entries(folders))]));
      const years = [...this.day].map((day, n) => (this.when[n] ? new Date(day * 864e5).getUTCFullYear() : null));
      this.status = [...column("status")].map((code) => (code ? data.states[code - 1] : null));
      this.facets = {
        type: Column.single([...column("type")].map((code) => data.types[code])),
        product: named(data.names.product),
        endpoint: named(data.names.endpoint),
        param: named(data.names.param),
        lang: Column.single([...this.language].map((code) => data.languages[code])),
        year: Column.single(years.map((year) => year && String(year).padStart(4, "0"))),
        status: states(this.status, this.gone),
      };
    }

    /** Where below its facet's folder the listing of a value lies, as part of an address. */
    folder(facet, value) {
      const name = this.folders[facet].get(value) ?? value;
      return name.split("/").map(encodeURIComponent).join("/");
    }

    readTexts(texts) {
      const sizes = texts.map((text) => text.sequence.heads.length);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      this.at = new Uint32Array(total); // the word at each place
      this.joint = new Uint32Array(total); // what stands before it
      [this.first, this.last] = [new Uint32Array(this.count), new Uint32Array(this.count)];
      this.tail = new Uint32Array(this.count); // the joint after the last word
      [this.words, this.gaps, this.cases, this.firstWord] = [[], [], [], []];
      let from = 0;
      texts.forEach((text, language) => {
        this.firstWord.push(this.words.length);
        sequence(text.sequence, this.at, from, this.words.length);
        this.readJoints(text, language, from);
        this.words = this.words.concat(dictionary(text.words));
        from += sizes[language];
      });
      this.firstWord.push(this.words.length);
      this.joins = this.gaps.map((gap) => JOINT.test(gap)); // one code-like token with the word before
    }

    readJoints(text, language, from) {
      const [base, cases] = [this.gaps.length, numbers(text.cases)];
      const usual = text.gaps.findIndex((gap, n) => gap === " " && cases[n] === 0);
      this.joint.fill(base + Math.max(usual, 0), from, from + text.sequence.heads.length);
      const own = [...this.language.keys()].filter((n) => this.language[n] === language);
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

    readTitles(titles) {
      const [starts, sizes] = [numbers(titles.starts), numbers(titles.sizes)];
      this.labels = titles.labels;
      const places = numbers(titles.places);
      this.heading = places.map((place) => (place >= 3 ? 1 : 0));
      this.apart = places.map((place) => (place % 3 === APART ? 1 : 0));
      [this.titleFirst, this.titleLast] = [this.first.slice(), this.first.slice()]; // places of the title's words
      this.titled = new Map(); // entry → characters [start, end) where that is not its first line
      let within = 0;
      for (let entry = 0; entry < this.count; entry += 1) {
        if (places[entry] % 3 === WITHIN) {
          const end = starts[within] + sizes[within];
          this.titled.set(entry, [starts[within++], end]);
          this.findTitle(entry);
        } else {
          this.titleLast[entry] = this.lineEnd(entry);
        }
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

    readLengths({ known, off }) {
      const guess = (words) => {
        let [low, high] = [0, known.length];
        while (low < high) {
          const middle = (low + high) >> 1;
          if (known[middle] < words) low = middle + 1;
          else high = middle;
        }
        return low;
      };
      const apart = signed(numbers(off));
      this.length = Float64Array.from(apart, (by, n) => known[guess(this.last[n] - this.first[n]) + by]);
    }

    /** Of each word the places where it stands; of each place the entry that it lies in. */
    locate() {
      this.entryAt = new Uint32Array(this.at.length);
      for (let entry = 0; entry < this.count; entry += 1) this.entryAt.fill(entry, this.first[entry], this.last[entry]);
      const counts = new Uint32Array(this.words.length);
      for (let place = 0; place < this.at.length; place += 1) counts[this.at[place]] += 1;
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
      let language = 0;
      while (word >= this.firstWord[language + 1]) language += 1;
      return language;
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
        return (this.byLetters.get(letters.slice(0, 2)) ?? []).filter((n) => this.folded[n].startsWith(letters));
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
      for (let place = from; place < to; place += 1) text += this.gaps[this.joint[place]] + this.written(place);
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

  /** An entry may be both cancelled and gone. */
  const states = (status, gone) => {
    const known = [...new Set([...status.filter(Boolean), ...(gone.includes(1) ? ["gone"] : [])])].sort();
    const each = status.map((state, n) => [...(state ? [state] : []), ...(gone[n] ? ["gone"] : [])]);
    const codes = Uint16Array.from(each.flat(), (state) => known.indexOf(state));
    return new Column(known, offsets(each.map((list) => list.length)), codes);
  };

  relnotes.entries = { Entries, Column, numbers };
})();
