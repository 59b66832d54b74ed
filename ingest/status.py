"""Was it cancelled, moved or postponed?  And which of its windows and dates were given up?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.grammar import TOKEN
from ingest.lexicon import Lexicon, Mark, Marks
from ingest.model import Span, Status, StatusMark

Sentence = Callable[[int], Span]


def find(
    lexicon: Lexicon,
    text: str,
    marks: Marks,
    lang: str,
    span: Span,
    told_dates: Sequence[Span],
    windows: Sequence[frozenset[tuple[int, int | None]]],
    days: Sequence[tuple[Span, tuple[int, int | None]]],
    maintenance: bool,
    sentence: Sentence,
    paragraph: Sentence,
) -> StatusMark | None:
    """The status an entry states, in its language.

    What was put off and names a new date is moved, else postponed.

    `days` are the (month, day) printed in it and where, `windows` those of each window.  Outside of
    maintenance only a paragraph that names a date can move or postpone: "cancelled orders",
    "the page has moved" say nothing of the announcement.
    """
    told = {
        status: [
            m
            for m in marks.find(f"status.{status}", span.start, span.end)
            if lang in m.value and _said(lexicon, text, m, sentence)
        ]
        for status in Status
    }
    if not maintenance:
        told = {
            status: [m for m in ms if _with_date(m, told_dates, paragraph)] for status, ms in told.items()
        }
        told[Status.CANCELLED] = []
    cancelled, moved, postponed = (told[status] for status in Status)
    cancelled = [m for m in cancelled if not _elsewhere([m], windows, days, sentence)]
    if cancelled and not moved and not (postponed and postponed[0] < cancelled[0]):
        return StatusMark(Status.CANCELLED, _span(cancelled[0]), "said to be cancelled")
    if not moved and not postponed:
        return None
    new = [
        m for m in marks.find("status.replacing", span.start, span.end) if _said(lexicon, text, m, sentence)
    ]
    named = {(m.start, m.end) for m in new}
    replaced = any((m.start, m.end) not in named for m in moved)
    replaced = replaced or _elsewhere(postponed, windows, days, sentence)
    replaced = replaced or any(_before_date(m, told_dates, sentence) for m in new)
    status = Status.MOVED if maintenance and replaced and told_dates else Status.POSTPONED
    if not maintenance and not postponed:
        status = Status.MOVED
    return StatusMark(status, _span(min(moved + postponed)), f"said to be {status}")


def _span(mark: Mark) -> Span:
    return Span(mark.start, mark.end)


def _said(lexicon: Lexicon, text: str, mark: Mark, sentence: Sentence) -> bool:
    """Whether the words are said as a fact: not denied, not a mere possibility."""
    before = text[max(sentence(mark.start).start, mark.start - 60) : mark.start]
    words = TOKEN.findall(before.replace("’", "'").lower())[-3:]
    return not any(word in lexicon.lower("status.denied") or word.endswith("n't") for word in words)


def _with_date(mark: Mark, dates: Sequence[Span], paragraph: Sentence) -> bool:
    around = paragraph(mark.start)
    return any(date.start in around for date in dates)


def _elsewhere(
    postponed: Sequence[Mark],
    windows: Sequence[frozenset[tuple[int, int | None]]],
    days: Sequence[tuple[Span, tuple[int, int | None]]],
    sentence: Sentence,
) -> bool:
    """Whether the sentence that puts off names another day than a window that the entry still has."""
    for mark in postponed:
        around = sentence(mark.start)
        old = {day for span, day in days if span.start in around}
        if old and any(not old & window for window in windows):
            return True
    return False


def _before_date(mark: Mark, dates: Sequence[Span], sentence: Sentence) -> bool:
    """Whether a date follows in the sentence: "new date" alone may still be unknown."""
    end = sentence(mark.start).end
    return any(mark.start <= date.start < end for date in dates)


def superseded(text: str, marks: Marks, dates: Sequence[Span], sentence: Sentence) -> set[int]:
    """The places in `dates` of those that were given up for another one among them.

    Told by the words before a date in its sentence ("originally", "instead of"), by the words between
    two dates ("… has been moved to …"), and by an update that moves what a later paragraph still says.
    """
    if len(dates) < 2:
        return set()
    old: set[int] = set()
    new: set[int] = set()
    for at, date in enumerate(dates):
        around = sentence(date.start)
        before = dates[at - 1].end if at and dates[at - 1].start in around else around.start
        last = _last_word(marks, before, date.start)
        if last == "old":
            old.add(at)
        elif last == "new":
            new.add(at)
            if at and dates[at - 1].start in around and at - 1 not in new:
                old.add(at - 1)
    if new and not old:
        old = {at for at in range(len(dates)) if at not in new}
    return old if len(old) < len(dates) else set()


def _last_word(marks: Marks, start: int, end: int) -> str | None:
    """Whether the last words of text[start:end] that tell old from new tell "old" or "new"."""
    told = [(m.end, "old") for m in marks.find("status.superseded", start, end)]
    told += [
        (m.end, "new")
        for category in ("status.replacing", "status.moved", "status.postponed")
        for m in marks.find(category, start, end)
    ]
    return max(told, key=lambda pair: (pair[0], pair[1] == "old"))[1] if told else None
