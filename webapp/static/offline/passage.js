/* Where does the query speak in an entry?  Its title and its most telling passage, cut into pieces that are marked
   or not, as index/highlight.py and webapp/excerpt.py. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { fold, tokens, parts, stemLetters, whole } = relnotes.analysis;

  const PASSAGE = 240; // characters, about
  const LABEL = 40; // characters that may stand before an untitled entry's own words
  const BREAK = /(?<=[.!?])\s+|\n+/gu;
  const END = /[.!?:;”»)]\s*$/u;
  const MARKS = /`+|\*\*|^#{1,6} /gmu;
  const PUNCTUATION = " \t\n.,:;|•·*–—-";
  const BULLET = /^\s*[•*·–-]\s+/u;
  const ROW = /\|.*\|/u;
  const SAYS = /[\p{L}\p{N}]/u;
  const ALNUM = /^[\p{L}\p{N}]+$/u;

  /** The {title, passage} of an entry for what is wanted, each a list of {text, marked}. */
  const excerpt = (searcher, entry, wanted) => {
    const told = searcher.texts.of(entry);
    const { text, title: [from, to] } = told;
    const marks = marked(searcher, entry, text, wanted);
    const inTitle = marks.filter(([start, end]) => start >= from && end <= to);
    const body = told.apart ? to + 1 : told.heading ? to : 0;
    return {
      title: title(told, text.slice(from, to), inTitle, from),
      passage: passage(told, marks, body, text.slice(from, to)),
    };
  };

  const title = (told, text, marks, from) =>
    marks.length
      ? pieces(text, marks, from).map(({ text: one, marked: on }) => ({
          text: one.replace(/\s/gu, " "),
          marked: on,
        }))
      : [{ text: label(told, text), marked: false }];

  const line = (text) => text.split(/\s+/u).filter(Boolean).join(" ");
  const label = (told, text) => told.label ?? (line(text) || "…");

  const passage = (told, marks, after, own) => {
    const { text } = told;
    const found = marks.filter(([start]) => start >= after);
    if (!found.length) {
      const said = opening(told, text.slice(after), own);
      return said ? [{ text: said, marked: false }] : [];
    }
    const start = opened(text, densest(text, found), after);
    const end = closed(text, start);
    const inside = found.filter((mark) => start <= mark[0] && mark[1] <= end);
    let cut = pieces(text.slice(start, end), inside, start);
    if (told.markdown) cut = cut.map((one) => ({ ...one, text: one.text.replace(MARKS, "") }));
    return withEllipses(cut, text, start, end, told.apart ? after : 0);
  };

  /** The slices [start, end] of the text that hold what is wanted; ascending, apart. */
  const marked = ({ entries, evaluator, analysis }, entry, text, wanted) => {
    const holds = wordTest(wanted, analysis, entries.language[entry]);
    const found = parts(text)
      .filter((word) => holds(word.text))
      .map(({ start, end }) => [start, end]);
    for (const slots of wanted.phrases) found.push(...evaluator.phrases(entry, slots));
    if (wanted.codes.size || [...wanted.prefixes].some((prefix) => !ALNUM.test(prefix)))
      found.push(...codes(text, wanted));
    return merged(found.sort((a, b) => a[0] - b[0] || a[1] - b[1]));
  };

  /** Whether a word is wanted; only words that begin as a wanted term are analysed. */
  const wordTest = ({ terms, prefixes }, analysis, language) => {
    const [openings, begun] = [[...terms].map(stemLetters), [...prefixes]];
    return (word) => {
      const folded = fold(word);
      if (begun.some((prefix) => folded.startsWith(prefix))) return true;
      if (!openings.some((letters) => folded.startsWith(letters))) return false;
      return analysis.variants(word, language).some((term) => terms.has(term));
    };
  };

  /** Code-like tokens that are wanted as a whole, or by their beginning. */
  const codes = (text, wanted) =>
    tokens(text)
      .filter((token) => token.parts.length > 1)
      .filter(
        (token) =>
          wanted.codes.has(whole(token.text)) ||
          [...wanted.prefixes].some((prefix) => whole(token.text).startsWith(prefix)),
      )
      .map((token) => [token.start, token.end]);

  /** Overlapping slices become one. */
  const merged = (spans) => {
    const made = [];
    for (const [start, end] of spans) {
      const before = made.at(-1);
      if (before && start < before[1]) before[1] = Math.max(before[1], end);
      else made.push([start, end]);
    }
    return made;
  };

  /** Where the stretch with most different matched words begins. */
  const densest = (text, found) => {
    let [best, at] = [[-1, -1], 0];
    found.forEach(([start], n) => {
      const inside = found.slice(n).filter(([other]) => other < start + PASSAGE - 40);
      const worth = [new Set(inside.map(([from, to]) => fold(text.slice(from, to)))).size, inside.length];
      if (worth[0] > best[0] || (worth[0] === best[0] && worth[1] > best[1])) [best, at] = [worth, n];
    });
    return found[at][0];
  };

  /** The start of the sentence around `at`, or of a word not too far before it. */
  const opened = (text, at, least) => {
    const low = Math.max(least, at - PASSAGE / 3);
    BREAK.lastIndex = low;
    const found = BREAK.exec(text.slice(0, at + 1));
    BREAK.lastIndex = 0;
    if (found && found.index + found[0].length <= at) return found.index + found[0].length;
    if (low === least) return low + (text.slice(low).length - text.slice(low).trimStart().length);
    const space = text.slice(0, at).indexOf(" ", low);
    return space >= 0 ? space + 1 : at;
  };

  /** The end of the last whole word of a passage. */
  const closed = (text, start) => {
    let end = start + PASSAGE;
    if (end >= text.length) return start + text.slice(start).trimEnd().length;
    while (end > start && !(/\s/u.test(text[end]) || /\s/u.test(text[end - 1]))) end -= 1;
    return start + text.slice(start, end > start ? end : start + PASSAGE).trimEnd().length;
  };

  /** A stretch that begins at character `from` of the text, cut at its marks. */
  const pieces = (stretch, marks, from) => {
    const made = [];
    let at = 0;
    for (const [start, end] of marks) {
      if (at < start - from) made.push({ text: stretch.slice(at, start - from), marked: false });
      made.push({ text: stretch.slice(start - from, end - from), marked: true });
      at = end - from;
    }
    if (at < stretch.length) made.push({ text: stretch.slice(at), marked: false });
    return made;
  };

  /** Dots where the passage begins or ends within a sentence. */
  const withEllipses = (cut, text, start, end, least) => {
    const [before, after] = [text.slice(least, start).replace(/ +$/, ""), text.slice(end)];
    const opens = before && !"\n.!?:".includes(before.at(-1));
    const closes = after.trim() && !after.startsWith("\n") && !END.test(text.slice(start, end));
    return [
      ...(opens ? [{ text: "… ", marked: false }] : []),
      ...cut,
      ...(closes ? [{ text: " …", marked: false }] : []),
    ];
  };

  /** A line of a list or table as words: without its bullet, `May 4 | 22:00 | |` as `May 4 · 22:00`. */
  const worded = (text) => {
    if (!ROW.test(text)) return text.replace(BULLET, "");
    return text.split("|").map(line).filter(Boolean).join(" · ");
  };

  /** The first sentences below the title, on one line; empty where there is nothing but the title. */
  const opening = (told, body, own) => {
    const bare = told.markdown ? body.replace(MARKS, "") : body;
    const said = bare.split("\n").filter((one) => SAYS.test(one));
    let text = line(said.map(worded).join(" "));
    const called = label(told, own);
    const at = told.heading ? -1 : text.indexOf(called);
    if (at >= 0 && at < LABEL) {
      const rest = text.slice(at + called.length);
      text = stripped(rest);
      if (text && !".!?:|".includes(rest[0])) text = `… ${text}`;
    }
    return /\p{L}/u.test(text) ? shortened(text) : "";
  };

  const stripped = (text) => {
    let at = 0;
    while (at < text.length && PUNCTUATION.includes(text[at])) at += 1;
    return text.slice(at);
  };

  const shortened = (text) => {
    if (text.length <= PASSAGE) return text;
    let cut = text.slice(0, PASSAGE);
    cut = cut.slice(0, Math.max(cut.lastIndexOf(" "), 0) || cut.length);
    if (END.test(cut)) return cut;
    while (cut && PUNCTUATION.includes(cut.at(-1))) cut = cut.slice(0, -1);
    return `${cut} …`;
  };

  relnotes.passage = { excerpt };
})();
