"""Learns `ingest/names.json` from this project's labelled texts: `python tests/ingest/learn_names.py`.

    pip install scikit-learn
    python tests/ingest/learn_names.py --without held_out_44 --to /tmp/names.json

Three linear models: which words name a parameter, at which words the name of a call begins, and to which
words it goes on.  What is weighed are the cues of `ingest/likely_parameters.py` and `ingest/likely_calls.py`,
as the parser makes them where no likely call is known yet.  `--without` leaves folders of documents out, so
that they can be measured.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from labelled import Labelled, every_labelled
from scipy.sparse import csr_matrix
from scoring import Comparison, judges
from sklearn.linear_model import LogisticRegression

from ingest import scales
from ingest.around import TOKEN, Words
from ingest.contract import as_json
from ingest.lexicon import load
from ingest.likely_calls import LikelyCalls, Marked
from ingest.likely_parameters import LikelyParameters, Weighed
from ingest.pipeline import parse
from ingest.readers import read
from ingest.roles import Part

MODEL = Path(scales.__file__).with_name("names.json")
STRENGTH = (
    6.0  # of what the texts say against the wish for small weights; from 1.5 to 12 others are read alike
)
FEWEST = 3  # words that a cue must be found at
LEAST = 0.1  # a weight below this is none
PATHS = re.compile(r"[A-Z]+ (?:https?:|/)|/|https?:")
Sample = tuple[list[str], bool]


class Asked(NamedTuple):
    """What the parser asked about one entry."""

    parts: Sequence[Part]
    words: Words
    api: bool


class Samples(NamedTuple):
    """Cues, and whether they are those of a name."""

    parameter: list[Sample]
    call: list[Sample]
    call_goes_on: list[Sample]


def samples(documents: Sequence[Labelled]) -> Samples:
    found = Samples([], [], [])
    for document in documents:
        _learn_from(document, found)
    return found


def _learn_from(document: Labelled, found: Samples) -> None:
    for label, calls, names in _entries(document):
        if names and judges(label, "parameters"):
            likely, asked = names
            told = {name.lower() for name in label.get("parameters", ())}
            for one in likely.candidates(*asked):
                found.parameter.append((one.cues, one.name.lower() in told))
        if calls and judges(label, "endpoints"):
            weigher, asked = calls
            spans = dict(_spans(asked.words, label.get("endpoints", ())))
            for at, cues in weigher.beginnings(*asked):
                found.call.append((cues, at in spans))
            marks = Marked(asked.parts)
            for first, last in spans.items():
                for at in weigher.further(asked.words, first):
                    if at <= last + 1:
                        cues = weigher.cues_of_going_on(asked.words, first, at, marks)
                        found.call_goes_on.append((cues, at <= last))


def _entries(document: Labelled) -> Iterator[tuple[dict[str, Any], Any, Any]]:
    """The labelled entries, each with what was asked about its calls and its parameters, if anything was."""
    calls: dict[int, Any] = {}
    names: dict[int, Any] = {}

    def note_calls(self: LikelyCalls, parts: Sequence[Part], words: Words, api: bool) -> list[Any]:
        calls[parts[0].block.span.start] = self, Asked(parts, words, api)
        return []

    def note_names(self: LikelyParameters, parts: Sequence[Part], words: Words, api: bool) -> Weighed:
        names[parts[0].block.span.start] = self, Asked(parts, words, api)
        return Weighed()

    find_calls, find_names = LikelyCalls.find, LikelyParameters.find
    LikelyCalls.find, LikelyParameters.find = note_calls, note_names  # type: ignore[method-assign,assignment]
    try:
        result = parse(read(document.document.read_bytes(), document.document.name), load())
    finally:
        LikelyCalls.find, LikelyParameters.find = find_calls, find_names  # type: ignore[method-assign]
    told = as_json(result)["entries"]
    entries = {id(value): entry for value, entry in zip(told, result.entries, strict=True)}
    for label, value in Comparison(document.entries, told).pairs:
        entry = entries[id(value)]
        at = next((at for at in names if at in entry.span), None)
        if at is not None:
            yield label, calls.get(at), names.get(at)


def _spans(words: Words, names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where names of calls stand: the numbers of their first and last words."""
    printed = [_folded(word) for word in words.printed]
    for name in names:
        said = [_folded(word) for word in TOKEN.findall(name)]
        if said and not PATHS.match(name):
            for at in range(len(printed) - len(said) + 1):
                if printed[at : at + len(said)] == said:
                    yield at, at + len(said) - 1


def _folded(word: str) -> str:
    return word.lower().replace("’", "'")


def learn(told: Sequence[Sample]) -> dict[str, Any]:
    """A scale, as `ingest/scales.py` reads it."""
    counts = Counter(cue for cues, _ in told for cue in set(cues))
    columns = {cue: at for at, cue in enumerate(sorted(cue for cue, n in counts.items() if n >= FEWEST))}
    rows, ends = list[int](), [0]
    for cues, _ in told:
        rows += {columns[cue] for cue in cues if cue in columns}
        ends.append(len(rows))
    matrix = csr_matrix((np.ones(len(rows)), rows, ends), shape=(len(told), len(columns)))
    model = LogisticRegression(C=STRENGTH, max_iter=400, solver="liblinear")
    model.fit(matrix, [is_name for _, is_name in told])
    weights = {cue: float(model.coef_[0, at]) for cue, at in columns.items()}
    kept = {cue: round(weight * 100) for cue, weight in weights.items() if abs(weight) >= LEAST}
    return {"bias": round(float(model.intercept_[0]) * 100), "weights": kept}


def write(found: Samples, to: Path) -> None:
    learned = {name: learn(told) for name, told in found._asdict().items()}
    for name, told in found._asdict().items():
        print(f"{name}: {sum(y for _, y in told)} of {len(told)}, {len(learned[name]['weights'])} cues")
    to.write_text(json.dumps(learned, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Learns what names look like.")
    parser.add_argument("--without", nargs="*", default=[], help="Folders of documents to leave out.")
    parser.add_argument("--to", type=Path, default=MODEL, help="The file that is written.")
    asked = parser.parse_args()
    without = {f"tests/documents/{name}" for name in asked.without}
    write(samples([one for one in every_labelled() if one.folder not in without]), asked.to)


if __name__ == "__main__":
    main()
