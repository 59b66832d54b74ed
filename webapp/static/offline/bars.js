/* How do the found entries spread over time?  Bars by month, or by year, as webapp/histogram.py. */
(() => {
  "use strict";
  const relnotes = (globalThis.relnotes ??= {});
  const { words, element, said, number, entriesOf, monthOf, iso } = relnotes.words;
  const { address, first } = relnotes.address;

  const [BAR, HEIGHT, MOST_MONTHS] = [12, 44, 96];
  const DAY = 864e5; // milliseconds

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
    return {
      since: iso(since),
      until: iso(until),
      label: size === 12 ? String(month / 12) : monthOf(since),
      count,
    };
  };

  const picture = (stretches, byYear, request) => {
    const top = Math.max(...stretches.map((one) => one.count));
    const busiest = stretches.find((one) => one.count === top);
    const labels = [stretches[0].label, stretches.at(-1).label];
    const caption = said(byYear ? words.byYear : words.byMonth, {
      first: labels[0],
      last: labels[1],
      busiest: busiest.label,
      count: number(top),
    });
    const drawing = svg(
      "svg",
      {
        viewBox: `0 0 ${BAR * stretches.length} ${HEIGHT}`,
        width: BAR * stretches.length,
        height: HEIGHT,
        preserveAspectRatio: "none",
        "aria-hidden": "true",
      },
      ...stretches.map((one, n) => bar(one, n, top, request)),
    );
    return element(
      "figure",
      { class: "histogram" },
      element("figcaption", { class: "hidden" }, caption),
      drawing,
      element("p", { "aria-hidden": "true" }, ...labels.map((label) => element("span", {}, label))),
    );
  };

  const bar = ({ since, until, label, count }, n, top, request) => {
    const height = count ? Math.max(2, Math.round(((HEIGHT - 2) * count) / top)) : 0;
    const on =
      (request.since || request.until) &&
      (request.since ?? since) <= since &&
      until <= (request.until ?? until);
    return svg(
      "a",
      { href: address(first(request, { since, until })), tabindex: "-1", ...(on ? { class: "on" } : {}) },
      svg("title", {}, said(words.bar, { label, count: entriesOf(count) })),
      svg("rect", { class: "room", x: n * BAR, y: 0, width: BAR, height: HEIGHT }),
      svg("rect", { class: "bar", x: n * BAR + 1, y: HEIGHT - height, width: BAR - 2, height }),
    );
  };

  const svg = (name, attributes, ...children) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  relnotes.bars = { bars };
})();
