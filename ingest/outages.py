"""How long is a service down or slow?  Lengths in sentences that speak of an outage, in minutes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache

from ingest.lexicon import Lexicon, Marks, either, key
from ingest.model import Outage, Span, Spans
from ingest.roles import Part

Sentence = Callable[[int], Span]
NEAR = 400  # characters of a sentence that are looked at
FEW = 4  # words of a field's name
FAR = 60  # characters between a count of outages and their length
UNITS = ("minutes", "hours", "half_hour", "quarter_hour")


HOUR = re.compile(r"(?<![^\W\d_])[hH]\b")
LISTING = re.compile(r"[:,;–—]")
SAID = re.compile(r"[:.]")
_RANGE_BEHIND = re.compile(r"[ \u00a0\u202f]?[–—-][ \u00a0\u202f]?\d")


class Durations:
    """The pattern of printed lengths ("up to two hours", "1 h 30", "10-minute", "une demi-heure")."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.numbers = lexicon.numbers
        self.pattern = re.compile(_pattern(lexicon), re.I)

    def find(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, Span]]:
        """(minutes, how often, span) of each length printed in text[start:end]."""
        for match in self.pattern.finditer(text, start, end):
            minutes = self._minutes(match)
            if minutes:
                yield minutes, self._number(match["count"] or "1"), Span(*match.span())

    def _minutes(self, match: re.Match[str]) -> int:
        if match["mixed"]:
            return 60 * self._number(match["mixed"]) + 30
        if match["half"] or match["quarter"]:
            return 30 if match["half"] else 15 * self._number(match["quarters"] or "1")
        if match["minutes"]:
            return self._number(match["minutes"])
        whole = match["hours"].replace(",", ".")
        minutes = int(float(whole) * 60) if "." in whole else self._number(whole) * 60
        if match["and_half"] or match["and_quarter"]:
            return minutes + (30 if match["and_half"] else 15)
        return minutes + (self._number(match["more"]) if match["more"] else 0)

    def _number(self, word: str) -> int:
        return int(word) if word.isdigit() else self.numbers[key(" ".join(word.split()))]


def _pattern(lexicon: Lexicon) -> str:
    def words(category: str) -> str:
        return either(lexicon.words(category)) or "(?!)"

    space = r"[ \u00a0\u202f-]"
    number = either(lexicon.numbers)
    minutes, hours, joined = words("units.minutes"), words("units.hours"), words("api.joiners")
    times = rf"(?P<count>{number}|\d{{1,2}}){space}+(?=\d{{1,3}}{space}(?:{minutes}|{hours})\b)"
    half = rf"(?P<half>{words('units.half_hour')})"
    quarter = rf"(?P<quarter>(?:(?P<quarters>{number}){space})?(?:{words('units.quarter_hour')}))"
    part = rf"(?:(?P<and_half>{words('units.and_half')})|(?P<and_quarter>{words('units.and_quarter')}))\b"
    more = rf"{space}*(?:(?:{joined}){space}+)?(?P<more>\d{{1,2}}|{number}){space}*(?:{minutes})?\b"
    rest = rf"(?:{space}+(?:{joined}){space}+{part}|{more})?"
    whole = rf"(?P<hours>\d{{1,2}}(?:[.,]5)?|{number}){space}*(?:{hours}|h)\b{rest}"
    and_half = rf"(?:{joined}){space}+(?:{words('units.and_half')})"
    mixed = rf"(?P<mixed>\d{{1,2}}|{number}){space}+{and_half}{space}+(?:{hours})\b"
    first = rf"(?:(?:{words('units.first')}){space}+)?"
    short = rf"(?P<minutes>\d{{1,3}}|{number}){space}*{first}(?:{minutes})\b"
    opening = either(
        (*lexicon.numbers, *(w for u in ("half", "quarter") for w in lexicon.words(f"units.{u}_hour")))
    )
    return rf"(?<![\w.:,/])(?=\d|{opening})(?:{times})?(?:{mixed}|{half}|{quarter}|{whole}|{short})"


@lru_cache(maxsize=8)
def durations(lexicon: Lexicon) -> Durations:
    return Durations(lexicon)


