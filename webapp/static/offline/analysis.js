/* Which terms does a text hold?  The analysis of the server's index (index/analysis.py, index/words.py) in the
   browser: accents folded, elisions dropped, words stemmed by the Snowball stemmers, code-like tokens whole and
   by part. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});

  const TOKEN =
    /\/?\{?[\p{L}\p{N}_\u0300-\u036f]+(?:[\]})]{0,2}[/.[{+&-]{1,3}[\p{L}\p{N}_\u0300-\u036f]+)*[\]}]{0,2}/gu;
  const PART = /[\p{L}\p{N}][\p{L}\p{N}\u0300-\u036f]*/gu;
  const WORD = /[\p{L}\p{N}]+/gu;
  const APOSTROPHES = "'’ʼ";
  const STEM_CHANGES = 3; // letters at the end of a stem that a word may spell otherwise
  const STEM_KEEPS = 2; // letters at its beginning that it does not
  const SUFFIXES = new Set(["s", "t", "d", "m", "ll", "re", "ve"]);
  const LETTER = /^\p{L}/u;
  const PLAIN = /^[\x00-\x7f]*$/;
  const SPECIAL = { ß: "ss", œ: "oe", æ: "ae", ø: "o", ł: "l", ς: "σ", "’": "'", ʼ: "'", "\xa0": " " };
  const STEMMERS = {
    ar: "arabic",
    ca: "catalan",
    cs: "czech",
    da: "danish",
    de: "german",
    en: "english",
    es: "spanish",
    eu: "basque",
    fi: "finnish",
    fr: "french",
    ga: "irish",
    hu: "hungarian",
    hy: "armenian",
    it: "italian",
    nl: "dutch",
    no: "norwegian",
    pt: "portuguese",
    ro: "romanian",
    ru: "russian",
    sv: "swedish",
    tr: "turkish",
  };

  /** Lower case without accents: "Détails" and "details" are the same. */
  const fold = (text) => {
    if (PLAIN.test(text)) return text.toLowerCase();
    const lowered = text.toLowerCase().replace(/[ßœæøłς’ʼ\xa0]/g, (char) => SPECIAL[char]);
    return PLAIN.test(lowered) ? lowered : lowered.normalize("NFKD").replace(/\p{Mn}/gu, "");
  };

  /** The folded words of a text. */
  const words = (text) => fold(text).match(WORD) ?? [];

  /** How names are compared. */
  const nameKey = (name) => words(name).join(" ");

  /** The tokens {text, start, end, parts} of a text, without elided articles and without 's, 't, 'll. */
  const tokens = (text) => {
    const made = [];
    for (const found of text.matchAll(TOKEN)) {
      const parts = found[0].match(PART);
      const [start, end] = [found.index, found.index + found[0].length];
      if (parts && !isElided(text, start, end)) made.push({ text: found[0], start, end, parts });
    }
    return made;
  };

  /** The words {text, start, end} of a text's tokens. */
  const parts = (text) => {
    const made = [];
    for (const token of tokens(text)) {
      if (token.parts[0].length === token.text.length) made.push(token);
      else for (const found of token.text.matchAll(PART)) made.push(placed(found, token.start));
    }
    return made;
  };

  const placed = ({ 0: text, index }, from) => ({ text, start: from + index, end: from + index + text.length });

  /** A word as dictionaries spell it. */
  const lowered = (word) => {
    const made = word.toLowerCase();
    return PLAIN.test(made) ? made : made.normalize("NFC");
  };

  const isElided = (text, start, end) => {
    const word = text.slice(start, end).toLowerCase();
    if (
      end < text.length - 1 &&
      APOSTROPHES.includes(text[end]) &&
      LETTER.test(text.slice(end + 1, end + 3))
    ) {
      return word.length <= 2 || word.endsWith("qu") || word.endsWith("ll");
    }
    const after = start > 1 && APOSTROPHES.includes(text[start - 1]) && LETTER.test(text[start - 2]);
    return after && SUFFIXES.has(word);
  };

  /** The letters that every word of a term begins with, folded. */
  const stemLetters = (term) => term.slice(0, Math.max(STEM_KEEPS, term.length - STEM_CHANGES));

  /** The term of a code-like token as a whole. */
  const whole = (token) => fold(token).replace(/^\/+/, "");

  /** Makes terms of words, language by language; `stop` has the words too common to search for. */
  class Analysis {
    constructor(languages, stop) {
      this.languages = languages;
      this.kept = languages.map(() => new Map());
      this.stop = languages.map((lang) => new Set((stop[lang] ?? "").split(" ")));
      this.stemmers = languages.map((lang) => stemmer(lang));
    }

    /** The terms of one word in the language of this number: none for a stop word, often one, at most two. */
    variants(word, language) {
      const kept = this.kept[language];
      let made = kept.get(word);
      if (made === undefined) kept.set(word, (made = this.analysed(word, language)));
      return made;
    }

    analysed(word, language) {
      const [lower, folded] = [lowered(word), fold(word)];
      if (this.stop[language].has(lower) || this.stop[language].has(folded)) return [];
      const stem = this.stemmers[language];
      return lower === folded ? [stem(lower)].map(fold) : distinct([fold(stem(lower)), stem(folded)]);
    }

    /** The terms of a word in all languages; none where one of them finds it too common. */
    terms(word) {
      const found = this.languages.map((_, language) => this.variants(word, language));
      return found.every((terms) => terms.length) ? distinct(found.flat()) : [];
    }
  }

  const stemmer = (lang) => {
    const made = Object.hasOwn(STEMMERS, lang)
      ? globalThis.snowballFactory?.newStemmer(STEMMERS[lang])
      : null;
    return made ? (word) => made.stem(word) : (word) => word;
  };

  const distinct = (values) => [...new Set(values)];

  relnotes.analysis = {
    Analysis,
    fold,
    words,
    nameKey,
    tokens,
    parts,
    lowered,
    stemLetters,
    whole,
    distinct,
    PART,
  };
})();
