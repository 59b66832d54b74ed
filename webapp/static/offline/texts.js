/* What do the entries say?  Texts lie in many small files, which are loaded when one of theirs is wanted.

   A text is {text, title: [start, end], apart, heading, markdown, label}: `apart` where the title is a line of its
   own put before the text, `heading` where it is one, `label` what an entry without a title is called. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { parts, lowered } = relnotes.analysis;

  const NOTHING = { text: "", title: [0, 0] }; // of an entry that the files no longer hold

  class Texts {
    /** `letters` are how many of an id name its file; `load` loads the file of a name. */
    constructor(entries, letters, load) {
      Object.assign(this, { entries, letters, load });
      this.wanted = new Set(); // names of files
    }

    /** The text of an entry; null where its file is yet to be loaded. */
    of(entry) {
      const id = this.entries.ids[entry];
      const name = id.slice(0, this.letters);
      const file = globalThis.relnotesTexts?.[name];
      if (!file) this.wanted.add(name);
      return file ? (file[id] ?? NOTHING) : null;
    }

    /** All that was wanted is there. */
    async arrived() {
      const names = [...this.wanted];
      this.wanted.clear();
      await Promise.all(names.map(this.load));
    }

    /** The slices [start, end] of an entry's text where words stand at the distances of a phrase's slots.
        `formsOf` are the words, as dictionaries spell them, that become one of some terms in a language. */
    phrases(entry, slots, formsOf) {
      const language = this.entries.language[entry];
      const wanted = slots.map(({ terms, distance }) => ({ forms: formsOf(terms, language), distance }));
      const last = slots.at(-1).distance;
      return stretches(this.of(entry)).flatMap(({ from, said }) => {
        const stands = (at) =>
          wanted.every(({ forms, distance }) => forms.has(lowered(said[at + distance].text)));
        const made = [];
        for (let at = 0; at + last < said.length; at += 1)
          if (stands(at)) made.push([from + said[at].start, from + said[at + last].end]);
        return made;
      });
    }
  }

  /** What phrases do not run out of: a title of its own, and the text. */
  const stretches = ({ text, title: [, end], apart }) => {
    const cut = apart ? [0, end + 1] : [0];
    return cut.map((from, n) => ({ from, said: parts(text.slice(from, cut[n + 1])) }));
  };

  relnotes.texts = { Texts };
})();
