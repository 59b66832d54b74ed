"""Does any input make the parser raise anything but its own errors, or break what must hold of a parse?

    pip install atheris
    python -m bench.fuzz_parse --seconds 600 [--findings DIR]

Coverage-guided fuzzing with atheris over decoding, recognition of the form, the four readers and the parse.
The first byte chooses a form to force, or none; the rest is the document.  It begins with pieces of the
corpus.  A finding does not stop it: the shortest input of each kind is kept in `--findings`, with its
traceback beside it.  Exit status 1 where there was one.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "ingest"))

with atheris.instrument_imports(include=["ingest"]):
    from ingest.errors import RelnotesError
    from ingest.lexicon import load
    from ingest.model import Form
    from ingest.pipeline import parse
    from ingest.readers import read

from invariants import check  # noqa: E402

FORMS = (None, None, None, *Form)  # three of seven inputs are recognised by content
PIECE = 300  # bytes
LEXICON = load()


class Target:
    """Parses inputs, counts them by what became of them, and keeps the shortest of each kind of finding."""

    def __init__(self, findings: Path) -> None:
        self.findings = findings
        self.shortest: dict[str, int] = {}
        self.outcomes: Counter[str] = Counter()
        self.started = time.monotonic()

    def __call__(self, data: bytes) -> None:
        try:
            self.parse(data)
            self.outcomes["parsed"] += 1
        except RelnotesError:
            self.outcomes["refused"] += 1
        except Exception as error:
            self.outcomes["found"] += 1
            self.keep(data, error)

    def parse(self, data: bytes) -> None:
        form = FORMS[data[0] % len(FORMS)] if data else None
        check(parse(read(data[1:], "fuzz", form), LEXICON))

    def keep(self, data: bytes, error: Exception) -> None:
        kind = kind_of(error)
        if len(data) >= self.shortest.get(kind, sys.maxsize):
            return
        self.shortest[kind] = len(data)
        (self.findings / kind).write_bytes(data)
        trace = "".join(traceback.format_exception(error))
        (self.findings / f"{kind}.traceback").write_text(trace, encoding="utf-8", errors="backslashreplace")

    def report(self) -> str:
        seconds = time.monotonic() - self.started
        total = self.outcomes.total()
        told = ", ".join(f"{self.outcomes[kind]:,} {kind}" for kind in ("parsed", "refused", "found"))
        return f"{total:,} inputs in {seconds:.0f} s ({told}), {len(self.shortest)} kinds of finding"


def kind_of(error: Exception) -> str:
    """A file name for findings with the same error at the same line, of the parser or of the invariants."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "ingest" in Path(frame.filename).parent.parts]
    place = f"{Path(own[-1].filename).stem}-{own[-1].lineno}" if own else "nowhere"
    return f"{type(error).__name__}-{place}"


def seeds() -> Iterator[bytes]:
    """Pieces of the corpus's documents, each to be recognised by content."""
    for document in sorted((ROOT / "corpus").iterdir()):
        if document.suffix in (".txt", ".md", ".html", ".rss", ".atom"):
            data = document.read_bytes()
            yield from (b"\0" + data[at : at + PIECE] for at in range(0, min(len(data), 20 * PIECE), PIECE))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=600, help="how long to run")
    parser.add_argument(
        "--findings", type=Path, default=Path("fuzz-findings"), help="where findings are kept"
    )
    parser.add_argument("--inputs", type=int, default=-1, help="stop after as many inputs")
    args = parser.parse_args()
    args.findings.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="fuzz-seeds-"))
    for number, seed in enumerate(seeds()):
        (folder / f"{number:04}").write_bytes(seed)
    target = Target(args.findings)

    def counted(data: bytes) -> None:
        target(data)
        if time.monotonic() - target.started >= args.seconds or target.outcomes.total() == args.inputs:
            print(target.report(), flush=True)
            os._exit(bool(target.shortest))  # libFuzzer would take an exception for a crash

    options = ["-max_len=1000", "-timeout=30", "-verbosity=0", "-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *options, str(folder)], counted)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
