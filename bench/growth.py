"""Does the parse of any one repeated fragment take time in proportion to its length?

    python -m bench.growth                       every fragment as one line, 64 and 512 kB, worst first
    python -m bench.growth --kilobytes 10240 --sample 60     60 of them, as one line of 10 MB
    python -m bench.growth --documents           the corpus from 30 kB on, ten times as much each time
    python -m bench.growth --files --most 300000     the same in files of 1 MB, as `ingest` reads them

The fragments stand in bench/fragments.toml.  For each: seconds for the shorter and the longer text, and how
many times more a kilobyte of the longer one costs.  About 1 is linear; a quadratic fragment shows 8.
"""

from __future__ import annotations

import argparse
import resource
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from bench.text import text_of
from ingest.errors import RelnotesError
from ingest.lexicon import load
from ingest.model import Form, Hints
from ingest.pipeline import parse
from ingest.readers import read
from webapp.commands.jobs import Task, cores, readings

FRAGMENTS: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("fragments.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True, slots=True)
class Case:
    """A fragment, read as a form; for feeds and HTML it stands in a document of that form."""

    form: Form
    fragment: str

    def text(self, length: int) -> str:
        body = self.fragment * max(1, length // len(self.fragment.encode()))
        if self.form is Form.FEED:
            return f"<rss><channel><title>a</title><item><title>a</title></item>{body}</channel></rss>"
        return f"<html><body>{body}</body></html>" if self.form is Form.HTML else body


def cases() -> Iterator[Case]:
    for name, forms in (
        ("text", (Form.TEXT, Form.MARKDOWN, Form.HTML)),
        ("lines", (Form.TEXT, Form.MARKDOWN)),
        ("markdown", (Form.MARKDOWN,)),
        ("html", (Form.HTML,)),
        ("feed", (Form.FEED,)),
    ):
        yield from (Case(form, fragment) for form in forms for fragment in FRAGMENTS[name])


def seconds(case: Case, length: int) -> float:
    """The time in which a text of `length` bytes is parsed."""
    data = case.text(length).encode()
    started = process_time()
    with suppress(RelnotesError):
        parse(read(data, "growth", case.form), load())
    return process_time() - started


def measure(short: int, long: int, measured: Sequence[Case]) -> list[tuple[float, float, float, Case]]:
    """(cost of a byte in the long text to one in the short one, both times, the case), the worst first."""
    found = []
    for case in measured:
        first = min(seconds(case, short) for _ in range(2))
        second = seconds(case, long)
        found.append((second / max(first, 0.001) * short / long, first, second, case))
    return sorted(found, key=lambda row: -row[0])


def documents(most: int) -> None:
    """Time and memory for the corpus at growing lengths, one parse each."""
    print(f"{'kB':>8}{'s':>10}{'s a MB':>10}{'peak MB':>10}")
    length = 30
    while length <= most:
        data = text_of(length / 1000).encode()
        started = process_time()
        parse(read(data, "growth", Form.TEXT), load())
        taken = process_time() - started
        print(f"{length:>8}{taken:>10.2f}{taken * 1000 / length:>10.2f}{peak():>10}", flush=True)
        length *= 10


def files(most: int) -> None:
    """Time and memory for the corpus in files of 1 MB, read by as many processes as there are cores."""
    print(f"{'MB':>8}{'s':>10}{'s a MB':>10}{'peak MB':>10}")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "log.txt"
        file.write_text(text_of(1), encoding="utf-8")
        count = 3
        while count <= most / 1000:
            tasks = [Task(str(number), str(file), Hints()) for number in range(count)]
            started = perf_counter()
            with readings(tasks, cores()) as read_back:
                entries = sum(len(result.entries) for _, result in read_back)
            taken = perf_counter() - started
            print(
                f"{count:>8}{taken:>10.1f}{taken / count:>10.2f}{peak():>10}   {entries:,} entries",
                flush=True,
            )
            count *= 10


def peak() -> int:
    """The most memory that this process or one that it started has taken, in megabytes."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(one).ru_maxrss for one in who) // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kilobytes", type=int, default=512, help="length of the longer text")
    parser.add_argument(
        "--documents", action="store_true", help="measure the corpus at growing lengths instead"
    )
    parser.add_argument("--files", action="store_true", help="measure many files instead")
    parser.add_argument("--most", type=int, default=30_000, help="longest text of these two, in kilobytes")
    parser.add_argument("--sample", type=int, help="measure so many fragments, the same at each run")
    parser.add_argument("--shown", type=int, default=20, help="how many fragments to show")
    args = parser.parse_args()
    if args.documents:
        documents(args.most)
        return
    if args.files:
        files(args.most)
        return
    chosen = list(cases())
    if args.sample:
        chosen = Random(0).sample(chosen, min(args.sample, len(chosen)))
    rows = measure(args.kilobytes * 1024 // 8, args.kilobytes * 1024, chosen)
    print(f"{'growth':>8}{'s':>9}{'s':>9}  form      fragment")
    for growth, first, second, case in rows[: args.shown]:
        print(f"{growth:>8.2f}{first:>9.3f}{second:>9.3f}  {case.form:<10}{case.fragment!r}")


if __name__ == "__main__":
    main()
