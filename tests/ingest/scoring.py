"""How well does a parse agree with hand labels?  The figures of the label rules, each from 0 to 1.

Labels and parsed entries are in the form of docs/contract.md.  A parsed entry belongs to the label that
begins where it does, to within two characters; in HTML and feeds, to the one with its title.  What is
missed or invented counts against every figure that takes recall or precision.  `ambiguous` labels accept
either of two types ("policy or notice"), leave out fields ("effective: …"), or leave out the entry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ingest.model import EntryType

Label = Mapping[str, Any]
Pair = tuple[Label, Label]

LISTS = ("windows", "effective", "outage_minutes", "products", "endpoints", "parameters")
STATED = ("published", "status")
NEAR = 2  # columns by which two positions on one line may differ


def figures(labels: Sequence[Label], entries: Sequence[Label]) -> dict[str, float]:
    """Name → figure.  A figure that the labels give no occasion for is left out."""
    compared = Comparison(labels, entries)
    found = {"boundary_f1": compared.boundaries(), "span_exact": compared.spans()}
    found |= {"type_accuracy": compared.types(), "lang_accuracy": compared.languages()}
    found |= {f"{field}_f1": compared.values(field) for field in LISTS}
    found |= {f"{field}_accuracy": compared.stated(field) for field in STATED}
    found |= {"diagnostics_recall": compared.diagnostics()}
    return {name: figure for name, figure in found.items() if figure is not None}


@dataclass(frozen=True)
class Comparison:
    labels: Sequence[Label]
    entries: Sequence[Label]

    @cached_property
    def _places(self) -> dict[int, int]:
        """Index of each label that was found → of its entry; a label takes the first that is free."""
        places: dict[int, int] = {}
        for at, label in enumerate(self.labels):
            free = (i for i, e in enumerate(self.entries) if i not in places.values() and _begins(label, e))
            entry = next(free, None)
            if entry is not None:
                places[at] = entry
        return places

    @cached_property
    def pairs(self) -> list[Pair]:
        return [(self.labels[at], self.entries[entry]) for at, entry in self._places.items()]

    @cached_property
    def missed(self) -> list[Label]:
        unfound = (label for at, label in enumerate(self.labels) if at not in self._places)
        return [label for label in unfound if not label.get("optional_boundary")]

    @cached_property
    def invented(self) -> list[Label]:
        taken = set(self._places.values())
        return [entry for at, entry in enumerate(self.entries) if at not in taken]

    def boundaries(self) -> float:
        return f1(len(self.pairs), len(self.invented), len(self.missed))

    def spans(self) -> float | None:
        """Share of the labels whose last character was found too."""
        ended = [at for at in self._places if self.labels[at].get("end")]
        exact = [at for at in ended if self._ends_right(at)]
        return len(exact) / (len(ended) + len(self.missed)) if ended else None

    def _ends_right(self, at: int) -> bool:
        after = self.labels[at + 1] if at + 1 < len(self.labels) else {}
        if after.get("optional_boundary") and at + 1 not in self._places:
            return True  # it may run on into the entry after it
        end = self.entries[self._places[at]].get("end")
        return end is not None and _near(self.labels[at]["end"], end)

    def types(self) -> float:
        judged = [pair for pair in self.pairs if accepted_types(pair[0])]
        right = [1 for label, entry in judged if entry.get("type") in accepted_types(label)]
        return len(right) / max(1, len(judged) + sum(bool(accepted_types(label)) for label in self.missed))

    def languages(self) -> float:
        right = [1 for label, entry in self.pairs if label["lang"] == entry.get("lang")]
        return len(right) / max(1, len(self.pairs))

    def values(self, field: str) -> float:
        """F1 over the single values of a list."""
        right = extra = lost = 0
        for label, entry in self.pairs:
            if judges(label, field):
                want, got = _counted(label, field), _counted(entry, field)
                right += (want & got).total()
                extra += (got - want).total()
                lost += (want - got).total()
        lost += sum(_counted(label, field).total() for label in self.missed)
        extra += sum(_counted(entry, field).total() for entry in self.invented)
        return f1(right, extra, lost)

    def stated(self, field: str) -> float | None:
        """Share of the labels that state the field whose entry states the same, or more precisely."""
        told = [(label[field], entry.get(field) or "") for label, entry in self.pairs if label.get(field)]
        right = [1 for want, got in told if str(got).startswith(want)]
        return len(right) / len(told) if told else None

    def diagnostics(self) -> float | None:
        """Recall, wherever in the document they are raised."""
        want = Counter(code for label in self.labels for code in label.get("diagnostics", []))
        got = Counter(_code(told) for entry in self.entries for told in entry.get("diagnostics", []))
        return (want & got).total() / want.total() if want else None


def f1(right: int, extra: int, lost: int) -> float:
    """The harmonic mean of precision and recall; 1 where there was nothing to find and nothing was found."""
    return 2 * right / (2 * right + extra + lost) if right + extra + lost else 1.0


def accepted_types(label: Label) -> frozenset[str]:
    """The types that count as right; none where the type is left out of the figure."""
    note = label.get("ambiguous") or ""
    first, _, second = note.partition(" or ")
    if not note:
        return frozenset({label["type"]})
    if first in set(EntryType):
        return frozenset({first, second.split(":")[0].split(";")[0].strip()})
    return frozenset({label["type"]}) if ":" in note else frozenset()


def judges(label: Label, field: str) -> bool:
    """Whether the label's `field` counts."""
    note = label.get("ambiguous") or ""
    if not note or (" or " in note and note.split(" or ")[0] in set(EntryType)):
        return True
    return ":" in note and all(part.split(":")[0].strip() not in field for part in note.split(";"))


