/* How does an entry stand in the list?  Cards, made from the page's specimens, by month where they come by date. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { words, lang, element, specimen, said, line, breakable, marked, valueOf } = relnotes.words;
  const { monthOf, iso, whenOf, windowOf } = relnotes.words;
  const { entry: entryAddress, ...valueAddress } = document.getElementById("search").dataset;

  const SPECIMEN = "x-x-x"; // stands for a name in the page's data-entry, data-product …
  const [TAGS_SHOWN, WINDOWS_SHOWN] = [6, 3];

  const card = (searcher, entry, wanted) => {
    const { entries } = searcher;
    const made = specimen(entries.when[entry] === 1 ? "dated" : "undated");
    const { title, passage } = relnotes.passage.excerpt(searcher, entry, wanted);
    const [type] = entries.facets.type.of(entry);
    fillSide(made, entries, entry, type);
    made.classList.toggle("gone", Boolean(entries.gone[entry]));
    const main = made.querySelector(".card-main");
    main.lang = entries.languages[entries.language[entry]];
    const link = main.querySelector(":is(h2, h3) a");
    link.href = entryAddress.replace(SPECIMEN, entries.ids[entry]);
    link.querySelector("bdi").replaceChildren(...marked(title));
    fillFacts(main.querySelector(".card-facts"), entries, entry);
    const said = main.querySelector(".passage");
    if (passage.length) said.replaceChildren(...marked(passage));
    else said.remove();
    fillTags(main.querySelector(".card-tags"), entries, entry);
    return made;
  };

  const fillSide = (made, entries, entry, type) => {
    const when = made.querySelector(".card-side > :first-child");
    when.textContent = whenOf(entries, entry);
    if (when.localName === "time") when.dateTime = iso(entries.day[entry]);
    when.classList.toggle("inferred", entries.when[entry] === 2);
    const badge = made.querySelector(".badge");
    badge.className = `badge badge-${type}`;
    badge.textContent = valueOf("type", type);
  };

  const fillFacts = (facts, entries, entry) => {
    const windows = entries.windows(entry).map(windowOf);
    const more = windows.length - WINDOWS_SHOWN;
    const status = entries.status[entry];
    const made = [
      status ? element("span", { class: "status" }, valueOf("status", status)) : null,
      ...windows.slice(0, WINDOWS_SHOWN).map((one) => element("span", { class: "window" }, one)),
      more > 0 ? element("span", {}, said(words.moreWindows, { number: more })) : null,
      entries.gone[entry] ? element("span", { class: "status" }, words.values.status.gone) : null,
    ].filter(Boolean);
    if (made.length) facts.replaceChildren(...made);
    else facts.remove();
  };

  const fillTags = (place, entries, entry) => {
    const list = place.querySelector(".tags");
    const tags = ["product", "endpoint", "param"].flatMap((facet) =>
      entries.facets[facet].of(entry).map((value) => [facet, value]),
    );
    const samples = new Map(
      [...list.children].map((item) => [item.querySelector("a").className.split("tag-")[1], item]),
    );
    list.replaceChildren(
      ...tags.slice(0, TAGS_SHOWN).map(([facet, value]) => tag(samples.get(facet), entries, facet, value)),
    );
    if (!tags.length) list.remove();
    const language = place.querySelector(".language");
    const own = entries.languages[entries.language[entry]];
    if (own === lang) language.remove();
    else language.textContent = valueOf("lang", own);
  };

  const tag = (sample, entries, facet, value) => {
    const made = sample.cloneNode(true);
    const link = made.querySelector("a");
    link.href = valueAddress[facet].replace(SPECIMEN, () => entries.folder(facet, value));
    link.replaceChildren(...breakable(line(value)));
    return made;
  };

  /** Entries in order of date stand by month. */
  const cards = (searcher, found, request) => {
    const made = found.hits.map(({ entry }) => [entry, card(searcher, entry, found.wanted)]);
    if (request.sort !== "date") return made.map(([, one]) => one);
    const { entries } = searcher;
    const months = new Map();
    for (const [entry, one] of made) {
      const month = entries.when[entry] ? iso(entries.day[entry]).slice(0, 7) : "undated";
      const label = entries.when[entry] ? monthOf(entries.day[entry]) : words.undated;
      if (!months.has(month))
        months.set(
          month,
          element(
            "section",
            { class: "month", "aria-labelledby": `m-${month}` },
            element("h2", { id: `m-${month}` }, label),
          ),
        );
      months.get(month).append(below(one));
    }
    return [...months.values()];
  };

  /** A card whose heading stands one level lower. */
  const below = (one) => {
    const heading = one.querySelector("h2");
    heading.replaceWith(element("h3", {}, ...heading.childNodes));
    return one;
  };

  relnotes.cards = { cards };
})();
