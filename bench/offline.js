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

const ours = async ({ folder, script, shown, queries }) => {
  const vendor = path.join(folder, "vendor");
  const stemmers = fs
    .readdirSync(vendor)
    .find((name) => name.startsWith("snowball-stemmers") && name.endsWith(".js"));
  globalThis.snowballFactory = require(path.join(vendor, stemmers));
  const own = ["query", "analysis", "packing", "inverted", "texts", "entries", "plan", "evaluate", "search", "passage"];
  for (const name of own) require(path.join(folder, "offline", `${name}.js`));
  const [index, texts] = [fs.readFileSync(script, "utf8"), fs.readFileSync(shown, "utf8")];
  const start = now();
  vm.runInThisContext(index);
  const entries = new relnotes.entries.Entries(relnotesEntries, [relnotesParts.base, relnotesParts.recent]);
  const searcher = new relnotes.search.Searcher(entries, () => {});
  const load = since(start);
  vm.runInThisContext(texts);
  const answers = [];
  for (const { request } of queries) {
    const start = now();
    const found = await searcher.search(request);
    for (const { entry } of found.hits) relnotes.passage.excerpt(searcher, entry, found.wanted);
    answers.push({ ids: found.hits.map(({ entry }) => entries.ids[entry]), ms: since(start) });
  }
  return { raw: Buffer.byteLength(index), gzip: zlib.gzipSync(index).length, load, answers };
};

const asked = JSON.parse(fs.readFileSync(0, "utf8"));
Promise.resolve({ minisearch, ours }[asked.engine](asked)).then((told) => console.log(JSON.stringify(told)));
