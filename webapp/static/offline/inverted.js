/* Which entries hold which word?  The postings of index/inverted.py: a block of words is read when a word of it is
   asked for, its postings when one of them is wanted. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { fold } = relnotes.analysis;
  const { numbers, words, offsets } = relnotes.packing;

  const CODE = /[/.[{+&_-]/; // stands in every code-like token and in no word

  /** The words of one language in one part.  `own` are the entries of its texts, in their order. */
  class Dictionary {
    constructor(coded, language, own) {
      Object.assign(this, { coded, language, own });
      this.blocks = new Array(coded.words.length);
      this.read = new Array(coded.words.length);
    }

    /** The words and code-like tokens whose folded form begins with these letters, each {text, folded, language,
        isCode, count, block, at}. */
    beginning(letters) {
      const found = [];
      for (let n = this.opening(letters); n < this.blocks.length; n += 1) {
        for (const word of this.block(n)) {
          if (word.folded.startsWith(letters)) found.push(word);
          else if (word.folded > letters) return found;
        }
      }
      return found;
    }

    /** The last block that begins before these letters, or the first. */
    opening(letters) {
      let [low, high] = [0, this.blocks.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.head(middle) < letters) low = middle + 1;
        else high = middle;
      }
      return Math.max(0, low - 1);
    }

    head(n) {
      const text = this.coded.words[n];
      return fold(text.slice(1, text.indexOf(" ")));
    }

    block(n) {
      return (this.blocks[n] ??= this.decoded(n));
    }

    decoded(n) {
      const counts = numbers(this.coded.counts[n]);
      return words(this.coded.words[n]).map((text, at) => ({
        text,
        folded: fold(text),
        isCode: CODE.test(text),
        language: this.language,
        count: counts[at] + 1,
        dictionary: this,
        block: n,
        at,
      }));
    }

    /** The entries with a word, ascending, and what it weighs in each. */
    postings({ block, at }) {
      const { starts, entries, weights } = (this.read[block] ??= this.decodedPostings(block));
      const [from, to] = [starts[at], starts[at + 1]];
      return { entries: entries.subarray(from, to), weights: weights.subarray(from, to) };
    }

    decodedPostings(n) {
      const starts = offsets(this.block(n).map((word) => word.count));
      const gaps = numbers(this.coded.postings[n]);
      const more = numbers(this.coded.weights[n]);
      const entries = new Uint32Array(gaps.length);
      const weights = new Uint32Array(gaps.length).fill(1);
      let heavy = 0;
      for (let word = 0; word + 1 < starts.length; word += 1) {
        let text = -1;
        for (let at = starts[word]; at < starts[word + 1]; at += 1) {
          text += 1 + (gaps[at] >> 1);
          entries[at] = this.own[text];
          if (gaps[at] & 1) weights[at] = more[heavy++] + 2;
        }
      }
      return { starts, entries, weights };
    }
  }

  relnotes.inverted = { Dictionary };
})();