def _begins(label: Label, entry: Label) -> bool:
    if label.get("start"):
        return bool(entry.get("start")) and _near(label["start"], entry["start"])
    return _folded(label.get("title")) == _folded(entry.get("title"))


def _near(one: Sequence[int], other: Sequence[int]) -> bool:
    return one[0] == other[0] and abs(one[1] - other[1]) <= NEAR


def _counted(entry: Label, field: str) -> Counter[Hashable]:
    return Counter(_comparable(value) for value in entry.get(field) or ())


def _comparable(value: Any) -> Hashable:
    """Windows by their minutes in UTC, names without regard to case and kind of space."""
    if isinstance(value, Mapping):
        return tuple(value[end].replace("+00:00", "Z")[:16] for end in ("start", "end"))
    return _folded(value) if isinstance(value, str) else value


def _folded(text: str | None) -> str:
    return " ".join((text or "").replace("’", "'").split()).casefold()


def _code(diagnostic: Any) -> str | None:
    return diagnostic if isinstance(diagnostic, str) else diagnostic.get("code")


def disagreements(labels: Sequence[Label], entries: Sequence[Label]) -> Iterator[str]:
    """One line for each thing that keeps a figure below 1, for whoever has to mend it."""
    compared = Comparison(labels, entries)
    yield from (f"missed: {_place(label)} ({label['type']})" for label in compared.missed)
    yield from (f"invented: {_place(entry)}" for entry in compared.invented)
    for label, entry in compared.pairs:
        kinds = accepted_types(label)
        if kinds and entry.get("type") not in kinds:
            yield f"type at {_place(label)}: {entry.get('type')}, labelled {label['type']}"
        for field in STATED:
            if label.get(field) and not str(entry.get(field) or "").startswith(label[field]):
                yield f"{field} at {_place(label)}: {entry.get(field)}, labelled {label[field]}"
        for field in LISTS:
            want, got = _counted(label, field), _counted(entry, field)
            if judges(label, field) and want != got:
                yield f"{field} at {_place(label)}: {_shown(got)}, labelled {_shown(want)}"


def _shown(values: Counter[Hashable]) -> str:
    return ", ".join(sorted(map(str, values.elements()))) or "none"


def _place(entry: Label) -> str:
    return str(entry.get("start") or repr(entry.get("title")))
