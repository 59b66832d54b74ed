/* What is found, and in which order?  A request in, a page of entries, counts and hints out, as index/search.py.

   A request is {text, filters, since, until, sort, limit, offset}: filters by facet, days in ISO form, sort
   "relevance" or "date". */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { Analysis, fold, words, distinct } = relnotes.analysis;
  const { parse, wordsOf, FACETS } = relnotes.query;
  const { Planner, EVERYTHING, tagsFor, named, wanted } = relnotes.plan;

  const NAMED = ["product", "endpoint", "param"];
  const LABELS = ["type", "status", "year"];
  const FACET_LIMIT = 25; // values of a facet that a page counts: the most frequent, and the selected ones
  const MAX_SUGGESTIONS = 3;
  const MAX_CANDIDATES = 5;
  const DAY = 864e5; // milliseconds

  /** Answers requests over all entries. */
  class Searcher {
    /** `load` loads the file of texts of a name. */
    constructor(entries, load) {
      this.entries = entries;
      this.analysis = new Analysis(entries.languages, entries.stop);
      this.texts = new relnotes.texts.Texts(entries, entries.letters, load);
      this.evaluator = new relnotes.evaluate.Evaluator(entries, this.texts, this.analysis);
      this.values = named(entries.facets, FACETS, entries.aliases);
      const called = (facets) => named(entries.facets, facets, entries.aliases);
      this.planner = new Planner(this.analysis, called(NAMED), called(LABELS), this.values);
      this.near = new Map();
    }

    /** What is found, and the texts of its hits are there. */
    async search(request) {
      for (;;) {
        const found = new Search(this, request).found();
        for (const { entry } of found.hits) this.texts.of(entry);
        if (!this.texts.wanted.size) return found;
        await this.texts.arrived();
      }
    }

    /** Known words within one edit, or two for words of six letters on; nearest, most frequent first. */
    spelled(word) {
      if (!this.near.has(word)) this.near.set(word, this.nearly(fold(word)));
      return this.near.get(word);
    }

    nearly(folded) {
      const { entries } = this;
      const reach = folded.length < 3 ? 0 : folded.length < 6 ? 1 : 2;
      const ranked = new Map();
      for (const letter of distinct([...folded.slice(0, 2)])) {
        for (const word of entries.beginning(letter)) {
          const key = word.folded;
          if (word.isCode || /^\p{N}+$/u.test(key)) continue;
          const steps = distance(folded, key, reach);
          if (steps > reach) continue;
          const written = word.text;
          const known = ranked.get(written) ?? { steps, other: key[0] !== folded[0], frequency: 0, written };
          known.frequency += word.count;
          ranked.set(written, known);
        }
      }
      const by = (a, b) =>
        a.steps - b.steps ||
        a.other - b.other ||
        b.frequency - a.frequency ||
        (a.written < b.written ? -1 : 1);
      return [...ranked.values()]
        .sort(by)
        .slice(0, MAX_CANDIDATES)
        .map((one) => one.written);
    }

    /** Whether some entry holds the word in any inflection; common words count as known. */
    knows(word) {
      const terms = this.analysis.terms(word);
      return !terms.length || terms.some((text) => this.evaluator.wordsOf(text).length);
    }
  }

  /** One request. */
  class Search {
    constructor(searcher, request) {
      Object.assign(this, {
        searcher,
        request,
        entries: searcher.entries,
        suggestions: [],
        plan: EVERYTHING,
      });
      this.query = parse(request.text);
      this.hints = [...this.query.hints];
      this.standIn = []; // what is shown instead, where a filter leaves any of it
    }

    found() {
      const [matches, filters] = [this.matches(), this.filters()];
      const said = this.within(matches.mask, this.query.since, this.query.until);
      const dated = this.within(said, this.request.since, this.request.until);
      const inside = Object.entries(filters).map(([facet, values]) => [
        facet,
        this.entries.facets[facet].having(values),
      ]);
      const passing = every(
        dated,
        inside.map(([, mask]) => mask),
      );
      const order = this.ordered(passing, matches.score);
      const { offset, limit } = this.request;
      return {
        hits: order.slice(offset, offset + limit).map((entry) => ({ entry, score: matches.score[entry] })),
        total: order.length,
        facets: this.facets(dated, inside, passing, filters),
        months: this.months(
          every(
            said,
            inside.map(([, mask]) => mask),
          ),
        ),
        filters,
        wanted: wanted(this.plan),
        suggestions: this.suggestions,
        hints: this.told(order.length > 0),
      };
    }

    /** The hints, each once; what is shown instead only where there is any of it. */
    told(any) {
      const hints = any ? [...this.hints, ...this.standIn] : this.hints;
      return [...new Map(hints.map((hint) => [JSON.stringify(hint), hint])).values()];
    }

    hint(code, values = {}) {
      this.hints.push({ code, values });
    }

    // -- words

    matches() {
      if (!this.query.root) return this.evaluated(null);
      const found = this.evaluated(this.query.root);
      if (this.plan === EVERYTHING) this.hint("common");
      return found.total ? found : this.secondTry(found);
    }

    evaluated(node) {
      this.plan = this.searcher.planner.plan(node) ?? EVERYTHING;
      return this.searcher.evaluator.evaluate(this.plan);
    }

    /** Nothing was found: try what the last word begins, then nearly the same words, then some of the words. */
    secondTry(nothing) {
      const begun = begunBy(this.query.root);
      let found = begun ? this.evaluated(begun.root) : nothing;
      if (found.total) {
        this.standIn = [{ code: "begun", values: { word: begun.text } }];
        return found;
      }
      this.suggestions = this.corrections();
      for (const text of this.suggestions.slice(0, 1)) {
        found = this.evaluated(parse(text).root);
        if (found.total) {
          this.standIn = [{ code: "instead", values: { query: text } }];
          return found;
        }
      }
      const some = relaxed(this.query.root);
      found = some ? this.evaluated(some) : nothing;
      if (found.total) this.standIn = [{ code: "some", values: {} }];
      return found;
    }

    /** The query with each unknown word replaced by a known one that is spelt nearly so, best first. */
    corrections() {
      const said = distinct(wordsOf(this.query.root).flatMap((node) => words(node.text)));
      const near = said
        .filter((word) => !this.searcher.knows(word))
        .map((word) => [word, this.searcher.spelled(word)])
        .filter(([, found]) => found.length);
      const most = Math.max(0, ...near.map(([, found]) => found.length));
      const made = Array.from({ length: most }, (_, rank) =>
        replaced(
          this.request.text,
          new Map(near.map(([word, found]) => [word, found[Math.min(rank, found.length - 1)]])),
        ),
      );
      return distinct(made).slice(0, MAX_SUGGESTIONS);
    }

    // -- filters

    /** The values asked for, by facet, as the entries spell them; unknown ones stay as they are. */
    filters() {
      const asked = {};
      for (const given of [this.query.filters, this.request.filters ?? {}]) {
        for (const [facet, values] of Object.entries(given)) {
          (asked[facet] ??= []).push(...values.flatMap((value) => this.known(facet, value)));
        }
      }
      return Object.fromEntries(Object.entries(asked).map(([facet, values]) => [facet, distinct(values)]));
    }

    known(facet, value) {
      const tags = tagsFor(this.searcher.values, facet, value);
      if (tags.length) return tags.map(([, found]) => found);
      this.hint("unknown", { name: facet, value });
      return [value];
    }

    within(mask, since, until) {
      if (!since && !until) return mask;
      const low = since ? Date.parse(since) / DAY : -Infinity;
      const high = until ? Date.parse(until) / DAY : Infinity;
      const { day, when } = this.entries;
      return mask.map((one, n) => one && when[n] && day[n] >= low && day[n] <= high);
    }

    // -- counts

    /** The most frequent values of each facet, of years the latest; a facet's counts leave out its own filter. */
    facets(dated, inside, passing, filters) {
      const made = {};
      for (const facet of FACETS) {
        const others = inside.filter(([name]) => name !== facet).map(([, mask]) => mask);
        const column = this.entries.facets[facet];
        const counts = column.counts(facet in filters ? every(dated, others) : passing);
        made[facet] = this.listed(facet, column, counts, new Set(filters[facet] ?? []));
      }
      return made;
    }

    listed(facet, column, counts, selected) {
      const codes = [...counts.keys()].filter((code) => counts[code]);
      codes.sort(facet === "year" ? (a, b) => b - a : (a, b) => counts[b] - counts[a] || a - b);
      const value = (code) => ({
        value: column.values[code],
        count: counts[code],
        selected: selected.has(column.values[code]),
      });
      const shown = codes.slice(0, FACET_LIMIT).map(value);
      const missing = [...selected].filter((one) => !shown.some((known) => known.value === one));
      return [
        ...shown,
        ...missing.map((one) => ({ value: one, count: counts[column.codeOf.get(one)] ?? 0, selected: true })),
      ];
    }

    /** How many entries fall into each month (`2022-04`), earliest first. */
    months(mask) {
      const { month, when } = this.entries;
      const counts = new Map();
      for (let n = mask.length - 1; n >= 0; n -= 1)
        if (mask[n] && when[n]) counts.set(month[n], (counts.get(month[n]) ?? 0) + 1);
      const named = ([since, count]) => [new Date(Date.UTC(1970, since)).toISOString().slice(0, 7), count];
      return Object.fromEntries([...counts].sort(([a], [b]) => a - b).map(named));
    }

    // -- order

    /** Entries are numbered newest first, which is the order by date and breaks ties of relevance. */
    ordered(mask, score) {
      const found = [...mask.keys()].filter((n) => mask[n]);
      const byDate = this.request.sort === "date" || this.plan === EVERYTHING;
      return byDate ? found : found.sort((a, b) => score[b] - score[a] || a - b);
    }
  }

  const every = (mask, others) =>
    others.length ? mask.map((one, n) => one && others.every((other) => other[n])) : mask;

  /** The same query with its last word as the beginning of one; null where it does not end in a plain word. */
  const begunBy = (root) => {
    const nodes = root.kind === "and" ? root.nodes : [root];
    const last = nodes.at(-1);
    if (last.kind !== "word" || words(last.text).join("").length < 2) return null;
    const made = [...nodes.slice(0, -1), { kind: "prefix", text: last.text }];
    return { root: made.length > 1 ? { kind: "and", nodes: made } : made[0], text: last.text };
  };

  const replaced = (text, choice) =>
    text.replace(/[\p{L}\p{N}]+/gu, (word) => choice.get(word) ?? choice.get(fold(word)) ?? word);

  /** Some of the words instead of all; null where there is nothing to relax. */
  const relaxed = (root) => {
    const nodes = root.kind === "and" ? root.nodes : root.kind === "phrase" ? [root] : [];
    const dropped = nodes.filter((node) => node.kind === "not");
    const loose = nodes.filter((node) => node.kind !== "not").flatMap(loosened);
    if (loose.length < 2) return null;
    const some = { kind: "or", nodes: loose };
    return dropped.length ? { kind: "and", nodes: [some, ...dropped] } : some;
  };

  const loosened = (node) =>
    node.kind === "phrase"
      ? node.text
          .split(/\s+/u)
          .filter(Boolean)
          .map((text) => ({ kind: "word", text }))
      : [node];

  /** Edits (insert, delete, replace, swap neighbours) from a to b; limit + 1 where there are more. */
  const distance = (a, b, limit) => {
    if (Math.abs(a.length - b.length) > limit) return limit + 1;
    let [before, previous, row] = [[], [], Array.from({ length: b.length + 1 }, (_, n) => n)];
    for (let i = 1; i <= a.length; i += 1) {
      [before, previous, row] = [previous, row, [i]];
      for (let j = 1; j <= b.length; j += 1) {
        let cost = Math.min(
          previous[j] + 1,
          row[j - 1] + 1,
          previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1),
        );
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
          cost = Math.min(cost, before[j - 2] + 1);
        row.push(cost);
      }
      if (Math.min(...row) > limit) return limit + 1;
    }
    return Math.min(row.at(-1), limit + 1);
  };

  relnotes.search = { Searcher, distance };
})();
