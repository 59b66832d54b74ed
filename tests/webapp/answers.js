/* Answers questions with the static site's search, outside a browser: a JSON list of questions on standard input,
   a JSON list of answers on standard output.

       node answers.js STATIC_FOLDER parse                   queries → trees
       node answers.js STATIC_FOLDER search ENTRIES_SCRIPT   requests → what is found
       node answers.js STATIC_FOLDER texts ENTRIES_SCRIPT    anything → all texts, newest first */
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const [folder, task, data] = process.argv.slice(2);
const vendor = path.join(folder, "vendor");
const stemmers = fs
  .readdirSync(vendor)
  .find((name) => name.startsWith("snowball-stemmers") && name.endsWith(".js"));
globalThis.snowballFactory = require(path.join(vendor, stemmers));
const scripts = ["query", "analysis", "packing", "inverted", "texts", "entries", "plan", "evaluate", "search", "passage"];
for (const name of scripts) require(path.join(folder, "offline", `${name}.js`));

const searcher = () => {
  vm.runInThisContext(fs.readFileSync(data, "utf8"));
  const entries = new relnotes.entries.Entries(relnotesEntries, [relnotesParts.base, relnotesParts.recent]);
  return new relnotes.search.Searcher(entries, later());
};

/** Texts come when they are loaded, as in a browser. */
const later = () => {
  const files = globalThis.relnotesTexts ?? {};
  globalThis.relnotesTexts = {};
  return async (name) => (relnotesTexts[name] = files[name]);
};

const answer = async (request, site) => {
  const { wanted, ...found } = await site.search(request);
  const hits = found.hits.map(({ entry, score }) => ({
    id: site.entries.ids[entry],
    score,
    ...relnotes.passage.excerpt(site, entry, wanted),
  }));
  return { ...found, hits };
};

/** All texts, newest first. */
const texts = async (site) => {
  site.entries.ids.forEach((_, entry) => site.texts.of(entry));
  await site.texts.arrived();
  return site.entries.ids.map((_, entry) => site.texts.of(entry));
};

const answers = {
  parse: (asked) => asked.map((text) => relnotes.query.parse(text)),
  texts: () => texts(searcher()),
  search: async (asked) => {
    const [site, made] = [searcher(), []];
    for (const request of asked) made.push(await answer(request, site));
    return made;
  },
};

const asked = JSON.parse(fs.readFileSync(0, "utf8"));
Promise.resolve(answers[task](asked)).then((told) => console.log(JSON.stringify(told)));
