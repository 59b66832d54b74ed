"""Was it cancelled, moved or postponed?  And which of its windows and dates were given up?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from ingest.grammar import TOKEN
from ingest.lexicon import Lexicon, Mark, Marks
from ingest.model import Span, Status, StatusMark, Window

MOVES = (Status.MOVED, Status.POSTPONED)
BLANK = " \t\u00a0\u202f\n"
NEAR, FEW = 24, 3  # characters between "originally planned" and the day, days behind "postponed"
Sentence = Callable[[int], Span]
Day = tuple[int, int | None]  # month and day


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry says, as far as its status goes.

    `dates` are where it names a window or, without any, a day; `days` the (month, day) printed in it and
    where, `windows` those of each window.
    """

    lexicon: Lexicon
    text: str
    marks: Marks
    lang: str
    span: Span
    dates: Sequence[Span]
    windows: Sequence[frozenset[Day]]
    days: Sequence[tuple[Span, Day]]
    sentence: Sentence
    paragraph: Sentence

    def status(self, maintenance: bool) -> StatusMark | None:
        """Cancelled, moved or postponed, in the entry's language; what names a new date is moved.

        Outside of maintenance only a paragraph that names a date can move or postpone: "cancelled orders",
        "the page has moved" say nothing of the announcement.
        """
        moved, postponed = self._said(Status.MOVED), self._said(Status.POSTPONED)
        if not maintenance:
            moved, postponed = ([m for m in ms if self._with_date(m)] for ms in (moved, postponed))
        cancelled = [m for m in self._said(Status.CANCELLED) if maintenance and not self._of_another_day(m)]
        first = bool(cancelled) and not (postponed and postponed[0] < cancelled[0])
        if first and (not moved or self._without_date(moved + postponed)):
            return _mark(Status.CANCELLED, cancelled[0])
        if not moved and not postponed:
            former = self._former() if maintenance else None
            return _mark(Status.MOVED, former) if former else None
        if maintenance:
            new = self.dates and (self._replaced(moved, postponed) or self._former() or self._old_day())
            status = Status.MOVED if new else Status.POSTPONED
        else:
            status = Status.POSTPONED if postponed else Status.MOVED
        return _mark(status, min(moved + postponed))

    def _without_date(self, moves: Sequence[Mark]) -> bool:
        """Whether what would move it names no day: "… is cancelled. A new date will be announced"."""
        return not any(self._dated(mark) or self._leads_to_window(mark) for mark in moves)

    def cancelled_in_part(self) -> list[Mark]:
        """Words that cancel one of several windows: no status of the whole."""
        found = self._said(Status.CANCELLED) if len(self.windows) > 1 else []
        return [mark for mark in found if self._of_another_day(mark) and self._of_a_window(mark)]

    def _of_a_window(self, mark: Mark) -> bool:
        around = self.sentence(mark.start)
        days = {day for _, day in self._days_in(around)}
        return any(days & window for window in self.windows)

    def _said(self, status: str) -> list[Mark]:
        """The words of a status that are said as a fact: not denied, not a mere possibility."""
        found = self.marks.find(f"status.{status}", self.span.start, self.span.end)
        return [mark for mark in found if self.lang in mark.value and not self._denied(mark)]

    def _denied(self, mark: Mark) -> bool:
        around = self.sentence(mark.start)
        before = self._words(max(around.start, mark.start - 60), mark.start)[-3:]
        if not self.lexicon.lower("status.denied").isdisjoint(before):
            return True
        behind = self.text[mark.end : min(around.end, mark.end + 60)]
        after = [word for word in TOKEN.findall(behind)[:5] if word.islower()]  # "May" is a month
        new = self.marks.at("status.replacing", mark.start) is not None
        return new and not self.lexicon.lower("status.denied").isdisjoint(after)

    def _words(self, start: int, end: int) -> list[str]:
        return TOKEN.findall(self.text[start:end].replace("’", "'").lower())

    def _with_date(self, mark: Mark) -> bool:
        return self._names_date(self.paragraph(mark.start))

    def _replaced(self, moved: Sequence[Mark], postponed: Sequence[Mark]) -> bool:
        """Whether a new date stands for the old one; "a new date" alone may still be unknown."""
        new = self._said("replacing")
        named = {(mark.start, mark.end) for mark in new}
        if any((mark.start, mark.end) not in named for mark in moved):
            return True
        if any(self._of_another_day(mark) or self._names_old_day(mark) for mark in postponed):
            return True
        return any(self._dated(mark) for mark in new) or any(map(self._leads_to_window, (*moved, *postponed)))

    def _leads_to_window(self, mark: Mark) -> bool:
        """ "Postponed from May 4 to 11", "moved to May 11", beside a window on May 11."""
        taken = frozenset().union(*self.windows)
        first = bisect_left(self.days, mark.end, key=lambda told: told[0].start)
        for at, day in self.days[first : first + 1]:
            before = max(mark.start, at.start - NEAR)
            end = before + len(self.text[before : at.start].rstrip(BLANK + "*"))
            behind = at.start < mark.end + NEAR and self.lexicon.ending("status.to", self.text, end)
            if behind and day in taken:
                return True
        near = {day for at, day in self.days[first : first + FEW] if at.start < mark.end + NEAR}
        return not near.isdisjoint(taken) and not near <= taken

    def _former(self) -> Mark | None:
        """ "Originally planned for June 7", in an entry with a window on another day."""
        taken = frozenset().union(*self.windows)
        for mark in self._said("former") if taken and not self._said(Status.CANCELLED) else ():
            first = bisect_left(self.days, mark.end, key=lambda told: told[0].start)
            for at, day in self.days[first : first + 1]:
                between = self.text[mark.end : min(at.start, mark.end + NEAR)]
                if day not in taken and at.start < mark.end + NEAR and self._is_small(between):
                    return mark
        return None

    def _old_day(self) -> bool:
        """ "The maintenance planned for June 7 will not take place", in an entry with a window on another
        day."""
        taken = frozenset().union(*self.windows)
        for mark in self._said("superseded") if taken else ():
            first = bisect_left(self.days, mark.end, key=lambda told: told[0].start)
            for at, day in self.days[first : first + 1]:
                if day not in taken and at.start < mark.end + NEAR:
                    return self._is_small(self.text[mark.end : at.start])
        return False

    def _is_small(self, text: str) -> bool:
        """Whether a text is of common words only: "for", "am", "le"."""
        small = self.lexicon.lower(*(f"stop.{code}" for code in self.lexicon.languages), "dates.on")
        return all(word.lower() in small for word in TOKEN.findall(text))

    def _names_old_day(self, mark: Mark) -> bool:
        """ "Put off, first planned for May 3" beside a window on May 10: that is the new one."""
        around = self.sentence(mark.start)
        old = [m.end for m in self.marks.find("status.superseded", around.start, around.end)]
        told = self._days_in(Span(min(old), around.end)) if old else ()
        taken = frozenset().union(*self.windows) if told else frozenset()
        return any(day not in taken for _, day in told)

    def _dated(self, mark: Mark) -> bool:
        return self._names_date(Span(mark.start, self.sentence(mark.start).end))

    def _names_date(self, around: Span) -> bool:
        first = bisect_left(self.dates, around.start, key=lambda date: date.start)
        return first < len(self.dates) and self.dates[first].start < around.end

    def _days_in(self, around: Span) -> Sequence[tuple[Span, Day]]:
        return within(self.days, around)

    def _of_another_day(self, mark: Mark) -> bool:
        """Whether the words are said of a day on which the entry has no window.

        "Cancelled on September 1" opens its sentence and says when, not what, and so does a day before a
        colon: "Update, September 1: cancelled".
        """
        around = self.sentence(mark.start)
        before = self.text[around.start : mark.start].strip(BLANK + "|*_(")
        marked = before.endswith(":") and self.marks.any("entry.markers", around.start, mark.start)
        if len(self.windows) == 1 and (not before or marked):
            return False
        spoken_of = {day for _, day in self._days_in(around)}
        return bool(spoken_of) and any(not _shared(spoken_of, window) for window in self.windows)


