"""Learns `ingest/wording.json` from this project's labelled texts: `python tests/ingest/learn.py [--check]`.

    pip install scikit-learn

The texts: every labelled document, those beside the checkout too where they are present, and the short
announcements in `tests/ingest/announcements/`.  Only single words that several texts share are kept.
`--check` writes nothing: it leaves out a tenth of the documents after the other, learns from the rest, and
says how many types the words alone would have told.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log
from pathlib import Path
from typing import NamedTuple

import numpy as np
from labelled import Labelled, every_labelled, parsed, parsed_json
from scipy.sparse import csr_matrix
from scoring import Comparison, accepted_types
from sklearn.linear_model import LogisticRegression

from ingest import wording
from ingest.model import BlockKind, Entry, Span

MODEL = Path(wording.__file__).with_name("wording.json")
ANNOUNCEMENTS = Path(__file__).with_name("announcements")
STRENGTH = 20.0  # of what the texts say against the wish for small weights
FEWEST = 2  # texts that a term must stand in
FOLDS = 10


PRELUDE = {BlockKind.NAVIGATION, BlockKind.PAGE_TITLE, BlockKind.SECTION, BlockKind.DATE, BlockKind.LABEL}


class Sample(NamedTuple):
    """One text with its type, and the document that it is from."""

    origin: str
    kind: str
    terms: tuple[str, ...]


class Learned(NamedTuple):
    terms: dict[str, int]
    rarity: np.ndarray
    kinds: list[str]
    weights: np.ndarray
    bias: np.ndarray


def samples() -> Iterator[Sample]:
    for document in every_labelled():
        yield from _labelled(document)
    for path in sorted(ANNOUNCEMENTS.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            told = json.loads(line)
            text = f"{told['title']}\n{told['body']}"
            split = len(told["title"])
            terms = wording.terms_of(text, Span(0, split) if split else None, Span(split, len(text)))
            yield Sample(f"{path.name} {number % FOLDS}", told["type"], tuple(terms))


def _labelled(document: Labelled) -> Iterator[Sample]:
    read, told = parsed(document.document), parsed_json(document.document)
    entries = {id(value): entry for value, entry in zip(told, read.entries, strict=True)}
    for gold, value in Comparison(document.entries, told).pairs:
        if accepted_types(gold) == {gold["type"]}:
            terms = wording.terms_of(read.document.text, *_spans(entries[id(value)]))
            yield Sample(document.document.name, gold["type"], tuple(terms))


def _spans(entry: Entry) -> tuple[Span | None, Span]:
    """The title and the text below it."""
    heading = next((block for block in entry.blocks if block.kind is BlockKind.HEADING), None)
    if heading:
        return heading.content, Span(heading.span.end, entry.span.end)
    own = [block.span.start for block in entry.blocks if block.kind not in PRELUDE]
    return None, Span(min(own, default=entry.span.start), entry.span.end)


def learn(texts: Sequence[Sample]) -> Learned:
    counts = Counter(term for text in texts for term in text.terms)
    terms = {term: at for at, term in enumerate(sorted(t for t, n in counts.items() if n >= FEWEST))}
    rarity = np.array([1 + log(len(texts) / counts[term]) for term in terms])
    told = LogisticRegression(C=STRENGTH, max_iter=5000, class_weight="balanced")
    told.fit(_matrix(texts, terms, rarity), [text.kind for text in texts])
    return Learned(terms, rarity, list(told.classes_), told.coef_.T, told.intercept_)


def _matrix(texts: Sequence[Sample], terms: dict[str, int], rarity: np.ndarray) -> csr_matrix:
    """A row a text, as `wording.says` weighs it: unknown terms lengthen it only."""
    values, columns, ends = [], [], [0]
    for text in texts:
        rows = [terms[term] for term in text.terms if term in terms]
        length = ((rarity[rows] ** 2).sum() + len(text.terms) - len(rows)) ** 0.5
        values.extend(rarity[rows] / length)
        columns.extend(rows)
        ends.append(len(columns))
    return csr_matrix((values, columns, ends), shape=(len(texts), len(terms)))


def check(texts: Sequence[Sample]) -> None:
    """Prints how many types are told right by what was learned from other documents."""
    origins = sorted({text.origin for text in texts})
    right: Counter[str] = Counter()
    for fold in range(FOLDS):
        left_out = set(origins[fold::FOLDS])
        known = learn([text for text in texts if text.origin not in left_out])
        asked = [text for text in texts if text.origin in left_out]
        score = _matrix(asked, known.terms, known.rarity) @ known.weights + known.bias
        right.update(
            t.kind for t, at in zip(asked, score.argmax(axis=1), strict=True) if known.kinds[at] == t.kind
        )
    for kind, number in sorted(Counter(text.kind for text in texts).items()):
        print(f"{kind:12} {right[kind]:5} of {number:5}  {right[kind] / number:.3f}")
    print(f"{'all':12} {right.total():5} of {len(texts):5}  {right.total() / len(texts):.3f}")


def write(known: Learned) -> None:
    table = np.column_stack([known.rarity, known.weights])
    rows = (
        f"  {json.dumps(term, ensure_ascii=False)}: {hundredths(table[at])}"
        for term, at in known.terms.items()
    )
    head = f'{{"types": {json.dumps(known.kinds)},\n "bias": {hundredths(known.bias)},\n "weights": {{\n'
    MODEL.write_text(head + ",\n".join(rows) + "\n}}\n", encoding="utf-8")


def hundredths(values: np.ndarray) -> str:
    return json.dumps([round(float(value) * 100) for value in values], separators=(",", ":"))


if __name__ == "__main__":
    told = list(samples())
    if sys.argv[1:] == ["--check"]:
        check(told)
    else:
        write(learn(told))
