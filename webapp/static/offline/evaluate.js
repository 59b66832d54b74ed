/* Which entries match a plan, and how well?  Set algebra and BM25 over all entries at once, as the server's
   index/evaluate.py and index/postings.py. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { stemLetters, PART } = relnotes.analysis;

  const [B, K1] = [0.75, 1.2];

  /** Entries that match (mask[n] is 1) and their scores. */
  class Matches {
    constructor(count) {
      this.mask = new Uint8Array(count);
      this.score = new Float32Array(count);
    }

    get total() {
      let total = 0;
      for (const one of this.mask) total += one;
      return total;
    }
  }

  class Evaluator {
    constructor(entries, texts, analysis) {
      Object.assign(this, { entries, texts, analysis });
      this.kept = new Map();
      const { length, count } = entries;
      const average = length.reduce((sum, one) => sum + one, 0) / (count || 1) || 1;
      this.norm = length.map((one) => K1 * (1 - B + (B * one) / average));
    }

    evaluate(plan) {
      switch (plan.kind) {
        case "term":
          return this.term(plan.text);
        case "code":
          return this.code(plan);
        case "adjacent":
          return this.adjacent(plan);
        case "starts":
          return this.starts(plan.prefix);
        case "tagged":
          return this.tagged(plan);
        case "everything":
          return this.constant(new Uint8Array(this.entries.count).fill(1), 0);
        case "all":
          return this.all(plan.parts.map((part) => this.evaluate(part)));
        case "any":
          return this.any(
            plan.parts.map((part) => this.evaluate(part)),
            (a, b) => a + b,
          );
        case "best":
          return this.any(
            plan.parts.map((part) => this.evaluate(part)),
            Math.max,
          );
        case "preferring":
          return this.lifted(this.evaluate(plan.keep), plan);
        case "without":
          return this.without(this.evaluate(plan.keep), this.evaluate(plan.drop));
      }
    }

    all(lists) {
      const made = new Matches(this.entries.count);
      for (let n = 0; n < this.entries.count; n += 1) {
        if (!lists.every((one) => one.mask[n])) continue;
        made.mask[n] = 1;
        for (const one of lists) made.score[n] += one.score[n];
      }
      return made;
    }

    any(lists, combine) {
      const made = new Matches(this.entries.count);
      for (const one of lists) {
        for (let n = 0; n < this.entries.count; n += 1) {
          if (!one.mask[n]) continue;
          made.score[n] = made.mask[n] ? combine(made.score[n], one.score[n]) : one.score[n];
          made.mask[n] = 1;
        }
      }
      return made;
    }

    without(keep, drop) {
      const made = new Matches(this.entries.count);
      made.score.set(keep.score);
      made.mask.set(keep.mask.map((one, n) => one && !drop.mask[n]));
      return made;
    }

    /** All that was found; those with the tag score so much more. */
    lifted(found, { tag: [facet, value], score }) {
      const made = new Matches(this.entries.count);
      const tagged = this.entries.facets[facet].having([value]);
      made.mask.set(found.mask);
      for (let n = 0; n < made.mask.length; n += 1) made.score[n] = found.score[n] + (tagged[n] ? score : 0);
      return made;
    }

    constant(mask, score) {
      const made = new Matches(this.entries.count);
      made.mask.set(mask);
      for (let n = 0; n < mask.length; n += 1) made.score[n] = mask[n] * score;
      return made;
    }

    tagged({ tags, score }) {
      const mask = new Uint8Array(this.entries.count);
      for (const [facet, value] of tags) {
        this.entries.facets[facet].having([value]).forEach((one, n) => (mask[n] |= one));
      }
      return this.constant(mask, score);
    }

    /** Entries whose text holds a term, scored by BM25. */
    term(text) {
      return this.once(`term ${text}`, () => this.scored(this.wordsOf(text)));
    }

    scored(words) {
      const { count } = this.entries;
      const [total, made] = [new Float64Array(count), new Matches(count)];
      for (const word of words) {
        const { entries, weights } = word.dictionary.postings(word);
        for (let at = 0; at < entries.length; at += 1) total[entries[at]] += weights[at];
      }
      let holding = 0;
      for (const weight of total) holding += weight > 0;
      const idf = Math.log(count / (holding + 1)) + 1;
      for (let n = 0; n < count; n += 1) {
        if (!total[n]) continue;
        made.mask[n] = 1;
        made.score[n] = (idf * (K1 + 1) * total[n]) / (total[n] + this.norm[n]);
      }
      return made;
    }

    /** The words that become a term, each in its own language. */
    wordsOf(text) {
      return this.once(`words ${text}`, () =>
        this.entries
          .beginning(stemLetters(text))
          .filter((word) => !word.isCode && this.analysis.variants(word.text, word.language).includes(text)),
      );
    }

    /** Entries that hold a code-like token as a whole. */
    code({ text }) {
      return this.once(`code ${text}`, () =>
        this.scored(this.entries.beginning(text).filter((word) => word.isCode && word.text === text)),
      );
    }

    /** Entries with a word or code-like token that begins so; each scores 1. */
    starts(prefix) {
      return this.once(`starts ${prefix}`, () => {
        const mask = new Uint8Array(this.entries.count);
        const words = prefix.match(PART) ? this.entries.beginning(prefix) : [];
        for (const word of words) for (const entry of word.dictionary.postings(word).entries) mask[entry] = 1;
        return this.constant(mask, 1);
      });
    }

    /** Entries where the slots stand at their distances; scored as if all slots were just words.  As long as texts
        are yet to be loaded, all entries with these words. */
    adjacent({ slots }) {
      const key = `adjacent ${JSON.stringify(slots)}`;
      if (this.kept.has(key)) return this.kept.get(key);
      const made = this.all(slots.map(({ terms }) => this.anyOf(terms)));
      const found = [...made.mask.keys()].filter((entry) => made.mask[entry]);
      if (found.filter((entry) => !this.texts.of(entry)).length) return made;
      for (const entry of found)
        if (!this.phrases(entry, slots).length) made.mask[entry] = made.score[entry] = 0;
      this.kept.set(key, made);
      return made;
    }

    anyOf(terms) {
      return this.any(
        terms.map((text) => this.term(text)),
        Math.max,
      );
    }

    /** Where in an entry's text the slots stand at their distances, as slices [start, end]. */
    phrases(entry, slots) {
      return this.texts.phrases(entry, slots, (terms, language) => this.formsOf(terms, language));
    }

    formsOf(terms, language) {
      return this.once(`forms ${language} ${terms.join(" ")}`, () => {
        const words = terms.flatMap((text) => this.wordsOf(text));
        return new Set(words.filter((word) => word.language === language).map((word) => word.text));
      });
    }

    once(key, make) {
      if (!this.kept.has(key)) this.kept.set(key, make());
      return this.kept.get(key);
    }
  }

  relnotes.evaluate = { Evaluator, Matches };
})();