def find(
    lexicon: Lexicon,
    text: str,
    marks: Marks,
    parts: Sequence[Part],
    clock: Sequence[Span],
    zoned: Collection[int],
    sentence: Sentence,
    section: Callable[[int], int],
    windows: Collection[int] = (),
    row: bool = False,
) -> tuple[Outage, ...]:
    """The outages that the entry of `parts` states.

    `clock` are the hours of day in it ("22 h 00"), which look like lengths; `zoned` is where those end that
    a zone stands behind.  `section` numbers the sub-heading that an offset stands under, 0 above the first.
    The same length under the same sub-heading, or once above them and once below, is one outage told twice.
    `windows` are the minutes of the entry's windows, which a cell or "Duration: 2 hours" may repeat; `row`
    tells a schedule's row.
    """
    found: list[tuple[int, Outage]] = []
    hours = Spans(clock)
    units = marks.bits(*(f"units.{unit}" for unit in UNITS))
    told_in = [p for p in parts if p.words & units or HOUR.search(text, p.block.span.start, p.end)]
    pattern = durations(lexicon)
    lengths = (found for p in told_in for found in pattern.find(text, p.block.span.start, p.end))
    for minutes, times, at in lengths:
        around = _near(sentence(at.start), at)
        at_hour = hours.overlap(at) and (at.end in zoned or _at_hour(lexicon, text, at))
        if at_hour and not _called_outage(marks, text, at):
            continue
        if minutes in windows and (_is_field(text, marks, at) or _remarked(text, marks, at)):
            continue
        cell = row and minutes not in windows and _alone(text, at, around)
        if not cell and not _of_outage(lexicon, text, marks, at, around):
            continue
        told = [s for s, outage in found if outage.minutes == minutes]
        here = section(at.start)
        if told and (here in told or 0 in told or here == 0):
            continue
        if times == 1 or not marks.any("outage.each", at.end, around.end):
            times = _times(lexicon, text, marks, at, around)
        found += [(here, Outage(minutes, at, "length of an outage"))] * times
    return tuple(outage for _, outage in found)


def _near(sentence: Span, at: Span) -> Span:
    """The sentence around a length, at most NEAR characters to each side."""
    return Span(max(sentence.start, at.start - NEAR), min(sentence.end, at.end + NEAR))


def _at_hour(lexicon: Lexicon, text: str, at: Span) -> bool:
    """ "à 22 h 00", "04 h 00 et 04 h 10": an hour of day by the small word before or after it."""
    lead = text[: at.start].rstrip() if at.start < 40 else text[at.start - 40 : at.start].rstrip()
    end = at.start - (len(text[max(0, at.start - 40) : at.start]) - len(lead))
    if any(lexicon.endings(("clock.glue", "clock.range", "clock.also"), text, end)):
        return True
    if text[at.start - 1 : at.start] == "\t" or _RANGE_BEHIND.match(text, at.end):
        return True  # a cell that begins with an hour, the first of a range
    return lead.endswith(("(", "–", "—", "-", "|", ",")) or end <= 0


def _remarked(text: str, marks: Marks, at: Span) -> bool:
    """Whether a length opens its line or cell and is said of no outage: "Three hours this time: …"."""
    line = text[text.rfind("\n", max(0, at.start - FAR), at.start) + 1 : at.start]
    stop = SAID.search(text, at.end, at.end + FAR)
    opens = stop is not None and not line.rpartition("|")[2].strip(" \u00a0•*-")
    return opens and stop is not None and not marks.any("outage.words", at.end, stop.start())


def _called_outage(marks: Marks, text: str, at: Span) -> bool:
    """ "arrêt de 1 h 30": whether the noun stands right before, a small word between."""
    words = marks.find("outage.words", max(0, at.start - FAR), at.start)
    return bool(words) and len(text[words[-1].end : at.start].strip()) <= 2


