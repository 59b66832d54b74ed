/* What does a query say?  The query language of the server (index/querylang.py) in the browser: text in, a tree
   and filters out; it never refuses.  Nodes are {kind, ...}; hints {code, values}. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});

  const FACETS = ["type", "product", "endpoint", "param", "lang", "year", "status"];
  const FIELDS = [...FACETS, "since", "until"];
  const SYNONYMS = { parameter: "param", language: "lang" };
  const MAX_LENGTH = 1000; // characters
  const MAX_DEPTH = 20; // of brackets
  const MAX_WORDS = 64;

  const BLANK = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"; // Python's \s
  const TOKEN = new RegExp(
    `(?<minus>-(?=[^${BLANK}-]))?` +
      `(?:(?<name>[A-Za-z]+):(?<value>"[^"]*"?|[^${BLANK}()"]+)?` +
      `|"(?<phrase>[^"]*)(?<closed>")?` +
      `|(?<open>\\()|(?<close>\\))` +
      `|(?<word>[^${BLANK}()"]+))`,
    "gu",
  );
  const EDGES = new RegExp(`^[${BLANK}]+|[${BLANK}]+$`, "gu");
  const strip = (text) => text.replace(EDGES, "");
  const trim = (text, chars) => {
    let [from, to] = [0, text.length];
    while (from < to && chars.includes(text[from])) from += 1;
    while (to > from && chars.includes(text[to - 1])) to -= 1;
    return text.slice(from, to);
  };

  /** Read a query; any text has a meaning. */
  const parse = (text) => new Parser(text).query();

  class Parser {
    constructor(text) {
      this.hints = [];
      const letters = [...text];
      if (letters.length > MAX_LENGTH) {
        text = letters.slice(0, MAX_LENGTH).join("");
        this.hint("long", { number: MAX_LENGTH });
      }
      this.tokens = [
        ...text
          .normalize("NFC")
          .replace(/[“”„«»]/g, '"')
          .matchAll(TOKEN),
      ].map((found) => found.groups);
      this.at = this.words = 0;
    }

    hint(code, values = {}) {
      const same = JSON.stringify(values);
      const known = this.hints.some((hint) => hint.code === code && JSON.stringify(hint.values) === same);
      if (!known) this.hints.push({ code, values });
      return null;
    }

    get left() {
      return this.at < this.tokens.length;
    }

    says(...words) {
      return this.left && words.includes(this.tokens[this.at].word);
    }

    query() {
      const parts = [];
      while (this.left) {
        // a closing bracket too many ends an expression, not the query
        const found = this.expression(0);
        if (found) parts.push(...(found.kind === "and" ? found.nodes : [found]));
        if (this.left) {
          this.hint("closing");
          this.at += 1;
        }
      }
      return this.gathered(parts);
    }

    /** Top-level filters and days go beside the tree. */
    gathered(parts) {
      const [filters, bounds, nodes] = [{}, {}, []];
      for (const part of parts) {
        const tags = alternatives(part);
        if (part.kind === "day") bounds[part.name] = part.day;
        else if (tags.length) (filters[tags[0].facet] ??= []).push(...tags.map((tag) => tag.value));
        else nodes.push(part);
      }
      const { since = null, until = null } = bounds;
      return { root: and(nodes), filters, since, until, hints: this.hints };
    }

    /** Everything up to a closing bracket or the end: alternatives of sequences. */
    expression(depth) {
      const sequences = [this.sequence(depth)];
      while (this.says("OR", "|")) {
        this.at += 1;
        sequences.push(this.sequence(depth));
      }
      const filled = sequences.filter((nodes) => nodes.length);
      if (filled.length < sequences.length && sequences.length > 1) this.hint("or");
      if (filled.length === 1) return depth ? and(filled[0]) : { kind: "and", nodes: filled[0] };
      const nodes = filled.map((one) => and(this.undated(one))).filter(Boolean);
      return nodes.length ? { kind: "or", nodes } : null;
    }

    sequence(depth) {
      const nodes = [];
      while (this.left && !this.says("OR", "|") && !this.tokens[this.at].close) {
        const node = this.item(depth);
        if (node) nodes.push(node);
      }
      return depth ? this.undated(nodes) : nodes;
    }

    /** Days bound the whole query; inside OR or brackets they are left out. */
    undated(nodes) {
      const kept = nodes.filter((node) => node.kind !== "day");
      if (kept.length < nodes.length) this.hint("dates");
      return kept;
    }

    item(depth) {
      const token = this.tokens[this.at++];
      if (token.word === "AND") return null;
      if (token.word === "NOT") return this.negation(depth);
      const node = this.atom(token, depth);
      if (token.minus && node?.kind === "day") return this.hint("negated", { name: node.name });
      return token.minus && node ? { kind: "not", node } : node;
    }

    negation(depth) {
      while (this.says("NOT", "AND")) this.at += 1;
      if (!this.left || this.tokens[this.at].close || this.says("OR", "|")) return this.hint("not");
      const node = this.item(depth);
      if (node?.kind === "not") return node;
      return node && node.kind !== "day" ? { kind: "not", node } : null;
    }

    atom(token, depth) {
      if (token.open) return this.bracket(depth);
      if (token.phrase !== undefined) {
        if (!token.closed) this.hint("quote");
        return strip(token.phrase) ? this.counted({ kind: "phrase", text: token.phrase }) : null;
      }
      if (token.name) return this.field(token);
      return token.word ? this.word(token.word) : null;
    }

    bracket(depth) {
      if (depth >= MAX_DEPTH) return this.hint("deep");
      const node = this.expression(depth + 1);
      if (this.left) this.at += 1;
      else this.hint("opening");
      return node;
    }

    word(text) {
      const stem = text.replace(/\*+$/, "");
      if (!trim(stem, "*?")) return this.hint("star");
      if (stem.includes("*")) {
        this.hint("stars");
        return this.counted({ kind: "word", text: stem.replaceAll("*", " ") });
      }
      return this.counted(stem === text ? { kind: "word", text } : { kind: "prefix", text: stem });
    }

    counted(node) {
      this.words += 1;
      return this.words <= MAX_WORDS ? node : this.hint("words", { number: MAX_WORDS });
    }

    field(token) {
      const lower = token.name.toLowerCase();
      const name = Object.hasOwn(SYNONYMS, lower) ? SYNONYMS[lower] : lower;
      const value = strip(token.value ?? "");
      if (!FIELDS.includes(name)) return this.notAField(token.name, value);
      const values = (value.startsWith('"') ? [trim(value, '"')] : value.split(","))
        .map(strip)
        .filter(Boolean);
      if (!values.length) return this.hint("value", { name });
      if (name === "since" || name === "until") return this.day(name, values[0]);
      const tags = values.map((one) => ({ kind: "tag", facet: name, value: one }));
      return tags.length === 1 ? tags[0] : { kind: "or", nodes: tags };
    }

    /** `Note: text` and `https://host` are words; `colour:red` deserves a hint. */
    notAField(name, value) {
      if (value && !value.startsWith("/")) this.hint("filter", { name, names: FIELDS.join(", ") });
      const words = [name, trim(value, '"')].filter((text) => trim(text, "*"));
      return and(words.map((text) => this.word(text)).filter(Boolean));
    }

    day(name, value) {
      const day = bound(value, name === "until");
      return day ? { kind: "day", name, day } : this.hint("day", { name });
    }
  }

  /** The first (or last) day of a year, month or day in ISO form; null where it is none. */
  const bound = (value, last = false) => {
    if (!/^[0-9]{4}(-[0-9]{1,2}){0,2}$/.test(value)) return null;
    const [year, month = 0, day = 0] = value.split("-").map(Number); // 0 counts as not given
    if (!year || month > 12 || (day || 1) > lastDay(year, month || 1)) return null;
    if (!last || day) return iso(year, month || 1, day || 1);
    return iso(year, month || 12, lastDay(year, month || 12));
  };

  const lastDay = (year, month) => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  const pad = (number, size) => String(number).padStart(size, "0");
  const iso = (year, month, day) => `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;

  /** The words that a tree asks for, in order, without the negated ones. */
  const wordsOf = (node) => {
    if (node?.kind === "and" || node?.kind === "or") return node.nodes.flatMap(wordsOf);
    return ["word", "phrase", "prefix"].includes(node?.kind) ? [node] : [];
  };

  /** The tags of `type:a` or `type:a,b`; none for anything else. */
  const alternatives = (node) => {
    const nodes = node.kind === "or" ? node.nodes : [node];
    const same = nodes.every((one) => one.kind === "tag" && one.facet === nodes[0].facet);
    return same ? nodes : [];
  };

  const and = (nodes) => (nodes.length > 1 ? { kind: "and", nodes } : (nodes[0] ?? null));

  relnotes.query = { parse, wordsOf, FACETS, FIELDS };
})();