def within(days: Sequence[tuple[Span, Day]], around: Span) -> Sequence[tuple[Span, Day]]:
    """The days, in the order of the text, that are printed inside of a span."""
    first, last = (bisect_left(days, at, key=lambda told: told[0].start) for at in (around.start, around.end))
    return days[first:last]


def _shared(spoken_of: Collection[Day], window: Collection[Day]) -> bool:
    """Whether a day, or a month named without one, is a window's."""
    months = {month for month, _ in window}
    return any(day in window or (day[1] is None and day[0] in months) for day in spoken_of)


def _mark(status: Status, mark: Mark) -> StatusMark:
    return StatusMark(status, Span(mark.start, mark.end), f"said to be {status}")


def moved(windows: Sequence[Window]) -> StatusMark | None:
    """Moved, where one window is said to have given way to another: "Was: June 4 …", "Now: June 11 …"."""
    if not any(window.superseded for window in windows):
        return None
    new = next(window.span for window in windows if not window.superseded)
    return StatusMark(Status.MOVED, new, "one window in another's place")


def superseded(
    lexicon: Lexicon, text: str, marks: Marks, dates: Sequence[Span], sentence: Sentence
) -> set[int]:
    """The places in `dates` of those that were given up for another one among them.

    Told by the words before a date in its sentence ("originally", "instead of"), by the words between
    two dates ("… has been moved to …", "from … to …"), and by an update that moves what a later
    paragraph still says.
    """
    if len(dates) < 2:
        return set()
    old: set[int] = set()
    new: set[int] = set()
    for at, date in enumerate(dates):
        around = sentence(date.start)
        before = dates[at - 1].end if at and dates[at - 1].start in around else around.start
        last = _last_word(marks, before, date.start)
        if at and _from_to(lexicon, text, marks, around, dates[at - 1], date):
            old.add(at - 1)
            new = new - {at - 1} | {at}
        elif last == "old":
            old.add(at)
        elif last == "new":
            new.add(at)
            if at and dates[at - 1].start in around and at - 1 not in new:
                old.add(at - 1)
    if new and not old:
        old = {at for at in range(len(dates)) if at not in new}
    return old if len(old) < len(dates) else set()


