/* What narrows the list down, orders it and leads through it?  Filters, chips, orders and pages. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { words, element, specimen, hidden, said, breakable, number, entriesOf, valueOf, dayOf } =
    relnotes.words;
  const { FACETS, PAGE, address, first, toggled } = relnotes.address;

  const VALUES_SHOWN = 8; // of a facet at once
  const DAY = 864e5; // milliseconds

  /** The filters beside the results; `go` is told the request that its days make. */
  const filters = (found, request, go) => {
    const aside = specimen("filters");
    const sample = aside.querySelector("section.facet");
    const groups = FACETS.filter((facet) => found.facets[facet].length);
    sample.replaceWith(
      ...groups.map((facet) => group(sample.cloneNode(true), facet, found.facets[facet], request)),
    );
    const form = aside.querySelector("form.days");
    for (const name of ["since", "until"]) form.elements[name].value = request[name] ?? "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const [since, until] = [form.elements.since.value || null, form.elements.until.value || null];
      go(first(request, { since, until }));
    });
    return aside;
  };

  const group = (made, facet, values, request) => {
    const samples = {
      on: made.querySelector("a[aria-current]").closest("li"),
      off: made.querySelector("a:not([aria-current])").closest("li"),
    };
    const choices = [...values.filter((one) => one.selected), ...values.filter((one) => !one.selected)].map(
      (one) => choice(samples, facet, one, request),
    );
    const [lists, details] = [made.querySelectorAll("ul"), made.querySelector("details")];
    made.querySelector("h2").textContent = words.facets[facet];
    lists[0].replaceChildren(...choices.slice(0, VALUES_SHOWN));
    lists[1].replaceChildren(...choices.slice(VALUES_SHOWN));
    const more = choices.length - VALUES_SHOWN;
    if (more > 0)
      details
        .querySelector("summary")
        .replaceChildren(said(words.more, { number: more }), hidden(` (${words.facets[facet]})`));
    else details.remove();
    return made;
  };

  const choice = (samples, facet, { value, count, selected }, request) => {
    const made = (selected ? samples.on : samples.off).cloneNode(true);
    const link = made.querySelector("a");
    link.href = address(toggled(asFound(request, facet, value), facet, value));
    link.dataset.key = `${facet} ${value}`;
    link.querySelector("bdi").replaceChildren(...breakable(valueOf(facet, value)));
    link.querySelector(".count [aria-hidden]").textContent = number(count);
    link.querySelector(".count .hidden").textContent =
      entriesOf(count) + (selected ? `, ${words.takeOff}` : "");
    return made;
  };

  /** The request with a facet's value spelt as the entries have it, so that a click takes it off. */
  const asFound = (request, facet, value) => {
    const same = (request.filters[facet] ?? []).map((one) =>
      relnotes.analysis.nameKey(one) === relnotes.analysis.nameKey(value) ? value : one,
    );
    return same.length
      ? { ...request, filters: { ...request.filters, [facet]: [...new Set(same)] } }
      : request;
  };

  const chips = (request) => {
    const made = Object.entries(request.filters).flatMap(([facet, values]) =>
      values.map((value) => [
        said(words.chip, { facet: words.facets[facet], value: valueOf(facet, value) }),
        toggled(request, facet, value),
      ]),
    );
    for (const name of ["since", "until"]) {
      if (request[name])
        made.push([
          said(words[name], { day: dayOf(Date.parse(request[name]) / DAY) }),
          first(request, { [name]: null }),
        ]);
    }
    if (!made.length) return null;
    const list = specimen("chips");
    const sample = list.querySelector("li");
    list.replaceChildren(
      ...made.map(([label, without]) => {
        const item = sample.cloneNode(true);
        item.querySelector("a").href = address(without);
        item.querySelector("bdi").replaceChildren(...breakable(label));
        return item;
      }),
    );
    return list;
  };

  const orders = (request) =>
    element(
      "p",
      { class: "orders" },
      element("span", {}, words.sort),
      " ",
      ...["relevance", "date"].map((sort) =>
        element(
          "a",
          {
            href: address(first(request, { sort })),
            "aria-current": sort === request.sort ? "true" : undefined,
            "data-key": `sort ${sort}`,
          },
          words.orders[sort],
        ),
      ),
    );

  const pager = (request, total) => {
    const [number, last] = [request.offset / PAGE + 1, Math.ceil(total / PAGE)];
    if (last < 2) return null;
    const to = (page) => address({ ...request, offset: (page - 1) * PAGE });
    const near = [...new Set([1, number - 2, number - 1, number, number + 1, number + 2, last])]
      .filter((page) => page >= 1 && page <= last)
      .sort((a, b) => a - b);
    const item = (page) =>
      element(
        "li",
        {},
        element(
          "a",
          { href: to(page), "aria-current": page === number ? "page" : undefined },
          hidden(`${words.page} `),
          String(page),
        ),
      );
    const items = near.flatMap((page, n) =>
      n && page - near[n - 1] > 1
        ? [element("li", { "aria-hidden": "true" }, "…"), item(page)]
        : [item(page)],
    );
    return element(
      "nav",
      { class: "pager", "aria-label": words.pages },
      number > 1 ? element("a", { rel: "prev", href: to(number - 1) }, words.newer) : null,
      element("ol", {}, ...items),
      number < last ? element("a", { rel: "next", href: to(number + 1) }, words.older) : null,
    );
  };

  relnotes.controls = { filters, chips, orders, pager };
})();
