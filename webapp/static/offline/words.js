/* How does the search page say things?  Words and dates in the language of the page, and elements that hold them.

   Words come from the page's data-words (webapp/offlinepage.py).  What others wrote becomes text of elements,
   never markup. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const words = JSON.parse(document.getElementById("search").dataset.words);
  const lang = document.documentElement.lang;
  const number = new Intl.NumberFormat(lang).format;
  const plural = new Intl.PluralRules(lang);

  const DAY = 864e5; // milliseconds
  const UNSAFE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g;

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes))
      if (value !== undefined) made.setAttribute(key, value);
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  };

  const specimen = (name) =>
    document.getElementById(`specimen-${name}`).content.firstElementChild.cloneNode(true);
  const hidden = (text) => element("span", { class: "hidden" }, text);
  const said = (text, values = {}) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
  const line = (text) => text.replace(UNSAFE, "\ufffd").split(/\s+/u).filter(Boolean).join(" ");

  /** A name that lines may break after its slashes, dots and underscores. */
  const breakable = (label) =>
    label.split(/(?<=[/_.])(?=[^/_.])/u).flatMap((part, n) => (n ? [element("wbr"), part] : [part]));

  const marked = (pieces) => pieces.map(({ text, marked: on }) => (on ? element("mark", {}, text) : text));

  // -- words and dates

  /** The words hold what one entry and what two entries are called. */
  const entriesOf = (count) =>
    plural.select(count) === "one"
      ? words.entry.replace("1", number(count))
      : words.entries.replace("2", number(count));
  const valueOf = (facet, value) => line(words.values[facet]?.[value] ?? value);
  const dated = (day) => new Date(day * DAY);

  /** The words hold every month's day and month as they are written in 2001, on the 28th. */
  const written = (samples, day) => {
    const date = dated(day);
    return samples[date.getUTCMonth()]
      .replace("2001", date.getUTCFullYear())
      .replace("28", date.getUTCDate());
  };
  const dayOf = (day) => written(words.days, day);
  const monthOf = (day) => written(words.months, day);
  const monthsOf = ([first, last]) => {
    const [from, to] = [first, last].map((day) => iso(day).slice(0, 7));
    if (from === to) return monthOf(first);
    const [begins, ends] = from.slice(0, 4) === to.slice(0, 4) ? words.monthsOfOneYear : words.monthsOfYears;
    return written(begins, first) + written(ends, last);
  };
  const iso = (day) => dated(day).toISOString().slice(0, 10);
  const clock = (minutes) => new Date(minutes * 6e4).toISOString().slice(11, 16);

  const whenOf = (entries, entry) => {
    const [day, span] = [entries.day[entry], entries.span.get(entry)];
    return [
      words.undated,
      dayOf(day),
      span && said(words.about, { month: monthsOf(span) }),
      monthOf(day),
      span && `${dayOf(span[0])} – ${dayOf(span[1])}`,
    ][entries.when[entry]];
  };

  const windowOf = ([start, end]) => {
    const [first, last] = [Math.floor(start / 1440), Math.floor(end / 1440)];
    const hours =
      first === last
        ? `${clock(start)}–${clock(end)} UTC`
        : `${clock(start)} – ${dayOf(last)}, ${clock(end)} UTC`;
    return `${dayOf(first)}, ${hours}`;
  };

  relnotes.words = {
    words,
    lang,
    element,
    specimen,
    hidden,
    said,
    line,
    breakable,
    marked,
    number,
    entriesOf,
    valueOf,
    dayOf,
    monthOf,
    iso,
    whenOf,
    windowOf,
  };
})();
