"""Which ordinary words name a parameter here?  `limit`, `sort`, `comments`: by the grammar around them.

A name stands where English and French want an article and does not have one ("with limit", "une demande sans
comments"), beside the noun ("the comments string", "le champ note"), in a list of names, on a line of its own
in the middle of a sentence, or as a small letter where a sentence begins ("… is gone. net has not changed").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from ingest import sights
from ingest.grammar import BULLET, CAMEL, SNAKE
from ingest.lexicon import Lexicon, Mark, Marks, either
from ingest.model import Span
from ingest.roles import Part, Role

MOST_BEHIND = 3  # words behind "is" that are looked at
MOST_LISTED = 8  # names to each side of one that are looked at
REACH = 60  # characters beside a word that are looked at
LAST_TOKEN = re.compile(r"(?:[^\W\d_]+['’]?|[^\w\s])(?=[ \u00a0\u202f\"“«`'*]*$)")
NEXT_TOKEN = re.compile(r"[ \u00a0\u202f]?[\"”»`'*]?[ \u00a0\u202f]*(?P<token>[^\W\d_]+|\d+|[^\w\s]|$)")
OPENS_SENTENCE = re.compile(
    r"(?:(?<=[^\W\d_]{3}\.)|(?<=[^\W\d_]\)\.)) (?P<name>[a-z][a-z0-9]{1,30})(?= (?P<next>[a-z’']+))"
)
# "warnings: list of findings", "notify (boolean)", "replayed tells whether …": how a line opens
OPENING = re.compile(r"(?P<name>[a-z][\w.\[\]]*)(?P<sign> ?: | ?[–—-] | ?\(| (?=[a-z]))")
ASIDE = re.compile(r"\([^()\n]{0,60}\)")
QUOTED = re.compile(r"[«“\"][ \u00a0\u202f]?(?P<name>[a-z][a-z0-9_]{1,40})[ \u00a0\u202f]?[»”\"](?!:)")
STOPS = frozenset(".,;:)!?(=")
ENDS = frozenset(".!?")


GRAMMAR = frozenset(
    {
        "name on a line of its own",
        "name beside the noun",
        "name that is set, or holds",
        "name listed with others",
        "names in a list",
        "name without an article",
        "small letter where a sentence begins",
        "name above or below others",
        "name that changes",
        "name in quotes that is held",
    }
)
"""The rules of this module."""


class PlainNames:
    """Finds ordinary words that are names in the parts of entries about an API."""

    def __init__(self, lexicon: Lexicon, text: str, marks: Marks) -> None:
        self.lexicon, self.text, self.marks = lexicon, text, marks
        self.usual = marks.bit("api.usual_names")
        self.of_calls = marks.bits(sights.ODD, sights.SLASH, "api.parameter_nouns", "api.endpoint_nouns")
        joiners = either(lexicon.words("api.joiners"))
        name = r"[a-z][a-z0-9]*(?:[_.][a-z0-9]+|\[[a-z0-9_]*\]|[A-Z][a-z0-9]+)*"
        renames = either(lexicon.words("api.renames"))
        self.renamed = re.compile(
            rf"(?<![\w.])(?P<before>{name})[`\"”*]*[ \u00a0]?\(?[ \u00a0]?(?:{renames})[ \u00a0][`\"“*]*"
            rf"(?P<after>{name})(?![\w\[])"
        )
        aside = r"(?:[ \u00a0]\([^()\n]{0,60}\))?"  # what a name holds, in brackets behind it
        self.joined_behind = re.compile(
            rf"{aside}(?:,|[,;]?[ \u00a0](?:{joiners}))[ \u00a0](?:d['’])?(?P<name>{name})(?![\w\[])"
        )
        self.joined_before = re.compile(
            rf"(?<![\w.\]])(?P<name>{name}){aside}(?:,|,?[ \u00a0](?:{joiners}))[ \u00a0](?:d['’])?$"
        )

    def find(self, parts: Sequence[Part], at: int, lang: str) -> Iterator[tuple[Span, str]]:
        """The names among a part's words, each with the rule that found it."""
        part = parts[at]
        if part.words & self.usual:
            for mark in self.marks.find("api.usual_names", part.start, part.end):
                if self.text[mark.start].islower() and not self._is_inside(mark):
                    rule = self._rule(mark, parts, at, lang)
                    if rule:
                        yield Span(mark.start, mark.end), rule
        if part.role in (Role.TEXT, Role.ITEM):
            yield from self._like_neighbours(parts, at)
            yield from self._renamed(part)
            yield from self._quoted(part)
            for match in OPENS_SENTENCE.finditer(self.text, part.start, part.end):
                usual = match["name"] in self._names
                if match["name"] not in self._ordinary and (usual or match["next"] in self._verbs):
                    yield Span(*match.span("name")), "small letter where a sentence begins"

    def _like_neighbours(self, parts: Sequence[Part], at: int) -> Iterator[tuple[Span, str]]:
        """A line that opens as the one above or below, which opens with a name by its looks."""
        match = OPENING.match(self.text, parts[at].start, parts[at].end)
        if match is None or match["name"] in self._ordinary or is_odd(match["name"]):
            return
        for other in (parts[at - 1] if at else None, parts[at + 1] if at + 1 < len(parts) else None):
            beside = OPENING.match(self.text, other.start, other.end) if other else None
            alike = other and beside and other.role is parts[at].role and beside["sign"] == match["sign"]
            if alike and beside and is_odd(beside["name"]):
                yield Span(*match.span("name")), "name above or below others"
                return

    def _quoted(self, part: Part) -> Iterator[tuple[Span, str]]:
        """Words in quotes, in a list with others that are names by their looks."""
        quoted = list(QUOTED.finditer(self.text, part.start, part.end))
        joiners = self.lexicon.lower("api.joiners")
        held = False  # the one before, by the verb of what calls hold: "contient « label » et « color »"
        for at, one in enumerate(quoted):
            behind = quoted[at - 1].end() if at else part.start
            between = ASIDE.sub("", self.text[behind : one.start()]).strip(" ,\u00a0\u202f").lower()
            joined = held and (not between or between in joiners or between.split()[0].strip(",") in joiners)
            held = joined or self._before(one.start(), part) in self.lexicon.lower("api.holding_verbs")
            held = held and self.may_be_name(one["name"])
            if held:
                yield Span(*one.span("name")), "name in quotes that is held"
        for one, other in pairwise(quoted):
            between = ASIDE.sub("", self.text[one.end() : other.start()]).strip(" ,\u00a0\u202f").lower()
            if (not between or between in joiners) and is_odd(one["name"]) != is_odd(other["name"]):
                plain = other if is_odd(one["name"]) else one
                if plain["name"] not in self._ordinary:
                    yield Span(*plain.span("name")), "name listed with others"

    def _renamed(self, part: Part) -> Iterator[tuple[Span, str]]:
        """ "descriptor is renamed to statement_text", "lastModified (formerly mtime)": an odd name and what
        it was, or will be, called."""
        for match in self.renamed.finditer(self.text, part.start, part.end):
            names = match["before"], match["after"]
            before = self._before(match.start(), part)
            told = before in self._single or any(map(is_odd, names))
            told = told and before not in self.lexicon.lower("api.articles", "api.pronouns")
            if told and self._ordinary.isdisjoint(names) and self._single.isdisjoint(names):
                yield Span(*match.span("before")), "name that changes"
                yield Span(*match.span("after")), "name that changes"

    def _rule(self, mark: Mark, parts: Sequence[Part], at: int, lang: str) -> str | None:
        part, word = parts[at], mark_text(self.text, mark)
        if self._alone(mark, parts, at):
            return "name on a line of its own"
        if word in self._adjectives:
            return None
        if self._noun_behind(mark, part) or self._noun_before(mark, part):
            return "name beside the noun"
        if self._is_set(mark, part) or self._is_subject(mark, part) or self._is_one(mark, part):
            return "name that is set, or holds"
        if self._is_missing(mark, part):
            return "name that is set, or holds"
        if word in self._foreign(lang) and not self._is_verb(mark, part) and self._ends(mark.end, part):
            return "name without an article"
        if self._before(mark.start, part) in self.lexicon.lower("api.articles"):
            return None  # "error_code is one thing, and the message another"
        first, last, others = self._list_around(mark, part)
        before = self._before(first, part)
        equated = before in self.lexicon.lower("api.equals") and before not in self._leads
        near = max(part.start, first - REACH)
        sentence = max(near, self.text.rfind(". ", near, first) + 1)
        equated = equated and not self._speaks_of_names(Span(sentence, first))
        if any(map(is_odd, others)) and before not in self._qualifying and not equated:
            return "name listed with others"
        if self._is_bare(first, last, part):
            if any(one in self._names for one in others) and self._of_calls(part, (word, *others), lang):
                return "names in a list"
            if word in self._telling(lang) and not self._is_verb(mark, part):
                return "name without an article"
        return None

    def _of_calls(self, part: Part, names: Iterable[str], lang: str) -> bool:
        """Whether a list of ordinary words is one of names: one of them says so, or what stands around."""
        return bool(part.words & self.of_calls) or not self._telling(lang).isdisjoint(names)

    def _alone(self, mark: Mark, parts: Sequence[Part], at: int) -> bool:
        """Whether the word is all of an item, or of a line in the middle of a sentence."""
        part = parts[at]
        bullet = BULLET.match(self.text, part.block.span.start, part.end)
        start = bullet.end() if bullet else part.start
        if self.text[start : part.end].strip(" \u00a0`*.,;\"'“”") != mark_text(self.text, mark):
            return False
        if part.role is Role.ITEM:
            return True
        if at == 0:
            return False
        above = parts[at - 1].text.rstrip()
        below = parts[at + 1].text[:1] if at + 1 < len(parts) else ""
        cut = above[-1:] not in ENDS and (below.islower() or below in ",.;)(")
        listed = above.endswith(":") and self._speaks_of_names(parts[at - 1])
        return cut or listed or self._in_column(parts, at)

    def _speaks_of_names(self, part: Part | Span) -> bool:
        return self.marks.any("api.parameter_nouns", max(part.start, part.end - REACH), part.end)

    def _in_column(self, parts: Sequence[Part], at: int) -> bool:
        """Whether the line above is such a name too, in a list whose marks are lost."""
        above = parts[at - 1].text.strip()
        return above in self._names and at > 1 and self._speaks_of_names(parts[at - 2])

    def _noun_behind(self, mark: Mark, part: Part) -> bool:
        """ "an optional comments string", "the sort parameter"."""
        behind = NEXT_TOKEN.match(self.text, mark.end, part.end)
        if behind is None or behind["token"].lower() not in self._single:
            return False
        before = self._before(mark.start, part)
        return not before or before in self._leads or before in self._qualifying

    def _is_inside(self, mark: Mark) -> bool:
        """Whether the word is only a part of a longer name: "email-dcv", "page.total"."""
        before, behind = self.text[mark.start - 1 : mark.start], self.text[mark.end : mark.end + 2]
        return (
            before in ("-", ".", "_", "/", "@")
            or behind[:1] in ("-", "_", "/", "@")
            or (behind[:1] == "." and behind[1:].isalnum())
        )

    def _is_set(self, mark: Mark, part: Part) -> bool:
        """ "set status to approved", "leave amount out"."""
        behind = NEXT_TOKEN.match(self.text, mark.end, part.end)
        token, before = behind["token"].lower() if behind else "", self._before(mark.start, part)
        if before in self.lexicon.lower("api.leaving_verbs"):
            return token in self.lexicon.lower("api.left_out") and bool(part.words & self.of_calls)
        return token in self._after_set and before in self._setting and bool(part.words & self.of_calls)

    def _is_subject(self, mark: Mark, part: Part) -> bool:
        """ "At the same time reason accepts two more values": no article, and a verb of what calls hold."""
        behind = NEXT_TOKEN.match(self.text, mark.end, part.end)
        if behind is None or behind["token"] not in self._holding:
            return False
        before = self._before(mark.start, part)
        return before in self._leads or before in STOPS

    def _is_one(self, mark: Mark, part: Part) -> bool:
        """ "comments is optional", "label is required": no article, and what calls say of names."""
        behind = NEXT_TOKEN.match(self.text, mark.end, part.end)
        word, before = mark_text(self.text, mark), self._before(mark.start, part)
        plural = word.endswith("s") and not word.endswith("us")
        first = not before or before in self._leads or before in STOPS
        if not (first and behind is not None and behind["token"] in self._singular):
            return False
        said = (
            self.text[behind.end() : min(part.end, behind.end() + REACH // 2)]
            .lower()
            .replace(".", " ")
            .split()
        )
        states = self.lexicon.lower("api.call_states")
        if plural:
            states |= self.lexicon.lower("api.adjectives") - self._small - self.lexicon.lower("api.articles")
        return not states.isdisjoint(said[:MOST_BEHIND])

    def _is_missing(self, mark: Mark, part: Part) -> bool:
        """ "requests without comments are rejected"."""
        before = self.text[max(part.start, mark.start - REACH) : mark.start].lower().split()[-2:]
        requests = self.lexicon.lower("api.request_nouns")
        return len(before) == 2 and before[0] in requests and before[1] in self.lexicon.lower("api.without")

    def _before(self, at: int, part: Part) -> str:
        """The word or sign right before a place, in small letters; empty where there is none."""
        found = LAST_TOKEN.search(self.text[max(part.start, at - REACH) : at])
        return found.group().lower() if found else ""

    def _noun_before(self, mark: Mark, part: Part) -> bool:
        """ "the field comments is optional", "le champ note reste …"."""
        before = self.text[max(part.start, mark.start - REACH) : mark.start]
        said = before.rstrip(" \u00a0\"“«`'*").rsplit(None, 1)
        return bool(said) and said[-1].lower() in self._single and before[-1:] in " \u00a0\"“«`'*"

    def _list_around(self, mark: Mark, part: Part) -> tuple[int, int, list[str]]:
        """Where the list of names begins and ends that the word stands in, and its other names."""
        others: list[str] = []
        first, last = mark.start, mark.end
        while match := self.joined_before.search(self.text[max(part.start, first - REACH) : first]):
            if not self.may_be_name(match["name"]) or len(others) == MOST_LISTED:
                break
            others.append(match["name"])
            first = max(part.start, first - REACH) + match.start()
        while match := self.joined_behind.match(self.text, last, part.end):
            if not self.may_be_name(match["name"]) or len(others) >= 2 * MOST_LISTED:
                break
            others.append(match["name"])
            last = match.end()
        return first, last, others

    def may_be_name(self, word: str) -> bool:
        """Whether a word is one that names are made of, or one by its looks."""
        return word in self._names or is_odd(word)

    def _is_bare(self, first: int, last: int, part: Part) -> bool:
        """Whether a small word or a verb stands before, and a stop, a small word or a verb behind."""
        before = self._before(first, part)
        if before and before not in self._leads and before not in (":", ";", ","):
            return False
        return self._ends(last, part)

    def _ends(self, at: int, part: Part) -> bool:
        """Whether a stop, a small word or a verb stands behind a place."""
        behind = NEXT_TOKEN.match(self.text, at, part.end)
        token = behind["token"].lower() if behind else ""
        return not token or token in STOPS or token in self._followers

    def _is_verb(self, mark: Mark, part: Part) -> bool:
        """ "… and sort it by method", "… to sort": what it is done to follows, or "to" stands before."""
        if self._before(mark.start, part) in self._after_set:
            return True
        behind = NEXT_TOKEN.match(self.text, mark.end, part.end)
        return behind is not None and behind["token"].lower() in self._objects

    def _telling(self, lang: str) -> frozenset[str]:
        """Names that need no other one beside them."""
        own = self.lexicon.languages.get(lang)
        return frozenset(own.words.get("api.bare_names", ())) if own else frozenset()

    def _foreign(self, lang: str) -> frozenset[str]:
        """Names that are no words of the language, whatever stands beside them."""
        own = self.lexicon.languages.get(lang)
        return frozenset(own.words.get("api.foreign_names", ())) if own else frozenset()

    @cached_property
    def _names(self) -> frozenset[str]:
        return self.lexicon.lower("api.usual_names")

    @cached_property
    def _objects(self) -> frozenset[str]:
        return self.lexicon.lower("api.articles", "api.objects")

    @cached_property
    def _qualifying(self) -> frozenset[str]:
        return self._adjectives | self.lexicon.lower("api.articles", "api.qualifiers")

    @cached_property
    def _holding(self) -> frozenset[str]:
        """Verbs of one that holds: "accepts", not "accept" and not "has"."""
        verbs = self.lexicon.lower("api.holding_verbs")
        return frozenset(verb for verb in verbs if len(verb) > 3 and verb.endswith("s"))

    @cached_property
    def _singular(self) -> frozenset[str]:
        return self.lexicon.lower("api.one_verbs")

    @cached_property
    def _setting(self) -> frozenset[str]:
        return self.lexicon.lower("api.setting_verbs")

    @cached_property
    def _after_set(self) -> frozenset[str]:
        return self.lexicon.lower("api.set_to")

    @cached_property
    def _adjectives(self) -> frozenset[str]:
        return self.lexicon.lower("api.adjectives")

    @cached_property
    def _single(self) -> frozenset[str]:
        """What one parameter is called, and the kinds of values that are called after it."""
        return self.lexicon.lower("api.one_parameter")

    @cached_property
    def _small(self) -> frozenset[str]:
        return self.lexicon.lower(*(f"stop.{code}" for code in self.lexicon.languages))

    @cached_property
    def _verbs(self) -> frozenset[str]:
        return self.lexicon.lower("api.name_end", "api.after_name")

    @cached_property
    def _ordinary(self) -> frozenset[str]:
        qualifying = self.lexicon.lower("api.qualifiers", "api.determiners")
        return self._small | self._verbs | self._adjectives | qualifying

    @cached_property
    def _leads(self) -> frozenset[str]:
        return self.lexicon.lower("api.name_leads", "api.holding_verbs", "api.asking_verbs")

    @cached_property
    def _followers(self) -> frozenset[str]:
        return self._small | self._verbs


def is_odd(name: str) -> bool:
    """Whether a name is one by its looks: `order_id`, `page.total`, `lastCheck`."""
    return SNAKE.fullmatch(name) is not None or CAMEL.fullmatch(name) is not None


def mark_text(text: str, mark: Mark) -> str:
    return text[mark.start : mark.end]