def _from_to(lexicon: Lexicon, text: str, marks: Marks, around: Span, former: Span, date: Span) -> bool:
    """Whether a date takes the place of the `former` one in their sentence: "moved from July 1 to July 8",
    "postponed this change from July 1, 2022, to …", "vom 1. Juli auf den 8. Juli verschoben"."""
    if former.start not in around or text[former.end : date.start].strip(BLANK + ",").lower() not in (
        lexicon.lower("status.to")
    ):
        return False
    opens = len(text[around.start : former.start].rstrip(BLANK))
    if not lexicon.ending("status.from", text, around.start + opens):
        return False
    behind = len(text[date.end : around.end]) - len(text[date.end : around.end].lstrip(BLANK))
    return _any_move(marks, around.start, former.start) or _moved_at(marks, date.end + behind)


def _any_move(marks: Marks, start: int, end: int) -> bool:
    return any(marks.any(f"status.{status}", start, end) for status in MOVES)


def _moved_at(marks: Marks, at: int) -> bool:
    return any(marks.at(f"status.{status}", at) for status in MOVES)


def _last_word(marks: Marks, start: int, end: int) -> str | None:
    """Whether the last words of text[start:end] that tell old from new tell "old" or "new"."""
    told = [(m.end, "old") for m in marks.find("status.superseded", start, end)]
    told += [
        (m.end, "new")
        for category in ("status.replacing", "status.moved", "status.postponed")
        for m in marks.find(category, start, end)
    ]
    return max(told, key=lambda pair: (pair[0], pair[1] == "old"))[1] if told else None
