"""Which words are likely to name a parameter?  Learned from what stands around those of labelled texts.

Beside the rules of `ingest/parameters.py`, which say outright what a name is, stand the many ways to speak
of one: what the words around it, its form and its neighbours in a list tell together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from ingest.around import FILE, KINDS, ODD, PATH, STEPS, Words, shape, told
from ingest.model import Mention, Span, Spans
from ingest.roles import Part, is_body
from ingest.scales import scales

RULE = "words around a name"
LIKELY = 0.5
UNLIKELY = 0.05  # what a rule finds is no name then
LIKELY_WORD = 0.8  # where nothing but the words around it tells a name from an ordinary word
ORDINARY = frozenset(("form=plain", "bare"))
NAME = re.compile(rf"[a-z][A-Za-z0-9]*{STEPS}*")
SYSTEM = re.compile(r"(?:i|iPad|mac|watch|tv|vision)OS")
_LAST_STEP = re.compile(r"[_.\[\]]|(?=[A-Z])")
_KEY_ENDS = re.compile(r"[\"'] ?:")
_LETTERS = re.compile(r"[^\W\d_]+")
_AROUND_LINE = ' •-*`"“\u00a0'
_BEHIND_LINE = ' `"”.;,*\u00a0'
SIGNS = ":(–—|=-"  # behind a name that opens a line
COMMON = frozenset(("stop", "api.determiners", "api.joiners", "api.articles", "api.pronouns"))
BESIDE_CODE = ("_", "$", "@")  # right before a word they tell that it is only a part of something
VALUES = frozenset('[{tf"')  # how values begin: a list, an object, true, false, a text; others are numbers
USUAL = "api.usual_names"
TELLING = frozenset(("api.parameter_nouns", "api.endpoint_nouns", "api.call_verbs", "api.request_nouns"))
NOUNS = frozenset(("api.parameter_nouns", "api.plain_nouns", "api.shared_nouns"))
MOST_JOINTS = 3  # joining words and commas between two names of a list
MOST_LISTED = 12  # names of a list to each side of one
MANY = 3  # other odd names in an entry: more are no further cue
DEEPEST = 4  # levels of a body
LEAD_WORDS = 10  # of a line that ends in a colon, above
REACH = 2_000  # characters of a body that are looked at


class Candidate(NamedTuple):
    """A word that may be a name, and what speaks for and against it."""

    name: str
    span: Span
    cues: list[str]


class Weighed(NamedTuple):
    """Names that the words around them speak for, and where those begin that they speak against."""

    likely: Sequence[Mention] = ()
    unlikely: Collection[int] = ()


NOTHING = Weighed()


class LikelyParameters:
    """Weighs the words of one document's entries."""

    def __init__(self, text: str) -> None:
        self.text = text

    def find(self, parts: Sequence[Part], words: Words, api: bool) -> Weighed:
        """What an entry's words are; `api` tells whether it speaks of an API itself, not only its page."""
        scale, telling = scales().parameter, self._names_something(words)
        likely, unlikely = list[Mention](), set[int]()
        for candidate in self.candidates(parts, words, api):
            ordinary = ORDINARY.issubset(candidate.cues)
            if ordinary and (not telling or self._is_control(words, candidate)):
                continue
            chance = scale.chance(candidate.cues)
            if chance > (LIKELY_WORD if ordinary else LIKELY):
                likely.append(Mention(candidate.name, candidate.span, RULE))
            elif chance < UNLIKELY:
                unlikely.add(candidate.span.start)
        return Weighed(likely, unlikely)

    def _names_something(self, words: Words) -> bool:
        """Whether anything but ordinary words tells that an entry names parts of an API."""
        codes = any(word in ODD or word == PATH for word in words.words)
        return codes or any(not TELLING.isdisjoint(kinds) for kinds in words.kinds)

    def _is_control(self, words: Words, candidate: Candidate) -> bool:
        """ "the "orders" page": what a page or a button is."""
        at = words.at(candidate.span.start)
        return "api.controls" in words.kinds[at] and at in words.marked

    def candidates(self, parts: Sequence[Part], words: Words, api: bool) -> Iterator[Candidate]:
        """Every word that may be a name: of the text those that something tells from others, of bodies the
        keys."""
        entry = _Entry(parts, words, api)
        for at, part in entry.placed(self._telling(entry)):
            name = words.printed[at]
            if self._is_common(words, at) or NAME.fullmatch(name) is None:
                continue
            if words.words[at] == FILE or self.text[words.starts[at] - 1 : words.starts[at]] in BESIDE_CODE:
                continue
            if SYSTEM.fullmatch(name):
                continue
            span = Span(words.starts[at], words.ends[at])
            if not is_body(part):
                yield Candidate(name, span, self._cues(entry, at))
            elif self._is_key(words, at):
                yield Candidate(name, span, self._key_cues(entry, at, part))

    def _telling(self, entry: _Entry) -> set[int]:
        """The words that anything tells from the others around them: their form, how they are set, the noun
        beside them, what they are joined to, that packs know them as names, that they open a line."""
        words = entry.words
        named = [
            at
            for at, (word, kinds) in enumerate(zip(words.words, words.kinds, strict=True))
            if word in KINDS or (kinds and USUAL in kinds)
        ]
        joined = (self._joined(words, at, step) for at in named for step in (-1, 1))
        nouns = [at for at, kinds in enumerate(words.kinds) if kinds and not NOUNS.isdisjoint(kinds)]
        found = {*named, *words.marked, *entry.codes_at, *(at for at in joined if at is not None)}
        found.update(at + step for at in nouns for step in (-1, 1))
        found.update(words.at(part.start) for part in entry.parts)
        return found

    def _is_common(self, words: Words, at: int) -> bool:
        return not COMMON.isdisjoint(words.kinds[at])

    def _joins(self, words: Words, at: int) -> bool:
        return words.words[at] in (",", ";", "/") or "api.joiners" in words.kinds[at]

    def _joined(self, words: Words, at: int, step: int) -> int | None:
        """The word that a word is joined to in a list, before (-1) or behind it (1); None if to none."""
        number, joints = at + step, 0
        while joints < MOST_JOINTS and 0 < number < len(words) - 1 and self._joins(words, number):
            number, joints = number + step, joints + 1
        return number if joints else None

    # -- names in a text ---------------------------------------------------------------------------

    def _cues(self, entry: _Entry, at: int) -> list[str]:
        words = entry.words
        name, form, look = words.printed[at], shape(words.printed[at]), entry.look(at)
        others = len(entry.odd) - (name in entry.odd)
        found = words.cues(at, form)
        found += (
            f"form={form}",
            f"api={entry.api}/{form}",
            look,
            f"{look}/{form}",
            "again" if entry.counts[name] > 1 else "once",
            f"odd{min(MANY, others)}/{form}",
        )
        if look != "code" and name in entry.coded:
            found.append("code elsewhere")
        if form == "plain":
            found += (f"w={name}", f"w={name}/{look}")
        else:
            steps = [step for step in _LAST_STEP.split(name) if step]
            found += (f"last={steps[-1].lower()}", f"first={steps[0]}")
        found += told("w", words.kinds[at], "")
        found += self._neighbours(words, at, form)
        found += self._list(words, at, form)
        found += self._line(entry, at, form)
        if words.starts[at] < entry.first_line:
            found.append(f"title/{form}")
        lead = entry.line_above(words.starts[at])
        if lead.endswith(":"):
            found.append(f"colon/{form}")
            for word in _LETTERS.findall(lead.lower())[-LEAD_WORDS:]:
                found += told("u", words.known.get(word, ()), "")
        return found

    def _neighbours(self, words: Words, at: int, form: str) -> list[str]:
        """What the word is joined to in a list, before and behind it."""
        found = list[str]()
        for side, step in (("jb", -1), ("ja", 1)):
            number = self._joined(words, at, step)
            if number is not None:
                printed = words.printed[number]
                found.append(f"{side}={'A' if printed[0].isupper() else shape(printed)}")
                found.append(f"{side}={words.words[number]}/{form}")
                found += told(side, words.kinds[number], "")
        return found

    def _list(self, words: Words, at: int, form: str) -> list[str]:
        """What stands before and behind the list of names that the word stands in, or that it is alone."""
        first, last = self._end_of_list(words, at, -1), self._end_of_list(words, at, 1)
        like, found = f"/{form}", list[str]()
        for far in (1, 2, 3):
            word = words.word(first - far)
            found += (f"lb{far}={word}", f"lb{far}={word}{like}")
            found += told(f"lb{far}", words.kinds_at(first - far), like)
        found.append(f"lbb={words.word(first - 2)} {words.word(first - 1)}")
        for far in (1, 2):
            found.append(f"la{far}={words.word(last + far)}{like}")
            found += told(f"la{far}", words.kinds_at(last + far), like)
        if first != last:
            found += (f"list{like}", f"head={words.words[first]}{like}")
        return found

    def _end_of_list(self, words: Words, at: int, step: int) -> int:
        """The first (-1) or the last name of the list that a name stands in."""
        for _ in range(MOST_LISTED):
            number = self._joined(words, at, step)
            if number is None or NAME.fullmatch(words.printed[number]) is None:
                break
            if self._is_common(words, number):
                break
            at = number
        return at

    def _line(self, entry: _Entry, at: int, form: str) -> list[str]:
        """Whether the word opens or ends its line, or is all of it."""
        text, start, end = self.text, entry.words.starts[at], entry.words.ends[at]
        first, last = entry.line(start, end)
        before, behind = text[first:start].strip(_AROUND_LINE), text[end:last].strip(_BEHIND_LINE)
        found = list[str]()
        if not before:
            sign = behind[:1] if behind[:1] in SIGNS else "x"
            found += ("opens", f"opens/{form}", f"opens/{sign}")
        if not behind:
            found.append(f"closes/{form}")
        if before or behind:
            return found
        line = entry.line_above(start).strip()
        found += (f"alone/{form}", f"up={line[-1:] if line[-1:] in '.:!?' else 'x'}")
        found += [f"up={word.strip('.,:')}" for word in line.lower().split()[-3:]]
        if NAME.fullmatch(line):
            found.append(f"up name={shape(line)}")
        below = text[last : min(entry.end, last + REACH)].lstrip()[:1]
        found.append(f"down={below if below in '.,(:;' else 'low' if below.islower() else 'x'}")
        return found

    # -- keys of bodies ----------------------------------------------------------------------------

    def _is_key(self, words: Words, at: int) -> bool:
        """`"limit": 20`."""
        quoted = self.text[words.starts[at] - 1 : words.starts[at]] in ('"', "'")
        return quoted and _KEY_ENDS.match(self.text, words.ends[at]) is not None

    def _key_cues(self, entry: _Entry, at: int, body: Part) -> list[str]:
        text, words = self.text, entry.words
        name, start = words.printed[at], words.starts[at]
        first = entry.body_of(body)
        before = text[max(first, start - REACH) : start]
        steps = [step for step in _LAST_STEP.split(name) if step]
        value = text[words.ends[at] + 1 : words.ends[at] + 12].lstrip(": \t\n")[:1]
        found = [
            "key",
            f"key/{shape(name)}",
            f"depth{max(0, min(DEEPEST, before.count('{') - before.count('}')))}",
            f"key/odd{min(MANY, len(entry.odd))}",
            f"in text{entry.counts[name] > 1}",
            f"kw={steps[-1].lower()}",
            f"value{value if value in VALUES else '0'}",
        ]
        found += {f"l={word}" for word in _LETTERS.findall(entry.line_above(first).lower())[-LEAD_WORDS:]}
        return found


