/* The search page of the static site: what the address asks for, found and shown as the web app shows it.

   Everything that others wrote becomes text of elements, never markup.  The page's templates are the same macros
   that the web app's pages are made of, filled with specimens; words come from the page's data-words. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const root = document.getElementById("search");
  const words = JSON.parse(root.dataset.words);
  const box = document.querySelector('.search input[name="q"]');
  const lang = document.documentElement.lang;
  const whole = new Intl.NumberFormat(lang);
  const plural = new Intl.PluralRules(lang);

  const FACETS = ["type", "product", "endpoint", "param", "lang", "year", "status"];
  const SPECIMEN = "x-x-x"; // stands for a name in the page's data-entry, data-product …
  const PAGE = 20; // entries
  const [TAGS_SHOWN, VALUES_SHOWN, WINDOWS_SHOWN] = [6, 8, 3];
  const PAUSE = 60; // milliseconds without a key after which is searched
  const DAY = 864e5; // milliseconds
  const UNSAFE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g;
  const [BAR, HEIGHT, MOST_MONTHS] = [12, 44, 96];

  // -- elements

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  };

  const specimen = (name) => document.getElementById(`specimen-${name}`).content.firstElementChild.cloneNode(true);
  const hidden = (text) => element("span", { class: "hidden" }, text);
  const said = (text, values = {}) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? "");
  const line = (text) => text.replace(UNSAFE, "\ufffd").split(/\s+/u).filter(Boolean).join(" ");

  /** A name that lines may break after its slashes, dots and underscores. */
  const breakable = (label) =>
    label.split(/(?<=[/_.])(?=[^/_.])/u).flatMap((part, n) => (n ? [element("wbr"), part] : [part]));

  const marked = (pieces) => pieces.map(({ text, marked: on }) => (on ? element("mark", {}, text) : text));

  // -- words and dates

  /** The words hold what one entry and what two entries are called. */
  const entriesOf = (number) =>
    plural.select(number) === "one" ? words.entry.replace("1", whole.format(number)) : words.entries.replace("2", whole.format(number));
  const valueOf = (facet, value) => line(words.values[facet]?.[value] ?? value);
  const dated = (day) => new Date(day * DAY);

  /** The words hold every month's day and month as they are written in 2001, on the 28th. */
  const written = (samples, day) => {
    const date = dated(day);
    return samples[date.getUTCMonth()].replace("2001", date.getUTCFullYear()).replace("28", date.getUTCDate());
  };
  const dayOf = (day) => written(words.days, day);
  const monthOf = (day) => written(words.months, day);
  const iso = (day) => dated(day).toISOString().slice(0, 10);
  const clock = (minutes) => new Date(minutes * 6e4).toISOString().slice(11, 16);

  const whenOf = (entries, entry) => {
    const [day, span] = [entries.day[entry], entries.span.get(entry)];
    return [words.undated, dayOf(day), said(words.about, { month: monthOf(day) }), monthOf(day), span && `${dayOf(span[0])} – ${dayOf(span[1])}`][entries.when[entry]];
  };

  const windowOf = ([start, end]) => {
    const [first, last] = [Math.floor(start / 1440), Math.floor(end / 1440)];
    const hours = first === last ? `${clock(start)}–${clock(end)} UTC` : `${clock(start)} – ${dayOf(last)}, ${clock(end)} UTC`;
    return `${dayOf(first)}, ${hours}`;
  };

  // -- what the address asks for

  /** The request of a query string, as the web app reads it (webapp/querystring.py). */
  const asked = (query) => {
    const given = new URLSearchParams(query);
    const last = (name) => (given.getAll(name).at(-1) ?? "").trim();
    const text = line(last("q")).slice(0, box.maxLength > 0 ? box.maxLength : undefined);
    const day = (name) => (/^\d{4}-\d\d-\d\d$/.test(last(name)) && !Number.isNaN(Date.parse(last(name))) ? last(name) : null);
    const filters = {};
    for (const facet of FACETS) {
      const values = [...new Set(given.getAll(facet).map((value) => value.trim()).filter(Boolean))];
      if (values.length) filters[facet] = values;
    }
    const sort = ["relevance", "date"].includes(last("sort")) ? last("sort") : text ? "relevance" : "date";
    const page = /^[1-9]\d{0,5}$/.test(last("page")) ? Number(last("page")) : 1;
    return { text, filters, since: day("since"), until: day("until"), sort, limit: PAGE, offset: (page - 1) * PAGE };
  };

  /** The query string of a request, always in the same order. */
  const encoded = (request) => {
    const pairs = new URLSearchParams();
    if (request.text) pairs.append("q", request.text);
    for (const facet of FACETS) for (const value of request.filters[facet] ?? []) pairs.append(facet, value);
    for (const name of ["since", "until"]) if (request[name]) pairs.append(name, request[name]);
    if (request.sort !== (request.text ? "relevance" : "date")) pairs.append("sort", request.sort);
    if (request.offset) pairs.append("page", request.offset / PAGE + 1);
    return pairs.toString();
  };

  const address = (request) => `?${encoded(request)}`;
  const first = (request, changes) => ({ ...request, offset: 0, ...changes });

  const toggled = (request, facet, value) => {
    const before = request.filters[facet] ?? [];
    const after = before.includes(value) ? before.filter((one) => one !== value) : [...before, value];
    const { [facet]: _, ...others } = request.filters;
    return first(request, { filters: after.length ? { ...others, [facet]: after } : others });
  };

  const isAsked = (request) => Boolean(request.text || Object.keys(request.filters).length || request.since || request.until || request.offset);

  // -- cards

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
    link.href = root.dataset.entry.replace(SPECIMEN, entries.ids[entry]);
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
    else when.className = entries.when[entry] === 2 ? "when inferred" : "when";
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
    const tags = ["product", "endpoint", "param"].flatMap((facet) => entries.facets[facet].of(entry).map((value) => [facet, value]));
    const samples = new Map([...list.children].map((item) => [item.querySelector("a").className.split("tag-")[1], item]));
    list.replaceChildren(...tags.slice(0, TAGS_SHOWN).map(([facet, value]) => tag(samples.get(facet), entries, facet, value)));
    if (!tags.length) list.remove();
    const language = place.querySelector(".language");
    const own = entries.languages[entries.language[entry]];
    if (own === lang) language.remove();
    else language.textContent = valueOf("lang", own);
  };

  const tag = (sample, entries, facet, value) => {
    const made = sample.cloneNode(true);
    const link = made.querySelector("a");
    link.href = root.dataset[facet].replace(SPECIMEN, () => entries.folder(facet, value));
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
      if (!months.has(month)) months.set(month, element("section", { class: "month", "aria-labelledby": `m-${month}` }, element("h2", { id: `m-${month}` }, label)));
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

  // -- filters, chips, orders, pages

  const fillFilters = (aside, found, request) => {
    const sample = aside.querySelector("section.facet");
    const groups = FACETS.filter((facet) => found.facets[facet].length);
    sample.replaceWith(...groups.map((facet) => group(sample.cloneNode(true), facet, found.facets[facet], request)));
    const form = aside.querySelector("form.days");
    for (const name of ["since", "until"]) form.elements[name].value = request[name] ?? "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      go(first(request, { since: form.elements.since.value || null, until: form.elements.until.value || null }));
    });
    return aside;
  };

  const group = (made, facet, values, request) => {
    const samples = { on: made.querySelector("a[aria-current]").closest("li"), off: made.querySelector("a:not([aria-current])").closest("li") };
    const choices = [...values.filter((one) => one.selected), ...values.filter((one) => !one.selected)].map((one) => choice(samples, facet, one, request));
    const [lists, details] = [made.querySelectorAll("ul"), made.querySelector("details")];
    made.querySelector("h2").textContent = words.facets[facet];
    lists[0].replaceChildren(...choices.slice(0, VALUES_SHOWN));
    lists[1].replaceChildren(...choices.slice(VALUES_SHOWN));
    const more = choices.length - VALUES_SHOWN;
    if (more > 0) details.querySelector("summary").replaceChildren(said(words.more, { number: more }), hidden(` (${words.facets[facet]})`));
    else details.remove();
    return made;
  };

  const choice = (samples, facet, { value, count, selected }, request) => {
    const made = (selected ? samples.on : samples.off).cloneNode(true);
    const link = made.querySelector("a");
    link.href = address(toggled(asFound(request, facet, value), facet, value));
    link.dataset.key = `${facet} ${value}`;
    link.querySelector("bdi").replaceChildren(...breakable(valueOf(facet, value)));
    link.querySelector(".count [aria-hidden]").textContent = whole.format(count);
    link.querySelector(".count .hidden").textContent = entriesOf(count) + (selected ? `, ${words.takeOff}` : "");
    return made;
  };

  /** The request with a facet's value spelt as the entries have it, so that a click takes it off. */
  const asFound = (request, facet, value) => {
    const same = (request.filters[facet] ?? []).map((one) => (relnotes.analysis.nameKey(one) === relnotes.analysis.nameKey(value) ? value : one));
    return same.length ? { ...request, filters: { ...request.filters, [facet]: [...new Set(same)] } } : request;
  };

  const chips = (request) => {
    const made = Object.entries(request.filters).flatMap(([facet, values]) => values.map((value) => [`${words.facets[facet]}: ${valueOf(facet, value)}`, toggled(request, facet, value)]));
    for (const name of ["since", "until"]) {
      if (request[name]) made.push([said(words[name], { day: dayOf(Date.parse(request[name]) / DAY) }), first(request, { [name]: null })]);
    }
    if (!made.length) return null;
    const list = specimen("chips");
    const sample = list.querySelector("li");
    list.replaceChildren(...made.map(([label, without]) => {
      const item = sample.cloneNode(true);
      item.querySelector("a").href = address(without);
      item.querySelector("bdi").replaceChildren(...breakable(label));
      return item;
    }));
    return list;
  };

  const orders = (request) =>
    element("p", { class: "orders" }, element("span", {}, words.sort), " ", ...["relevance", "date"].map((sort) => element("a", { href: address(first(request, { sort })), "aria-current": sort === request.sort ? "true" : undefined, "data-key": `sort ${sort}` }, words.orders[sort])));

  const pager = (request, total) => {
    const [number, last] = [request.offset / PAGE + 1, Math.ceil(total / PAGE)];
    if (last < 2) return null;
    const to = (page) => address({ ...request, offset: (page - 1) * PAGE });
    const near = [...new Set([1, number - 2, number - 1, number, number + 1, number + 2, last])].filter((page) => page >= 1 && page <= last).sort((a, b) => a - b);
    const item = (page) => element("li", {}, element("a", { href: to(page), "aria-current": page === number ? "page" : undefined }, hidden(`${words.page} `), String(page)));
    const items = near.flatMap((page, n) => (n && page - near[n - 1] > 1 ? [element("li", { "aria-hidden": "true" }, "…"), item(page)] : [item(page)]));
    return element("nav", { class: "pager", "aria-label": words.pages },
      number > 1 ? element("a", { rel: "prev", href: to(number - 1) }, words.newer) : null,
      element("ol", {}, ...items),
      number < last ? element("a", { rel: "next", href: to(number + 1) }, words.older) : null);
  };

  // -- the bars of months or years

  const bars = (months, request) => {
    const names = Object.keys(months);
    if (!names.length) return null;
    const [from, to] = [monthNumber(names[0]), monthNumber(names.at(-1))];
    const byYear = to - from >= MOST_MONTHS;
    const size = byYear ? 12 : 1;
    const [low, high] = [Math.floor(from / size), Math.floor(to / size)];
    if (low === high) return null;
    const counts = new Array(high - low + 1).fill(0);
    for (const name of names) counts[Math.floor(monthNumber(name) / size) - low] += months[name];
    const stretches = counts.map((count, n) => stretch((low + n) * size, size, count));
    return picture(stretches, byYear, request);
  };

  const monthNumber = (name) => Number(name.slice(0, 4)) * 12 + Number(name.slice(5)) - 1;

  const stretch = (month, size, count) => {
    const day = (at) => Date.UTC(Math.floor(at / 12), at % 12, 1) / DAY;
    const [since, until] = [day(month), day(month + size) - 1];
    return { since: iso(since), until: iso(until), label: size === 12 ? String(month / 12) : monthOf(since), count };
  };

  const picture = (stretches, byYear, request) => {
    const top = Math.max(...stretches.map((one) => one.count));
    const busiest = stretches.find((one) => one.count === top);
    const labels = [stretches[0].label, stretches.at(-1).label];
    const caption = said(byYear ? words.byYear : words.byMonth, { first: labels[0], last: labels[1], busiest: busiest.label, count: whole.format(top) });
    const drawing = svg("svg", { viewBox: `0 0 ${BAR * stretches.length} ${HEIGHT}`, width: BAR * stretches.length, height: HEIGHT, preserveAspectRatio: "none", "aria-hidden": "true" },
      ...stretches.map((one, n) => bar(one, n, top, request)));
    return element("figure", { class: "histogram" }, element("figcaption", { class: "hidden" }, caption), drawing,
      element("p", { "aria-hidden": "true" }, ...labels.map((label) => element("span", {}, label))));
  };

  const bar = ({ since, until, label, count }, n, top, request) => {
    const height = count ? Math.max(2, Math.round(((HEIGHT - 2) * count) / top)) : 0;
    const on = (request.since || request.until) && (request.since ?? since) <= since && until <= (request.until ?? until);
    return svg("a", { href: address(first(request, { since, until })), tabindex: "-1", ...(on ? { class: "on" } : {}) },
      svg("title", {}, said(words.bar, { label, count: entriesOf(count) })),
      svg("rect", { class: "room", x: n * BAR, y: 0, width: BAR, height: HEIGHT }),
      svg("rect", { class: "bar", x: n * BAR + 1, y: HEIGHT - height, width: BAR - 2, height }));
  };

  const svg = (name, attributes, ...children) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  // -- the page

  const heading = document.querySelector("#main h1");
  const summary = document.getElementById("summary");
  const [browse, columns] = [document.getElementById("browse"), document.getElementById("found")];
  const name = heading.textContent.trim();
  const titled = document.title;

  const show = (request, searcher) => {
    const found = searcher.search(request);
    const last = Math.max(1, Math.ceil(found.total / PAGE));
    const number = request.offset / PAGE + 1;
    if (number > last) return show({ ...request, offset: (last - 1) * PAGE }, searcher);
    const results = element("div", { class: "results" },
      element("p", { class: "to-filters" }, element("a", { href: "#filters" }, words.toFilters)),
      chips(request),
      ...found.hints.map(({ code, values }) => element("p", { class: "hint" }, said(words.hints[code], values))),
      meant(request, found.suggestions),
      bars(found.months, request),
      ...(found.total ? [orders(request), ...cards(searcher, found, request), pager(request, found.total)] : [nothing(request)]),
      specimen("tips"));
    replaced(() => columns.replaceChildren(results, fillFilters(specimen("filters"), found, request)));
    heading.replaceChildren(...(request.text ? [element("span", { class: "kicker-inline" }, name), " ", element("bdi", {}, request.text)] : [name]));
    summary.textContent = entriesOf(found.total) + (number > 1 ? `, ${said(words.pageOf, { number, last })}` : "");
    document.title = request.text ? titled.replace(name, () => request.text) : titled;
    [browse.hidden, columns.hidden] = [true, false];
  };

  const meant = (request, suggestions) => {
    const links = suggestions.map((text) => element("a", { href: address(first(request, { text })) }, line(text)));
    return links.length ? element("p", { class: "meant" }, words.meant, " ", ...links.flatMap((link, n) => (n ? [", ", link] : [link]))) : null;
  };

  const nothing = (request) => {
    const made = specimen("empty");
    const narrowed = Object.keys(request.filters).length || request.since || request.until;
    const [wider, chip] = [made.querySelector(".wider"), made.querySelector(".narrowed")];
    if (narrowed && request.text) {
      const link = wider.querySelector("a");
      link.href = address(first(request, { filters: {}, since: null, until: null }));
      link.querySelector("bdi").textContent = line(request.text);
    } else {
      wider.remove();
    }
    if (!narrowed) chip.remove();
    return made;
  };

  /** What had the focus has it again after the page was changed. */
  const replaced = (change) => {
    const focused = document.activeElement;
    const [within, key] = [columns.contains(focused), focused?.dataset?.key];
    const open = [...columns.querySelectorAll("details[open]")].map((one) => one.closest(".facet")?.querySelector("h2")?.textContent);
    change();
    for (const details of columns.querySelectorAll(".facet details")) {
      details.open = open.includes(details.closest(".facet").querySelector("h2").textContent);
    }
    if (!within) return;
    const same = [...columns.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    (same ?? document.getElementById("main")).focus({ preventScroll: true });
  };

  const rest = () => {
    [browse.hidden, columns.hidden] = [false, true];
    columns.replaceChildren();
    heading.replaceChildren(name);
    summary.textContent = "";
    document.title = titled;
  };

  let ready = null; // a promise of the searcher

  /** The searcher, made when it is wanted first. */
  const searching = async () => {
    await relnotes.load();
    return (ready ??= made());
  };

  const made = async () => {
    const { base, recent } = globalThis.relnotesParts;
    return new relnotes.search.Searcher(await relnotes.entries.Entries.read(globalThis.relnotesEntries, [base, recent], pause));
  };

  const pause = () => new Promise((done) => setTimeout(done));

  let latest = null;

  const render = async (request) => {
    latest = request;
    if (!isAsked(request)) return rest();
    try {
      const searcher = await searching();
      if (latest === request) show(request, searcher);
    } catch (error) {
      summary.textContent = words.failed;
      throw error;
    }
  };

  /** Go to a request's address, as a page of its own or, while the reader types, in place of the last one. */
  const go = (request, typing = false) => {
    const same = typing && history.state?.typing;
    history[same ? "replaceState" : "pushState"]({ typing }, "", isAsked(request) ? address(request) : location.pathname);
    return render(request);
  };

  const current = () => asked(location.search);

  const follow = (event) => {
    const link = event.target.closest?.("#found a[href]");
    const href = link?.getAttribute("href");
    if (!href?.startsWith("?") || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const request = asked(href);
    box.value = request.text;
    const paged = link.closest(".pager") !== null;
    go(request).then(() => paged && window.scrollTo(0, 0));
  };

  const typed = () => go(first(current(), { text: line(box.value), sort: sorted() }), true);
  const sorted = () => (box.value.trim() ? new URLSearchParams(location.search).get("sort") ?? "relevance" : "date");

  let waiting = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(typed, PAUSE);
  });
  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    go(first(current(), { text: line(box.value), sort: sorted() }));
  });
  document.addEventListener("click", follow);
  window.addEventListener("popstate", () => {
    const request = current();
    box.value = request.text;
    render(request);
  });
  box.addEventListener("focus", () => searching().catch(() => {}), { once: true });
  const request = current();
  box.value = request.text;
  if (isAsked(request)) render(request);
})();
