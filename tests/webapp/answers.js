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
for (const name of ["query", "analysis", "entries", "plan", "evaluate", "search", "passage"]) {
  require(path.join(folder, "offline", `${name}.js`));
}

const searcher = () => {
  vm.runInThisContext(fs.readFileSync(data, "utf8"));
  return new relnotes.search.Searcher(
    new relnotes.entries.Entries(globalThis.relnotesEntries, [relnotesParts.base, relnotesParts.recent]),
  );
};

const answer = ({ wanted, ...found }, site) => ({
  ...found,
  hits: found.hits.map(({ entry, score }) => ({
    id: site.entries.ids[entry],
    score,
    ...relnotes.passage.excerpt(site, entry, wanted),
  })),
});

const asked = JSON.parse(fs.readFileSync(0, "utf8"));
if (task === "parse") {
  console.log(JSON.stringify(asked.map((text) => relnotes.query.parse(text))));
} else if (task === "texts") {
  const { entries } = searcher();
  console.log(JSON.stringify(entries.ids.map((_, entry) => entries.text(entry).text)));
} else {
  const site = searcher();
  console.log(JSON.stringify(asked.map((request) => answer(site.search(request), site))));
}
