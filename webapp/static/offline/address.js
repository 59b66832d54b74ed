/* What does an address ask for?  Query strings to requests and back, as webapp/querystring.py. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { line } = relnotes.words;

  const FACETS = ["type", "product", "endpoint", "param", "lang", "year", "status"];
  const PAGE = 20; // entries
  const LONGEST = 400; // characters of a query

  /** The request of a query string, as the web app reads it (webapp/querystring.py). */
  const asked = (query) => {
    const given = new URLSearchParams(query);
    const last = (name) => (given.getAll(name).at(-1) ?? "").trim();
    const text = line(last("q")).slice(0, LONGEST);
    const day = (name) =>
      /^\d{4}-\d\d-\d\d$/.test(last(name)) && !Number.isNaN(Date.parse(last(name))) ? last(name) : null;
    const filters = {};
    for (const facet of FACETS) {
      const values = [
        ...new Set(
          given
            .getAll(facet)
            .map((value) => value.trim())
            .filter(Boolean),
        ),
      ];
      if (values.length) filters[facet] = values;
    }
    const sort = ["relevance", "date"].includes(last("sort")) ? last("sort") : text ? "relevance" : "date";
    const page = /^[1-9]\d{0,5}$/.test(last("page")) ? Number(last("page")) : 1;
    return {
      text,
      filters,
      since: day("since"),
      until: day("until"),
      sort,
      limit: PAGE,
      offset: (page - 1) * PAGE,
    };
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

  const isAsked = (request) =>
    Boolean(
      request.text || Object.keys(request.filters).length || request.since || request.until || request.offset,
    );

  relnotes.address = { FACETS, PAGE, asked, address, first, toggled, isAsked };
})();
