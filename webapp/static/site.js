/* What is nicer with JavaScript: results as you type, keys, hours where the reader is.  All works without. */
(() => {
  "use strict";

  const box = () => document.querySelector('.search input[name="q"]');
  const results = () => [...document.querySelectorAll(".card :is(h2, h3) a")];
  const writing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

  /** "/" goes to the search box, arrows go from it through the results and back. */
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "/" && !writing(event.target)) {
      event.preventDefault();
      box().select();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      step(event, event.key === "ArrowDown" ? 1 : -1);
    }
  };

  const step = (event, by) => {
    const places = [box(), ...results()];
    const at = places.indexOf(event.target);
    const next = at < 0 ? undefined : places[at + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  /** Below the search box, how the query may go on; asked for once the typing rests. */
  let resting;
  const complete = (event) => {
    if (event.target !== box() || !box().dataset.suggest) return;
    clearTimeout(resting);
    resting = setTimeout(offerCompletions, 120);
  };

  const offerCompletions = async () => {
    const typed = box().value;
    const answer = await fetch(`${box().dataset.suggest}?q=${encodeURIComponent(typed)}`).catch(() => null);
    if (!answer?.ok || box().value !== typed) return;
    const { suggestions } = await answer.json();
    box().list.replaceChildren(...suggestions.map(({ text }) => new Option("", text)));
  };

  /** Whose dates to write: day before month in English, as on the pages. */
  const region = () => (document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang);

  /** Beside the UTC hours of a window, the same in the reader's own zone. */
  const showLocalHours = () => {
    const format = new Intl.DateTimeFormat(region(), {
      dateStyle: "medium", timeStyle: "short",
    });
    const zone = format.resolvedOptions().timeZone;
    if (zone === "UTC") return;
    for (const time of document.querySelectorAll("time[data-end]:not([data-local])")) {
      const local = document.createElement("span");
      local.className = "local";
      local.textContent = `${format.formatRange(new Date(time.dateTime), new Date(time.dataset.end))} (${zone})`;
      time.after(local);
      time.dataset.local = zone;
    }
  };

  /** Pages may be read long after they were written: what runs, comes and is over goes by the reader's clock. */
  const showPresent = () => {
    const now = new Date();
    const begun = (within) => new Date(within.querySelector("time[data-end]").dateTime) <= now;
    const over = (within) => new Date(within.querySelector("time[data-end]").dataset.end) <= now;
    const announced = [...document.querySelectorAll("aside.next")];
    const next = announced.find((one) => !over(one));
    for (const one of announced) {
      one.hidden = one !== next;
      one.querySelector(".running").hidden = !begun(one);
      one.querySelector(".ahead").hidden = begun(one);
    }
    const coming = document.getElementById("slots-coming");
    for (const slot of coming ? [...coming.children] : []) {
      const runs = begun(slot) && !over(slot) && !slot.classList.contains("off");
      slot.classList.toggle("running", runs);
      slot.querySelector(".slot-time .status")?.remove();
      if (runs) slot.querySelector(".slot-time").append(statusMark(coming.dataset.running));
      if (over(slot)) moveToPast(slot);
    }
    if (coming && !coming.children.length) {
      coming.nextElementSibling.hidden = false;
      coming.remove();
    }
    for (const mark of document.querySelectorAll(".mark:is(.coming, .running)")) {
      if (new Date(mark.dataset.end) <= now) mark.setAttribute("class", "mark past");
    }
    for (const time of document.querySelectorAll(".lanes time")) {
      if (new Date(time.dataset.until) <= now) time.replaceWith("–");
    }
    const seen = document.getElementById("seen");
    const form = { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" };
    if (seen) seen.textContent = `${now.toLocaleString(region(), form)} UTC`;
  };

  const statusMark = (text) => {
    const mark = document.createElement("span");
    mark.className = "status";
    mark.textContent = text;
    return mark;
  };

  const moveToPast = (slot) => {
    const year = slot.querySelector("time").dateTime.slice(0, 4);
    const past = document.querySelector(`details[data-year="${year}"]`) ?? newYear(year);
    past.querySelector(".slots").prepend(slot);
    const count = past.querySelectorAll(".slot").length;
    const { one, other } = document.getElementById("past").dataset;
    const single = new Intl.PluralRules(document.documentElement.lang).select(count) === "one";
    past.querySelector(".count").textContent = (single ? one : other).replace("#", count);
  };

  /** A year that had no past window when the page was written; it stands before the others. */
  const newYear = (year) => {
    const made = document.getElementById("new-year").content.firstElementChild.cloneNode(true);
    made.dataset.year = year;
    made.querySelector(".year").textContent = year;
    const past = document.getElementById("past").parentElement;
    past.querySelector(":scope > .empty")?.remove();
    document.getElementById("past").after(made);
    return made;
  };

  /** What stands outside the results follows them: feeds of what is shown, this page in other languages. */
  const followHead = (event) => {
    const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
    const own = 'link[rel="alternate"], link[rel="canonical"], meta[name="robots"]';
    document.head.querySelectorAll(own).forEach((element) => element.remove());
    document.head.append(...page.head.querySelectorAll(own));
    document.getElementById("languages").replaceWith(page.getElementById("languages"));
  };

  const announce = () => {
    const summary = document.querySelector('main [role="status"]');
    document.getElementById("announce").textContent = summary ? summary.textContent : "";
  };

  /** The address of an entry, for pasting elsewhere; only where the browser lets a page write to the clipboard. */
  const offerCopying = () => {
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll("button[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.copied;
        document.getElementById("announce").textContent = button.dataset.copied;
      });
    }
  };

  document.addEventListener("keydown", onKey);
  document.addEventListener("input", complete);
  document.addEventListener("htmx:afterSwap", (event) => {
    followHead(event);
    showLocalHours();
    announce();
  });
  showPresent();
  showLocalHours();
  offerCopying();
})();
