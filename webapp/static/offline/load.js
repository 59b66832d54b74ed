/* The search is loaded when the reader turns to it: when the search box is entered, or the page has a query.
   This file is all that other pages load of it. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const own = document.currentScript.src;

  const SCRIPTS = [
    "../vendor/snowball-stemmers-0.6.0.js",
    ...["query", "analysis", "packing", "inverted", "texts", "entries"].map((name) => `${name}.js`),
    ...["plan", "evaluate", "search", "passage"].map((name) => `${name}.js`),
  ];
  const DATA = ["base", "recent", "entries"].map((name) => `../../search/${name}.js`); // the same address whatever they say

  /** Adds the scripts of the search and its data, in this order; once. */
  relnotes.load = () => {
    const version = new URL(own).search;
    const addresses = [...SCRIPTS.map((path) => path + version), ...DATA];
    return (relnotes.loading ??= Promise.all(addresses.map((path) => add(new URL(path, own).href))));
  };

  /** Adds a file of texts; its data are the same address whatever they say. */
  relnotes.loadTexts = (name) => add(new URL(`../../search/texts/${name}.js`, own).href);

  const add = (address) =>
    new Promise((loaded, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.async = false;
      script.onload = loaded;
      script.onerror = () => failed(new Error(`${address} could not be loaded`));
      document.head.append(script);
    });

  const box = document.querySelector('.search input[name="q"]');
  box?.addEventListener("focus", () => relnotes.load().catch(() => {}), { once: true });
})();
