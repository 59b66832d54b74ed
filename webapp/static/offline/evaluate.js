/* Which entries match a plan, and how well?  Set algebra and BM25 over all entries at once, as the server's
   index/evaluate.py and index/postings.py. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { fold, tokens, whole, PART } = relnotes.analysis;

  const [B, K1] = [0.75, 1.2];
  const STEM_CHANGES = 3; // letters at the end of a stem that a word may spell otherwise
  const STEM_KEEPS = 2; // letters at its beginning that it does not

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
    constructor(entries, analysis) {
      Object.assign(this, { entries, analysis });
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
      return this.once(`term ${text}`, () =>
        this.scored(this.wordsOf(text).flatMap((word) => [...this.entries.placesOf(word)])),
      );
    }

    scored(places) {
      const { count, entryAt } = this.entries;
      const [weights, made] = [new Float64Array(count), new Matches(count)];
      for (const place of places) weights[entryAt[place]] += this.entries.weight(place, entryAt[place]);
      let holding = 0;
      for (const weight of weights) holding += weight > 0;
      const idf = Math.log(count / (holding + 1)) + 1;
      for (let n = 0; n < count; n += 1) {
        if (!weights[n]) continue;
        made.mask[n] = 1;
        made.score[n] = (idf * (K1 + 1) * weights[n]) / (weights[n] + this.norm[n]);
      }
      return made;
    }

    /** The words that become a term, each in its own language. */
    wordsOf(text) {
      return this.once(`words ${text}`, () => {
        const letters = text.slice(0, Math.max(STEM_KEEPS, text.length - STEM_CHANGES));
        const { entries, analysis } = this;
        return entries
          .beginning(letters)
          .filter((word) => analysis.variants(entries.words[word], entries.languageOf(word)).includes(text));
      });
    }

    /** Entries that hold a code-like token as a whole. */
    code({ text, parts }) {
      return this.once(`code ${text}`, () =>
        this.scored(this.codes(fold(parts[0]), (found) => found === text)),
      );
    }

    /** The places of the first words of code-like tokens that begin with this word and, whole, pass a test. */
    codes(first, passes) {
      const { entries } = this;
      return entries
        .beginning(first)
        .filter((word) => entries.folded[word] === first)
        .flatMap((word) => [...entries.placesOf(word)].filter((place) => passes(this.codeAt(place))));
    }

    /** The whole form of the code-like token that begins at a place; null where none does. */
    codeAt(place) {
      const { entries } = this;
      const entry = entries.entryAt[place];
      const joined = (at) => at < entries.last[entry] && entries.joins[entries.joint[at]];
      if (!joined(place + 1) || (place > entries.first[entry] && joined(place))) return null;
      let end = place + 1;
      while (joined(end)) end += 1;
      const found = tokens(entries.stretch(place, end, entry)).find((token) => token.parts.length > 1);
      return found ? whole(found.text) : null;
    }

    /** Entries with a word that begins so; each scores 1. */
    starts(prefix) {
      return this.once(`starts ${prefix}`, () => {
        const { entries } = this;
        const parts = prefix.match(PART) ?? [];
        const mask = new Uint8Array(entries.count);
        const mark = (place) => (mask[entries.entryAt[place]] = 1);
        if (parts.length === 1 && parts[0] === prefix) {
          for (const word of entries.beginning(prefix)) entries.placesOf(word).forEach(mark);
        } else if (parts.length) {
          this.codes(parts[0], (found) => found?.startsWith(prefix)).forEach(mark);
        }
        return this.constant(mask, 1);
      });
    }

    /** Entries where the slots stand at their distances; scored as if all slots were just words. */
    adjacent({ slots }) {
      return this.once(`adjacent ${JSON.stringify(slots)}`, () => {
        const { entries } = this;
        const made = new Matches(entries.count);
        for (const place of this.openings(slots)) made.mask[entries.entryAt[place]] = 1;
        for (const { terms } of slots) {
          const lists = terms.map((text) => this.term(text));
          for (let n = 0; n < entries.count; n += 1) {
            if (made.mask[n]) made.score[n] += Math.max(...lists.map((one) => one.score[n]));
          }
        }
        return made;
      });
    }

    /** The places where the first slot stands and the others follow. */
    openings([opening, ...others]) {
      const { entries } = this;
      const follows = others.map((slot) => ({ distance: slot.distance, words: this.wordsOfAny(slot.terms) }));
      return [...this.wordsOfAny(opening.terms)].flatMap((word) =>
        [...entries.placesOf(word)].filter((place) => follows.every((slot) => this.stands(slot, place))),
      );
    }

    stands({ distance, words }, place) {
      const { entries } = this;
      const entry = entries.entryAt[place];
      const [at, end] = [place + distance, entries.titleLast[entry]];
      if (at >= entries.last[entry] || !words.has(entries.at[at])) return false;
      return !(entries.apart[entry] && place < end && at >= end);
    }

    wordsOfAny(terms) {
      return new Set(terms.flatMap((text) => this.wordsOf(text)));
    }

    once(key, make) {
      if (!this.kept.has(key)) this.kept.set(key, make());
      return this.kept.get(key);
    }
  }

  relnotes.evaluate = { Evaluator, Matches };
})();
