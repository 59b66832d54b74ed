/* The search page of the static site: what the address asks for, found and shown as the web app shows it. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { words, element, specimen, said, line, entriesOf } = relnotes.words;
  const { PAGE, asked, address, first, isAsked } = relnotes.address;
  const { filters, chips, orders, pager } = relnotes.controls;
  const { cards } = relnotes.cards;
  const { bars } = relnotes.bars;

  const box = document.querySelector('.search input[name="q"]');
  const PAUSE = 60; // milliseconds without a key after which is searched

  const heading = document.querySelector("#main h1");
  const summary = document.getElementById("summary");
  const [browse, columns] = [document.getElementById("browse"), document.getElementById("found")];
  const name = heading.textContent.trim();
  const titled = document.title;

  const lastPage = (found) => Math.max(1, Math.ceil(found.total / PAGE));

  const show = (found, request, searcher) => {
    const last = lastPage(found);
    const number = request.offset / PAGE + 1;
    const results = element(
      "div",
      { class: "results" },
      element("p", { class: "to-filters" }, element("a", { href: "#filters" }, words.toFilters)),
      chips(request),
      ...found.hints.map(({ code, values }) =>
        element("p", { class: "hint" }, said(words.hints[code], values)),
      ),
      meant(request, found.suggestions),
      bars(found.months, request),
      ...(found.total
        ? [orders(request), ...cards(searcher, found, request), pager(request, found.total)]
        : [nothing(request)]),
      specimen("tips"),
    );
    replaced(() => columns.replaceChildren(results, filters(found, request, go)));
    heading.replaceChildren(
      ...(request.text
        ? [element("span", { class: "kicker-inline" }, name), " ", element("bdi", {}, request.text)]
        : [name]),
    );
    summary.textContent =
      entriesOf(found.total) + (number > 1 ? `, ${said(words.pageOf, { number, last })}` : "");
    document.title = request.text ? titled.replace(name, () => request.text) : titled;
    [browse.hidden, columns.hidden] = [true, false];
  };

  const meant = (request, suggestions) => {
    const links = suggestions.map((text) =>
      element("a", { href: address(first(request, { text })) }, line(text)),
    );
    return links.length
      ? element(
          "p",
          { class: "meant" },
          words.meant,
          " ",
          ...links.flatMap((link, n) => (n ? [", ", link] : [link])),
        )
      : null;
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
    const open = [...columns.querySelectorAll("details[open]")].map(
      (one) => one.closest(".facet")?.querySelector("h2")?.textContent,
    );
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
  const searching = () => (ready ??= relnotes.load().then(made));

  const made = () => {
    const { base, recent } = globalThis.relnotesParts;
    const entries = new relnotes.entries.Entries(globalThis.relnotesEntries, [base, recent]);
    return new relnotes.search.Searcher(entries, relnotes.loadTexts);
  };

  let latest = null;

  const render = async (request) => {
    latest = request;
    if (!isAsked(request)) return rest();
    try {
      const searcher = await searching();
      if (latest !== request) return;
      const found = await searcher.search(request);
      if (latest !== request) return;
      if (request.offset < found.total || !request.offset) return show(found, request, searcher);
      await render({ ...request, offset: (lastPage(found) - 1) * PAGE });
    } catch (error) {
      summary.textContent = words.failed;
      throw error;
    }
  };

  /** Go to a request's address, as a page of its own or, while the reader types, in place of the last one. */
  const go = (request, typing = false) => {
    const same = typing && history.state?.typing;
    history[same ? "replaceState" : "pushState"](
      { typing },
      "",
      isAsked(request) ? address(request) : location.pathname,
    );
    return render(request);
  };

  const current = () => asked(location.search);

  const follow = (event) => {
    const link = event.target.closest?.("#found a[href]");
    const href = link?.getAttribute("href");
    if (
      !href?.startsWith("?") ||
      event.button ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    const request = asked(href);
    box.value = request.text;
    const paged = link.closest(".pager") !== null;
    go(request).then(() => paged && window.scrollTo(0, 0));
  };

  const typed = () => go(first(current(), { text: line(box.value), sort: sorted() }), true);
  const sorted = () =>
    box.value.trim() ? (new URLSearchParams(location.search).get("sort") ?? "relevance") : "date";

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
