"""How big is the static site's search, and how soon is its first result?  Beside MiniSearch, in one run.

    python -m bench.offline                  10,000 entries, a table
    python -m bench.offline --entries 1000 --data /tmp/bench

The same entries and queries as `bench.search`, whose words are drawn at random: text that packs worse than
any that people write.  `index` is what finds entries; the files of texts, from which hits are shown, are
counted apart, and Node has them before the first query.  Both engines run in Node (`npm install --no-save
minisearch@7`); MiniSearch has no phrases, facets or highlights of its own, so its facets are counted over its
results, and its index holds no text.  `first 10` is how many of the server's first ten entries are found
among the first ten.

Where Chromium is installed, the page is opened from a folder and typed into: `first` is from the first key to
the first result, loading included (60 ms of it wait for another key), `of it at work` what of that kept a
processor busy, `next` for each query after it, `blocked` the longest task of the page.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from selenium.webdriver.remote.webdriver import WebDriver

from bench.corpus import entries, fill
from bench.queries import Asked, queries
from bench.search import SAMPLE
from index.build import update
from index.query import SearchRequest
from index.store import Store
from tests.webapp.browser import MISSING, start
from webapp import offline
from webapp.config import SiteConfig
from webapp.export import build
from webapp.library import Library
from webapp.staticsite import Settings
from webapp.theme import Theme

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "webapp" / "static"
MINISEARCH = ROOT / "node_modules" / "minisearch" / "dist" / "cjs" / "index.cjs"
TYPED = """
const [text, done] = arguments;
const box = document.querySelector('.search input[name="q"]');
const start = performance.now();
const shown = () => document.querySelector("#main h1 bdi")?.textContent === text;
const watch = new MutationObserver(() => {
  if (!shown()) return;
  watch.disconnect();
  done(performance.now() - start);
});
watch.observe(document.getElementById("main"), { childList: true, subtree: true });
box.value = text;
box.dispatchEvent(new Event("input", { bubbles: true }));
"""
WATCH = """
globalThis.longest = 0;
new PerformanceObserver((list) => {
  for (const task of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, task.duration);
}).observe({ type: "longtask", buffered: true });
"""


@dataclass(frozen=True)
class Engine:
    """Bytes of the index, as it is and packed by gzip; milliseconds; how well the first ten agree."""

    name: str
    raw: int
    gzip: int
    load: float
    times: list[float]
    overlap: float


def filled(data: Path, count: int) -> None:
    """A store and its index, made unless they are there."""
    if not (data / "store.sqlite").exists():
        fill(data, count)
    with Store.open(data) as store:
        update(store, data / "index")


def engines(library: Library, scripts: tuple[Path, Path], asked: list[Asked]) -> Iterator[Engine]:
    """Ours by its scripts, of the index and of the texts, and MiniSearch."""
    wanted = [list(library.find(one.request).ids[:10]) for one in asked]
    questions = [{"request": _as_json(one.request), **_plain(one)} for one in asked]
    ours = {"folder": str(STATIC), "script": str(scripts[0]), "shown": str(scripts[1])}
    tasks: list[dict[str, Any]] = [{"engine": "ours", **ours}]
    if MINISEARCH.exists():
        documents = list(_documents(library))
        tasks.append({"engine": "minisearch", "library": str(MINISEARCH), "documents": documents})
    for task in tasks:
        found = _node({**task, "queries": questions})
        answers = found.pop("answers")
        pairs = list(zip(asked, wanted, answers, strict=True))
        shared = [_shared(ids, one["ids"][:10]) for kind, ids, one in pairs if not kind.filters]
        times = [one["ms"] for one in answers]
        yield Engine(task["engine"], **found, times=times, overlap=fmean(shared))


def _shared(ids: list[str], others: list[str]) -> float:
    return len(set(ids) & set(others)) / len(ids) if ids else 1.0


def _plain(one: Asked) -> dict[str, Any]:
    return {"words": " ".join(one.words), "prefix": one.kind == "prefix"}


def _as_json(request: SearchRequest) -> dict[str, Any]:
    filters = {facet: list(values) for facet, values in request.filters.items()}
    return {"text": request.text, "filters": filters, "sort": request.sort.value, "limit": 20, "offset": 0}


def _documents(library: Library) -> Iterator[dict[str, Any]]:
    for stored in library.store.all():
        entry = stored.entry
        names = [mention.name for mention in (*entry.products, *entry.endpoints, *entry.parameters)]
        facets = [entry.type.value, entry.lang, *names]
        yield {"id": stored.id, "title": entry.title, "text": stored.text, "facets": facets}


def _node(task: dict[str, Any]) -> dict[str, Any]:
    command = ["node", str(ROOT / "bench" / "offline.js")]
    run = subprocess.run(command, input=json.dumps(task), stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def scripts_of(library: Library) -> dict[str, bytes]:
    """The data files of a site of these entries."""
    ids = library.view().newest
    parting = offline.parted(library.store.latest(offline.unsettled(len(ids))), ids)
    parts = {
        name: offline.Collection(
            entries=library.store.get_many(ids),
            lengths=library.lengths(),
            folder=lambda facet, value: value,
        )
        for name, ids in (("base", parting.base), ("recent", parting.recent))
    }
    languages = [each.value for each in library.values("lang")]
    return dict(offline.files(parting, parts, languages, {}, library.digest.forms))


def page(folder: Path, scripts: dict[str, bytes]) -> Path:
    """A small site with the data of the large one: pages of entries take no part in a search."""
    filled(folder / "data", 20)
    out = folder / "site"
    build(Settings(SiteConfig(folder / "data"), Theme()), out)
    for path, script in scripts.items():
        (out / path).parent.mkdir(exist_ok=True)
        (out / path).write_bytes(script)
    return out / "search" / "index.html"


def worked(window: WebDriver) -> float:
    """Milliseconds that the page has kept a processor busy: other programs on the machine do not count."""
    window.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})  # type: ignore[attr-defined]
    found = window.execute_cdp_cmd("Performance.getMetrics", {})  # type: ignore[attr-defined]
    return 1000 * next(float(one["value"]) for one in found["metrics"] if one["name"] == "TaskDuration")


def typed(window: WebDriver, place: Path, asked: list[Asked]) -> dict[str, float]:
    """Milliseconds from a key to what it finds."""
    firsts, own = [], []
    for one in asked[:5]:
        window.get(place.as_uri())
        before = worked(window)
        firsts.append(window.execute_async_script(TYPED, one.request.text))
        own.append(worked(window) - before)
    window.execute_script(WATCH)
    words = list(dict.fromkeys(one.request.text for one in asked[5:]))
    times = [window.execute_async_script(TYPED, text) for text in words]
    return {
        "first": float(np.median(firsts)),
        "first at most": max(firsts),
        "of it at work": float(np.median(own)),
        "next p50": float(np.percentile(times, 50)),
        "next p95": float(np.percentile(times, 95)),
        "blocked": float(window.execute_script("return globalThis.longest")),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=10_000)
    parser.add_argument("--data", type=Path, help="folder to keep the entries in, and to take them from")
    options = parser.parse_args()
    asked = queries(list(islice(entries(SAMPLE), SAMPLE)))
    with tempfile.TemporaryDirectory() as fresh:
        data = options.data or Path(fresh) / "data"
        filled(data, options.entries)
        library = Library(data)
        scripts = scripts_of(library)
        texts = [script for path, script in scripts.items() if "/texts/" in path]
        index = [script for path, script in scripts.items() if "/texts/" not in path]
        joined = Path(fresh) / "index.js", Path(fresh) / "texts.js"
        for path, those in zip(joined, (index, texts), strict=True):
            path.write_bytes(b"".join(those))
        print(f"{options.entries:,} entries, {len(asked)} queries; bytes and milliseconds")
        print(f"{'':12}{'index':>12}{'gzip':>12}{'load':>9}{'p50':>9}{'p95':>9}{'mean':>9}{'first 10':>10}")
        for one in engines(library, joined, asked):
            p50, p95 = np.percentile(one.times, [50, 95])
            row = f"{one.load:9.0f}{p50:9.2f}{p95:9.2f}{fmean(one.times):9.2f}{one.overlap:10.3f}"
            print(f"{one.name:12}{one.raw:12,}{one.gzip:12,}{row}")
        sizes = [len(gzip.compress(script)) for script in texts]
        print(f"texts: {len(sizes):,} files, {sum(sizes):,} bytes by gzip, at most {max(sizes):,} each")
        if MISSING:
            print(MISSING)
            return
        window = start(Path(fresh) / "profile")
        try:
            found = typed(window, page(Path(fresh), scripts), asked)
        finally:
            window.quit()
        print("in Chromium:", ", ".join(f"{name} {value:.0f} ms" for name, value in found.items()))


if __name__ == "__main__":
    main()
