/* Which terms must match, and how do they combine?  A query's tree made into a plan, as index/plan.py does. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { words, nameKey, tokens, whole, distinct } = relnotes.analysis;
  const { wordsOf } = relnotes.query;

  const EXACT = 100; // what a match by name adds: more than words ever score
  const LABEL = 1; // what a match by type, status or year adds: less than a rare word scores
  const OWN_LANGUAGE = 2; // what an entry gains by being in the language of the query
  const MAX_NAME_WORDS = 8;
  const EVERYTHING = { kind: "everything" };

  /** Makes plans.  `names` are what a query's words can name (products, endpoints, parameters), `labels` what single
      words can besides (types, states, years), `values` what a filter can: folded names to [facet, value] tags. */
  class Planner {
    constructor(analysis, names, labels, values) {
      Object.assign(this, { analysis, names, labels, values });
    }

    /** The plan of a tree; null where it holds nothing to search for (only too common words). */
    plan(node) {
      const [plan, lang] = [this.planned(node), this.language(node)];
      return plan && lang
        ? { kind: "preferring", keep: plan, tag: ["lang", lang], score: OWN_LANGUAGE }
        : plan;
    }

    /** The one language whose own common words the query holds; undefined where it cannot be told. */
    language(node) {
      const said = distinct(wordsOf(node).flatMap((one) => words(one.text)));
      const found = distinct(said.map((word) => this.commonIn(word)).filter(Boolean));
      return found.length === 1 ? found[0] : undefined;
    }

    commonIn(word) {
      const found = this.analysis.languages.filter((_, n) => this.analysis.stop[n].has(word));
      return found.length === 1 ? found[0] : undefined;
    }

    planned(node) {
      if (!node) return null;
      if (node.kind === "or")
        return joined(
          "any",
          node.nodes.map((one) => this.planned(one)),
        );
      return this.sequence(node.kind === "and" ? node.nodes : [node]);
    }

    sequence(nodes) {
      const [wanted, dropped] = [[], []];
      for (let at = 0; at < nodes.length;) {
        const run = this.nameRun(nodes, at);
        const node = nodes[at];
        if (run) wanted.push(this.named(nodes.slice(at, at + run)));
        else if (node.kind === "not") dropped.push(this.planned(node.node));
        else wanted.push(this.single(node));
        at += run || 1;
      }
      const [keep, drop] = [joined("all", wanted), joined("any", dropped)];
      return drop ? { kind: "without", keep: keep ?? EVERYTHING, drop } : keep;
    }

    /** How many nodes from here on name something: the longest run that does. */
    nameRun(nodes, at) {
      const said = [];
      let longest = 0;
      for (const [n, node] of nodes.slice(at, at + MAX_NAME_WORDS).entries()) {
        if (node.kind !== "word" && node.kind !== "phrase") break;
        said.push(...words(node.text));
        if (this.names.has(said.join(" "))) longest = n + 1;
      }
      return longest;
    }

    named(run) {
      const said = run.flatMap((node) => words(node.text)).join(" ");
      const exact = { kind: "tagged", tags: this.names.get(said), score: EXACT };
      const spoken = joined(
        "all",
        run.map((node) => this.single(node)),
      );
      return spoken ? { kind: "any", parts: [spoken, exact] } : exact;
    }

    single(node) {
      if (node.kind === "word") return this.word(node.text);
      if (node.kind === "phrase") return this.phrase(tokens(node.text).flatMap((token) => token.parts));
      if (node.kind === "prefix") {
        return words(node.text).length ? { kind: "starts", prefix: whole(node.text) } : null;
      }
      if (node.kind === "tag") {
        const tags = tagsFor(this.values, node.facet, node.value);
        return { kind: "tagged", tags: tags.length ? tags : [[node.facet, node.value]], score: 0 };
      }
      return this.planned(node);
    }

    /** A word, or the entries of the type, status or year that it is. */
    word(text) {
      const spoken = joined(
        "all",
        tokens(text).map((token) => this.token(token)),
      );
      const tags = this.labels.get(nameKey(text));
      return tags ? joined("any", [spoken, { kind: "tagged", tags, score: LABEL }]) : spoken;
    }

    token(token) {
      if (token.parts.length > 1) {
        return joined("best", [
          { kind: "code", text: whole(token.text), parts: token.parts },
          this.phrase(token.parts),
        ]);
      }
      return joined("best", this.analysis.terms(token.parts[0]).map(term));
    }

    phrase(parts) {
      const slots = [...parts.entries()]
        .map(([at, part]) => ({ at, terms: this.analysis.terms(part) }))
        .filter((slot) => slot.terms.length);
      if (slots.length < 2)
        return joined(
          "best",
          slots.flatMap((slot) => slot.terms.map(term)),
        );
      return {
        kind: "adjacent",
        slots: slots.map(({ at, terms }) => ({ terms, distance: at - slots[0].at })),
      };
    }
  }

  const term = (text) => ({ kind: "term", text });

  const joined = (kind, parts) => {
    const kept = [...new Map(parts.filter(Boolean).map((part) => [JSON.stringify(part), part])).values()];
    return kept.length > 1 ? { kind, parts: kept } : (kept[0] ?? null);
  };

  /** The [facet, value] tags of one facet that a value, however it is spelt, stands for. */
  const tagsFor = (values, facet, value) =>
    (values.get(nameKey(value)) ?? []).filter(([own]) => own === facet);

  /** Every value of the facets by its folded name, with what goes by another name of it. */
  const named = (columns, facets, aliases) => {
    const tags = new Map();
    const add = (key, more) => tags.set(key, [...(tags.get(key) ?? []), ...more]);
    for (const facet of facets)
      for (const value of columns[facet].values) add(nameKey(value), [[facet, value]]);
    const own = new Map(tags);
    for (const group of aliases) {
      const keys = group.map(nameKey);
      const meant = keys.flatMap((key) => own.get(key) ?? []);
      if (meant.length) for (const key of keys) add(key, meant);
    }
    tags.delete("");
    for (const [key, found] of tags)
      tags.set(
        key,
        distinct(found.map((tag) => JSON.stringify(tag))).map((tag) => JSON.parse(tag)),
      );
    return tags;
  };

  /** What a match can be seen by in a text: terms, code-like tokens, beginnings of words, terms beside each other. */
  const wanted = (plan) => {
    const seen = { terms: new Set(), codes: new Set(), prefixes: new Set(), phrases: [] };
    const look = (part) => {
      if (part.kind === "term") seen.terms.add(part.text);
      if (part.kind === "code") seen.codes.add(part.text);
      if (part.kind === "starts") seen.prefixes.add(part.prefix);
      if (part.kind === "adjacent") seen.phrases.push(part.slots);
      if (part.keep) look(part.keep);
      else if (["all", "any", "best"].includes(part.kind)) part.parts.forEach(look);
    };
    if (plan) look(plan);
    return seen;
  };

  relnotes.plan = { Planner, EVERYTHING, tagsFor, named, wanted };
})();
