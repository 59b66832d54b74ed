"""Which words are likely to be the name of an API call?  "Order info", "Lister les profils", "sign hash".

Where a name begins, and how far it goes on, is learned from labelled texts: from its words, their capitals,
and what stands around them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from ingest.around import KINDS, SENTENCE_ENDS, Words, told
from ingest.model import Span
from ingest.roles import Part, is_body
from ingest.scales import scales

RULE = "words of a call's name"
LIKELY = 0.4
FAINT = -400  # hundredths of odds: what stands further off does not make up for it
LONGEST = 10  # words of a name
NEAR = 12  # words to each side whose categories are cues
STEM = 5  # letters that stand for all forms of a word
MANY = 6  # words of a name: more are no further cue
_STOPS = SENTENCE_ENDS | frozenset(":,()|")
MARKS = ("link", "marked", "code")
BLANKS = " \u00a0"
QUOTES = '“"«*`['
ACTIONS = "api.action_verbs"
METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE"))


class Likely(NamedTuple):
    """The name of a call; how likely it is that one begins there, and that it ends there."""

    span: Span
    chance: float
    ends: float


class LikelyCalls:
    """Weighs the words of one document's entries."""

    def __init__(self, text: str) -> None:
        self.text = text

    def find(self, parts: Sequence[Part], words: Words, api: bool) -> list[Likely]:
        """The likely names, none of which overlaps another, in order."""
        found, marks, scale = list[Likely](), Marked(parts), scales().call
        for at in self._places(parts, words, marks):
            cues = self._near(words, at)
            if scale.odds(cues) < FAINT:
                continue
            chance = scale.chance(cues + self._far(words, at, marks, api))
            if chance > LIKELY:
                last, ends = self._end(words, at, marks)
                found.append(Likely(Span(words.starts[at], words.ends[last]), chance, ends))
        return list(_apart(found))

    def beginnings(self, parts: Sequence[Part], words: Words, api: bool) -> Iterator[tuple[int, list[str]]]:
        """The number of each word at which a name may begin, and what speaks for and against it."""
        marks = Marked(parts)
        for at in self._places(parts, words, marks):
            yield at, self._near(words, at) + self._far(words, at, marks, api)

    def _places(self, parts: Sequence[Part], words: Words, marks: Marked) -> Iterator[int]:
        """The words at which a name may begin: those with a capital, but common ones, what calls do, and the
        first of a link."""
        found = [
            at
            for at, (printed, kinds) in enumerate(zip(words.printed, words.kinds, strict=True))
            if (printed[0].isupper() and "stop" not in kinds) or (kinds and ACTIONS in kinds)
        ]
        links = (words.at(first) for first, _ in marks.spans["link"])
        places = [at for at in sorted({*found, *links}) if at < len(words) and words.words[at] not in KINDS]
        for part in parts:
            if not is_body(part):
                first, last = (bisect_left(places, words.at(place)) for place in (part.start, part.end))
                yield from (at for at in places[first:last] if words.printed[at][0].isalpha())

    def _near(self, words: Words, at: int) -> list[str]:
        """What the word itself says, and those right beside it: mostly enough to tell that it is no name."""
        letters, word = _letters(words.printed[at]), words.words[at]
        like, before, behind = f"/{letters}", words.word(at - 1), words.word(at + 1)
        shown = "".join(map(_sign, words.printed[at : at + 4]))
        return [
            f"w={word}{like}",
            f"stem={word[:STEM]}{letters}",
            f"c={letters}",
            f"ww={word} {behind}",
            f"bw={before} {word}",
            f"b1={before}",
            f"b1={before}{like}",
            f"a1={behind}",
            f"a1~{behind[:STEM]}",
            f"pattern={''.join(map(_letters, words.printed[max(0, at - 2) : at]))}|{shown}",
            *told("w", words.kinds[at], like),
            *told("b1", words.kinds_at(at - 1), like),
            *told("a1", words.kinds_at(at + 1), like),
        ]

    def _far(self, words: Words, at: int, marks: Marked, api: bool) -> list[str]:
        """What the rest of the sentence says, and how the word is set."""
        letters = _letters(words.printed[at])
        like = f"/{letters}"
        found = [f"bb={words.word(at - 2)} {words.word(at - 1)}{like}", f"api{int(api)}{letters}"]
        for side, step in (("b", -1), ("a", 1)):
            for far in (1, 2, 3):
                number = at + step * far
                word = words.word(number)
                if 0 <= number < len(words):
                    found.append(f"{side}c{far}={_letters(words.printed[number])}{letters}")
                if far > 1:
                    found += (f"{side}{far}={word}", f"{side}{far}={word}{like}")
                    found += told(f"{side}{far}", words.kinds_at(number), like)
        for kind in MARKS:
            if place := marks.place(kind, words.starts[at], words.ends[at]):
                found.append(f"{kind}{place & 1}{letters}")
        quote = self.text[max(0, words.starts[at] - 2) : words.starts[at]].rstrip(" \u00a0\u202f")[-1:]
        if quote and quote in QUOTES:
            found.append(f"q{quote}{letters}")
        found += words.told_in("s", words.sentence(at - 1, -1, NEAR), like)
        rest = words.sentence(at + 1, 1, NEAR)
        found += words.told_in("t", rest, like)
        found += {f"t={words.printed[n]}{like}" for n in rest if words.printed[n] in METHODS}
        return found

    # -- how far a name goes on --------------------------------------------------------------------

    def _end(self, words: Words, first: int, marks: Marked) -> tuple[int, float]:
        """The last word of the name that begins with the word `first`, and how likely it is that."""
        scale, best, last, sure = scales().call_goes_on, 0.0, first, 1.0
        for at in self.further(words, first):
            on = scale.chance(self.cues_of_going_on(words, first, at, marks))
            if sure * (1 - on) > best:
                best, last = sure * (1 - on), at - 1
            sure *= on
        return last, best

    def further(self, words: Words, first: int) -> Iterator[int]:
        """The words to which the name may go on, up to the sign or the end that it cannot pass."""
        numbers = range(first + 1, min(len(words), first + LONGEST) + 1)
        yield from takewhile(lambda at: at == first + 1 or not self._stops(words, at - 1), numbers)

    def _stops(self, words: Words, at: int) -> bool:
        """Whether a name cannot go on behind a word: it is a stop, or stands in the next cell."""
        return words.words[at] in _STOPS or "\t" in self.text[words.ends[at - 1] : words.starts[at]]

    def cues_of_going_on(self, words: Words, first: int, at: int, marks: Marked) -> list[str]:
        """What speaks for and against the name that begins at `first` going on to the word `at`."""
        word, last, following = words.word(at), words.word(at - 1), words.word(at + 1)
        size, opening = at - first, words.word(first)
        letters = _letters(words.printed[at]) if at < len(words) else "$"
        behind = _letters(words.printed[at + 1]) if at + 1 < len(words) else "$"
        few, inner = min(size, 3), words.printed[first + 1 : at]
        capitals, small = all(map(_is_capital, inner)), not any(map(_is_capital, inner))
        found = [
            f"n={min(size, MANY)}",
            f"y={word}",
            f"y={word}/{few}",
            f"y~{word[:STEM]}",
            f"y2={word[-2:]}",
            f"y3={word[-3:]}",
            f"yc={letters}/{few}",
            f"p={last}",
            f"p2={last[-2:]}",
            f"py={last} {word}",
            f"f={opening}",
            f"fy={opening} {word}",
            f"fn={opening}/{size}",
            f"z={following}",
            f"z2={following[-2:]}",
            f"yz={word} {following}",
            f"zc={behind}",
            f"style={size > 1 and capitals}{size > 1 and small}{letters}{few}",
            f"fc={_letters(words.printed[first])}{letters}",
            *told("p", words.kinds_at(at - 1), ""),
            *told("y", words.kinds_at(at), ""),
            *told("y", words.kinds_at(at), f"/{few}"),
            *told("z", words.kinds_at(at + 1), ""),
        ]
        if at < len(words):
            gap = self.text[words.ends[at - 1] : words.starts[at]]
            found.append(f"gap={gap.strip(BLANKS)[:1]}{bool(gap)}")
        start, end = words.starts[first], words.ends[at - 1]
        for kind in MARKS:
            if place := marks.place(kind, start, end):
                inside = at < len(words) and marks.place(kind, start, words.ends[at]) > 0
                found.append(f"{kind}{place & 3}{inside}")
        return found


