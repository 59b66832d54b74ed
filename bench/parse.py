"""What does a megabyte cost to parse?  Ours beside what others need for a part of the work, on the same text.

    pip install dateparser
    python -m bench.parse                    a table
    python -m bench.parse --megabytes 1 --json

The text is the corpus's plain documents, repeated; in every copy each line's longest word gets an ending of
its own, so that what is remembered of one line does not serve another.  `parse` is the whole parse, from
bytes to entries.  `tree` is BeautifulSoup with lxml building a tree of the same lines as HTML paragraphs,
`language` langdetect with two profiles asked once a line, `dates` dateparser's search over lines.  The last
two run on a sample.
Each figure is the median of the rounds, in seconds a megabyte (10^6 bytes); ratios are to `parse`.
"""

from __future__ import annotations

import argparse
import html
import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from statistics import median
from time import process_time

from bs4 import BeautifulSoup
from dateparser.search import search_dates
from langdetect import DetectorFactory, LangDetectException

from bench.text import MEGABYTE, text_of
from ingest.lexicon import load
from ingest.model import Form
from ingest.pipeline import parse
from ingest.readers import read

SAMPLES = {"language": 0.02, "dates": 0.002}  # megabytes; all of it would take minutes
LANGUAGES = ("en", "fr")


def ours(text: str) -> None:
    parse(read(text.encode(), "bench", Form.TEXT), load())


def tree(text: str) -> None:
    paragraphs = "".join(f"<p>{html.escape(line)}</p>\n" for line in text.split("\n") if line.strip())
    BeautifulSoup(f"<html><body>{paragraphs}</body></html>", "lxml")


def language(text: str) -> None:
    for line in text.split("\n"):
        if line.strip():
            guess(line)


def guess(line: str) -> str | None:
    detector = profiles().create()
    detector.append(line)
    try:
        return str(detector.detect())
    except LangDetectException:
        return None


@cache
def profiles() -> DetectorFactory:
    """langdetect with only the profiles it needs, which is quicker than with all 55."""
    factory = DetectorFactory()
    folder = files("langdetect") / "profiles"
    factory.load_json_profile([(folder / code).read_text(encoding="utf-8") for code in LANGUAGES])
    return factory


def dates(text: str) -> None:
    for line in text.split("\n"):
        if line.strip():
            search_dates(line, languages=list(LANGUAGES))


ENGINES: dict[str, Callable[[str], None]] = {
    "parse": ours,
    "tree": tree,
    "language": language,
    "dates": dates,
}


def seconds_a_megabyte(work: Callable[[str], None], text: str, rounds: int) -> float:
    """The median of the rounds, in seconds of processor time."""
    taken = []
    for _ in range(rounds):
        started = process_time()
        work(text)
        taken.append(process_time() - started)
    return median(taken) * MEGABYTE / len(text.encode())


def measure(megabytes: float, rounds: int) -> dict[str, float]:
    for work in ENGINES.values():
        work("June 4, 2022: warm up.\n")
    return {
        name: seconds_a_megabyte(work, text_of(min(megabytes, SAMPLES.get(name, megabytes))), rounds)
        for name, work in ENGINES.items()
    }


def table(costs: dict[str, float]) -> str:
    lines = [f"{'':10}{'s a MB':>10}{'to parse':>10}"]
    lines += [f"{name:10}{cost:>10.3f}{cost / costs['parse']:>10.2f}" for name, cost in costs.items()]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--megabytes", type=float, default=2.0, help="length of the text")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is run; the median counts")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    args = parser.parse_args()
    costs = measure(args.megabytes, args.rounds)
    ratios = {name: round(cost / costs["parse"], 3) for name, cost in costs.items()}
    figures = {"megabytes": args.megabytes, "seconds_a_megabyte": costs, "ratio_to_parse": ratios}
    print(json.dumps(figures) if args.json else table(costs))


if __name__ == "__main__":
    main()