def _of_outage(lexicon: Lexicon, text: str, marks: Marks, at: Span, sentence: Span) -> bool:
    """Whether the length is an outage's: outage words in the sentence, no window's or validity's length."""
    after = marks.find("outage.spans", at.end, min(sentence.end, at.end + 28))
    if after and marks.at("outage.each", after[0].start):
        after = []  # "15 minutes chaque fois"
    if after and (at_within := marks.at("outage.within", after[0].start)):
        behind = text[at_within.end : at_within.end + FAR].split()[:1]
        after = after if lexicon.lower("outage.these").isdisjoint(behind) else []  # "within these two hours"
    if after and re.fullmatch(r"[\s-]*(?:\w+\s)?", text[at.end : after[0].start]):
        return False
    first = not lexicon.lower("units.first").isdisjoint(text[at.start : at.end].lower().split())
    if lexicon.ending("outage.these", text, at.start - 1) and not first:
        return False  # "these two hours" are the window's, "the first 20 minutes" are not
    before = marks.find("outage.spans", max(sentence.start, at.start - 40), at.start)
    if (
        before
        and not re.search(r"[,;.]", text[before[-1].end : at.start])
        and not _joined(lexicon, text[before[-1].end : at.start])
        and not marks.any("outage.words", before[-1].end, at.start)
    ):
        return False
    if marks.any("outage.words", sentence.start, sentence.end):
        return not _negated(marks, sentence)
    if marks.any("outage.spans", sentence.start, sentence.end):
        return False
    alone = not text[at.end : sentence.end].partition(";")[0].strip(" .|*_")
    if alone and text[sentence.start : at.start].rstrip(" \u00a0*_").endswith((":", "–", "-", "|", "\t")):
        return marks.any(
            "outage.words", max(0, sentence.start - NEAR), sentence.start
        )  # an item: "CIS: 10 minutes"
    if _alone(text, at, sentence):
        return marks.any("outage.words", max(0, sentence.start - 300), sentence.start)  # a cell of a table
    return told_as_length(lexicon, text, at) or text[at.end : sentence.end].strip(" *_") == ":"


def _joined(lexicon: Lexicon, text: str) -> bool:
    """Whether a joining word stands in a text: "of the window and again for"."""
    return not lexicon.lower("api.joiners").isdisjoint(text.lower().split())


def _alone(text: str, at: Span, sentence: Span) -> bool:
    """Whether a length begins its line or cell and about fills it."""
    return len(sentence) <= len(at) + 12 and not text[sentence.start : at.start].strip(" |•-*")


def _is_field(text: str, marks: Marks, at: Span) -> bool:
    """ "Duration: 2 hours": whether a length is all that follows a name on its line, which is no outage's."""
    start = max(0, at.start - FAR)
    start = text.rfind("\n", start, at.start) + 1 or start
    name = text[start : at.start].rstrip(" \u00a0*_|")
    rest = text[at.end : at.end + FAR].partition("\n")[0].strip(" .|*_")
    field = name.endswith(":") and len(name.split()) <= FEW and not rest
    return field and not marks.any("outage.words", start, at.start)


def told_as_length(lexicon: Lexicon, text: str, at: Span) -> bool:
    """ "for 10 minutes", "pendant une heure": said to last, whatever it is that does not work."""
    start = at.start
    while start > 0 and text[start - 1] in "*_`":
        start -= 1
    return start > 0 and text[start - 1].isspace() and lexicon.ending("outage.length", text, start - 1) > 0


def _negated(marks: Marks, sentence: Span) -> bool:
    words = marks.find("outage.words", sentence.start, sentence.end)
    return marks.any("status.no_downtime", sentence.start, sentence.end) and len(words) <= 1


def _times(lexicon: Lexicon, text: str, marks: Marks, at: Span, sentence: Span) -> int:
    """ "two outages of 10 minutes each", "twice, for 2 minutes", "3 minutes at each of the two restarts": how
    many outages the sentence counts."""
    for mark in marks.find("outage.each_of", at.end, min(sentence.end, at.end + FAR)):
        behind = text[mark.end : mark.end + 20].split()
        if behind and (count := lexicon.numbers.get(key(behind[0]), 1)) > 1:
            return count
    twice = marks.any("outage.twice", sentence.start, sentence.end)
    if not twice and not marks.any("outage.each", max(sentence.start, at.start - FAR), at.start):
        return 1
    lengths = list(durations(lexicon).find(text, sentence.start, sentence.end))
    if twice and len(lengths) == 1:
        return 2
    reach = FAR if len(lengths) == 1 else 20  # of several lengths, a count tells of the one right behind it
    for noun in marks.find("outage.each", max(sentence.start, at.start - reach), at.start):
        words = text[max(sentence.start, noun.start - 20) : noun.start].split()
        if words and (count := lexicon.numbers.get(key(words[-1].strip(",")), 1)) > 1:
            one_by_one = LISTING.search(text, noun.end, at.start)  # "twice: for 2 minutes, then for 5"
            return 1 if one_by_one and count == sum(span.start >= at.start for *_, span in lengths) else count
    return 1
