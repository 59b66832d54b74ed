/* The engines of bench/offline.py in Node: reads {engine, ...} on standard input, prints what it took. */
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");
const zlib = require("node:zlib");

const since = (start) => Number(process.hrtime.bigint() - start) / 1e6;
const now = () => process.hrtime.bigint();

const timed = (queries, answer) =>
  queries.map((query) => {
    const start = now();
    const ids = answer(query);
    return { ids, ms: since(start) };
  });

/** MiniSearch with title, text and facets, its index as JSON; facets counted over its results. */
const minisearch = ({ library, documents, queries }) => {
  const MiniSearch = require(library);
  const fields = { fields: ["title", "text"], storeFields: ["title", "facets"] };
  const made = new MiniSearch(fields);
  made.addAll(documents);
  const json = JSON.stringify(made);
  const start = now();
  const loaded = MiniSearch.loadJSON(json, fields);
  const load = since(start);
  const options = { combineWith: "AND", boost: { title: 3 } };
  const answers = timed(queries, ({ words, prefix }) => {
    const found = loaded.search(words, { ...options, prefix });
    const counts = new Map();
    for (const { facets } of found) for (const one of facets) counts.set(one, (counts.get(one) ?? 0) + 1);
    return found.slice(0, 20).map((one) => one.id);
  });
  return { raw: json.length, gzip: zlib.gzipSync(json).length, load, answers };
};

const ours = ({ folder, script, queries }) => {
  const vendor = path.join(folder, "vendor");
  const stemmers = fs
    .readdirSync(vendor)
    .find((name) => name.startsWith("snowball-stemmers") && name.endsWith(".js"));
  globalThis.snowballFactory = require(path.join(vendor, stemmers));
  for (const name of ["query", "analysis", "entries", "plan", "evaluate", "search", "passage"]) {
    require(path.join(folder, "offline", `${name}.js`));
  }
  const text = fs.readFileSync(script, "utf8");
  const start = now();
  vm.runInThisContext(text);
  const searcher = new relnotes.search.Searcher(
    new relnotes.entries.Entries(globalThis.relnotesEntries, [relnotesParts.base, relnotesParts.recent]),
  );
  const load = since(start);
  const answers = timed(queries, ({ request }) => {
    const found = searcher.search(request);
    for (const { entry } of found.hits) relnotes.passage.excerpt(searcher, entry, found.wanted);
    return found.hits.map(({ entry }) => searcher.entries.ids[entry]);
  });
  return { raw: Buffer.byteLength(text), gzip: zlib.gzipSync(text).length, load, answers };
};

const asked = JSON.parse(fs.readFileSync(0, "utf8"));
console.log(JSON.stringify({ minisearch, ours }[asked.engine](asked)));