class Marked:
    """What the source marks in an entry: its links, what is bold or italic, code."""

    def __init__(self, parts: Sequence[Part]) -> None:
        blocks = [part.block for part in parts]
        self.spans = {
            "link": sorted(link.ends for block in blocks for link, _ in block.links),
            "marked": sorted(span.ends for block in blocks for span in block.marked),
            "code": sorted(span.ends for block in blocks for span in block.code),
        }

    def place(self, kind: str, start: int, end: int) -> int:
        """Whether text[start:end] lies in such a mark: 0 for no, else 4, and 1 more where it opens it, 2 more
        where it ends it."""
        at = bisect_right(self.spans[kind], start, key=_first) - 1
        first, last = self.spans[kind][at] if at >= 0 else (start, start)
        return 4 + (first == start) + 2 * (last == end) if end <= last else 0


def _apart(found: Sequence[Likely]) -> Iterator[Likely]:
    """Of names that overlap one another, in order, the likeliest."""
    best: Likely | None = None
    for one in found:
        if best is not None and one.span.start >= best.span.end:
            yield best
            best = None
        if best is None or one.chance > best.chance:
            best = one
    if best is not None:
        yield best


@lru_cache(maxsize=1 << 14)
def _letters(printed: str) -> str:
    """A for capitals, C for a capital at the beginning, x for others."""
    if printed.isupper() and len(printed) > 1:
        return "A"
    return "C" if printed[:1].isupper() else "x"


def _first(span: tuple[int, int]) -> int:
    return span[0]


def _sign(printed: str) -> str:
    return _letters(printed) if printed[0].isalpha() else printed[0]


def _is_capital(printed: str) -> bool:
    return printed[:1].isupper()