class _Entry:
    """What is known of an entry before its words are looked at one by one."""

    def __init__(self, parts: Sequence[Part], words: Words, api: bool) -> None:
        self.parts, self.words, self.api = parts, words, int(api)
        self.start, self.end = parts[0].block.span.start, parts[-1].end
        self.counts = Counter(words.printed)
        self._bodies: dict[int, int] = {}
        self.first_line = max(self.start, words.text.find("\n", self.start, self.end))
        codes = (code for part in parts for code in part.block.code)
        self.codes_at = {at for code in codes for at in range(words.at(code.start), words.at(code.end))}
        self.coded = {words.printed[at] for at in self.codes_at}
        self.odd = {
            printed
            for printed, word in zip(words.printed, words.words, strict=True)
            if word in ODD and printed[0].islower()
        }

    def placed(self, numbers: Iterable[int]) -> Iterator[tuple[int, Part]]:
        """Those of the numbered words that stand in a part, in order, with the part."""
        parts = iter(self.parts)
        part = next(parts)
        for at in sorted(numbers):
            if not 0 <= at < len(self.words):
                continue
            while self.words.starts[at] >= part.end:
                if (following := next(parts, None)) is None:
                    return
                part = following
            if self.words.starts[at] >= part.start:
                yield at, part

    def look(self, at: int) -> str:
        """How a word is set: as code, in quotes, or bare."""
        text, start = self.words.text, self.words.starts[at]
        before = text[max(0, start - 2) : start]
        if before.endswith("`") or at in self.codes_at:
            return "code"
        quoted = before.endswith(('"', "“")) or before.rstrip(" \u00a0\u202f").endswith("«")
        return "quoted" if quoted else "bare"

    def body_of(self, line: Part) -> int:
        """Where the body begins that a line of code stands in."""
        if line.start not in self._bodies:
            first = None
            for part in self.parts:
                first = (part.start if first is None else first) if is_body(part) else None
                if first is not None:
                    self._bodies[part.start] = first
        return self._bodies[line.start]

    def line(self, start: int, end: int) -> tuple[int, int]:
        """Where the line of text[start:end] begins and ends, as far as it is looked at."""
        text, least, most = self.words.text, max(self.start, start - REACH), min(self.end, end + REACH)
        first, last = text.rfind("\n", least, start) + 1, text.find("\n", end, most)
        return max(first, least), most if last < 0 else last

    def line_above(self, place: int) -> str:
        """The last line with a word above that of a place, as far as it is looked at."""
        first, _ = self.line(place, place)
        above = self.words.text[max(self.start, first - REACH) : first].rstrip(" \n`\u00a0")
        return above[above.rfind("\n") + 1 :]


def beside(mentions: Iterable[Mention], likely: Iterable[Mention]) -> Iterator[Mention]:
    """Those of the likely names that overlap none of the others."""
    taken = Spans(mention.span for mention in mentions)
    return (mention for mention in likely if not taken.overlap(mention.span))
