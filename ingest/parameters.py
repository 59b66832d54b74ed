"""Which parameters does an entry name?  By shape, as code, by the noun beside them; never values."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property, reduce
from itertools import chain, pairwise
from operator import or_

from ingest import sights
from ingest.endpoints import CALLS
from ingest.grammar import (
    CAMEL,
    FILE_LIKE,
    IDENTIFIER,
    METHOD_PATH,
    SNAKE,
    TYPE_REMNANT,
    URL,
    WORD,
)
from ingest.lexicon import Lexicon, Mark, Marks, either
from ingest.likely_parameters import NOTHING, Weighed, beside
from ingest.model import BlockKind, Mention, Span, Spans, distinct
from ingest.plain_names import GRAMMAR, PlainNames
from ingest.roles import Part, Role, is_example
from ingest.values import LONGEST_NAME, NOUN_NEAR, ODD, REACH, Values, cells_of

# an odd word right before the noun that it names
NAMED = re.compile(r"[A-Za-z0-9](?:[_.][A-Za-z0-9]|[a-z][A-Z])[\w.\[\]]*[`\"”]? $")
# "tags=prod,web", not inside a query string: a parameter and its value
SET = re.compile(r"(?<![\w?&/.=-])(?P<name>[a-z][a-z0-9_]{1,30})=(?=[\w\"'-])")
# "depth (integer, 1 to 10)": a parameter and its type
TYPED = re.compile(
    r"(?<![\w/.-])(?P<name>[a-z][a-z0-9_]{1,30}) ?\((?P<type>[^\W\d_]+)(?:[,:)]| (?=of\b|de\b|d[’']))"
)
BEFORE_NOUN = re.compile(r"(?:^|[\s(“\"'`])([a-z][a-z0-9]{1,30})[”\"'`]? $")
LAST_WORD = re.compile(r"(?:^|(?<=[ \u00a0]))(?P<name>[a-z][a-z0-9]{2,30})$")
SENTENCE_ENDS = (".", "!", "?", ":", ";")
# "scheme    integer   interchange fees": a row of columns drawn with blanks
COLUMNS = re.compile(
    r"(?P<name>[a-z][\w.\[\]]*)(?:[ \u00a0]{2,}|\t)(?P<type>[^\W\d_]+)(?=[ \u00a0]{2,}|\t|$)"
)
# "Parameter: reason"
STANZA = re.compile(r"[^\W\d_]+[ \u00a0]?:[ \u00a0]*[`\"]?(?P<name>[a-z][\w.\[\]]*)[`\"]?$")
BODY = re.compile(r"\{[^{}\n]{3,200}\}")  # `{"secret": "s3cr3t", "expires_in": 86400}`
KEY = re.compile(r"\"(?P<name>[A-Za-z_][\w.]*)\"\s*:")
IN_BODY = "key of a body"
IN_STANZA = "name behind the noun and a colon"
QUERY_NAME = re.compile(r"[?&](?P<name>[A-Za-z_][\w.\[\]]*)=")
ROW = re.compile(r"(?P<name>[a-z][\w.\[\]]*) (?P<type>[a-z]+) (?=\S)")
CELL = re.compile(r"[a-z][\w.\[\]-]{1,40}")
# "ticket-ref", "challenge.ttl-minutes"
HYPHENATED = re.compile(r"(?<![\w./@-])[a-z][a-z0-9]*(?:\.[a-z][a-z0-9]*)*(?:-[a-z0-9]+)+(?![\w/@-]|\.\w)")
QUOTES = ("`", "“", '"', "«")
AFTER_NAME = re.compile(r"[`\"”'*»]*[ \u00a0]?")
PLAIN_WORD = re.compile(r"[a-z][a-z0-9]{2,30}")
ODD_WORD_BEHIND = re.compile(r"[ \u00a0][a-z]\w*(?:_|[a-z0-9][A-Z])")
FILLED = re.compile(r"\S+")
FEWEST_LETTERS, MOST_LETTERS = 16, 160  # of names that ran together
LITERALS = frozenset({"true", "false", "null", "none"})
# "… à échéance.dcv_renewal_count": a literal of its own, fused to the sentence before it
FUSED_LITERAL = re.compile(r"\.(?<=[^\W\d_]\.)(?P<name>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?=[ \u00a0]*$)", re.M)


class Parameters:
    """Finds parameter names: by shape, by being set as code, by the noun beside them; never values."""

    def __init__(self, lexicon: Lexicon, text: str, marks: Marks) -> None:
        self.lexicon, self.text, self.marks = lexicon, text, marks
        self.plain = PlainNames(lexicon, text, marks)
        self.values = Values(lexicon, text, marks, self.plain)
        self.nouns = marks.bits("api.plain_nouns", "api.shared_nouns")
        self.telling = marks.bits("api.plain_nouns", "api.parameter_nouns")
        self.odd, self.equals = marks.bit(sights.ODD), marks.bit(sights.EQUALS)
        self.bracket, self.slash = marks.bit(sights.BRACKET), marks.bit(sights.SLASH)
        self.naming = self.nouns | self.telling | self.odd | self.equals | self.bracket | self.plain.usual
        joiners = either(lexicon.words("api.joiners"))
        small = either((*lexicon.words("api.joiners"), *lexicon.words("api.after_name")))
        # "the sort and limit parameters": the first of two words before the noun
        self.paired = re.compile(rf"(?<=[ \u00a0])(?P<name>[a-z][a-z0-9]{{1,30}})(?:, | (?:{joiners}) )")
        self.apart = re.compile(rf"(?:(?:{joiners}) )?(?P<name>[a-z][a-z0-9]{{2,30}})")
        joint = rf"(?:,| (?:{joiners}))[ \u00a0]"
        self.joint = re.compile(joint)
        self.joined = re.compile(rf"(?P<name>[\w.]+)[`\"”]?{joint}[`\"“]?$")
        self.behind = re.compile(
            r"[ \u00a0](?P<quote>[«“\"`]?)[ \u00a0]?(?P<name>[a-z][a-z0-9]{1,30})[ \u00a0]?[»”\"`]?"
            rf"(?=[,.;)]|[ \u00a0](?:(?:{small})[ ,]|\())"
        )

    def find(
        self,
        parts: Sequence[Part],
        endpoints: Sequence[Mention],
        lang: str,
        api: bool,
        weighed: Weighed = NOTHING,
    ) -> tuple[Mention, ...]:
        """The parameters that an entry names; `weighed` tells which the words around them speak for."""
        told, values = self._told(parts, endpoints, lang, api) if self._can_name(parts) else ([], [])
        told = [mention for mention in told if mention.span.start not in weighed.unlikely]
        others = beside((*told, *values, *endpoints), weighed.likely)
        found = self._apart(sorted([*told, *others], key=lambda m: m.span))
        return tuple(distinct(found, lambda m: m.name))

    def _told(
        self, parts: Sequence[Part], endpoints: Iterable[Mention], lang: str, api: bool
    ) -> tuple[list[Mention], list[Mention]]:
        """The names that the rules find, and the values."""
        taken = [m.span for m in endpoints if m.rule in CALLS]
        lead, heard = None, 0  # the last part that is more than a name or an item, of the first so many
        found: list[Mention] = []
        values: list[Mention] = []
        for at, part in enumerate(parts):
            if part.role is Role.CODE and api and at and self._tells_members(parts[at - 1]):
                found += self._members(part)
            if not _tells(part):
                continue
            if part.words & self.slash:
                found += self._in_queries(part)
            if not self._may_name(parts, at):
                continue
            candidates = list(_outermost(self._candidates(part, parts, at, lang, api)))
            if candidates:
                lead, heard = self._lead(parts, heard, at) or lead, at
            spoken_for = self._spoken_for(part, taken) if candidates else Spans(())
            for span, rule in candidates:
                told = rule in GRAMMAR or rule in (IN_STANZA, IN_BODY)
                told = told or not self.values.is_value(span, part, parts, at, lead)
                if not told:
                    values.append(Mention(span.of(self.text), span, rule))
                elif not spoken_for.overlap(span):
                    found += [Mention(s.of(self.text), s, rule) for s in self._unfused(span)]
        return found, values

    def _tells_members(self, lead: Part) -> bool:
        """ "The body has two members:", right above the body: its keys are announced, it is no example."""
        nouns = self.marks.find("api.parameter_nouns", max(lead.start, lead.end - NOUN_NEAR), lead.end)
        several = any(self.text[noun.start : noun.end].endswith("s") for noun in nouns)
        told = several and lead.text.rstrip().endswith(":")
        return told and not self.marks.any("entry.examples", lead.start, lead.end)

    def _members(self, body: Part) -> Iterator[Mention]:
        """The keys of a body that stand in no object of their own inside of it."""
        for key in KEY.finditer(self.text, body.start, body.end):
            before = self.text[body.start : key.start()]
            if before.count("{") - before.count("}") == 1:
                yield Mention(key["name"], Span(*key.span("name")), IN_BODY)

    def _may_name(self, parts: Sequence[Part], at: int) -> bool:
        """Whether a part shows anything that one of its candidates needs."""
        if parts[at].words & self.naming or parts[at].block.code or self.values.head_above(parts, at):
            return True
        above, below = at and parts[at - 1].words, at + 1 < len(parts) and parts[at + 1].words
        above_words = above or 0
        told = (
            below & (self.bracket | self.telling)
            or above & self.nouns
            or "  " in parts[at].text[:LONGEST_NAME]
        )
        if parts[at].role is Role.ITEM and (below | above_words) & self.odd:
            return True
        alone = self.apart.fullmatch(self.text, parts[at].start, parts[at].end) is not None
        return bool(told) or alone or self._is_cut(parts, at)

    def _in_queries(self, part: Part) -> Iterator[Mention]:
        """The names in the query strings of calls that a sentence speaks of, no example."""
        for call in METHOD_PATH.finditer(self.text, part.start, part.end):
            for name in QUERY_NAME.finditer(self.text, *call.span("path")):
                if name["name"].startswith("utm_"):
                    continue  # tells who sent it
                yield Mention(name["name"], Span(*name.span("name")), "name in a query string")

    def _lead(self, parts: Sequence[Part], first: int, last: int) -> Part | None:
        """The last of parts[first:last] that is more than a name or an item."""
        told = (p for p in reversed(parts[first:last]) if _tells(p) and not self._only_names(p))
        return next(told, None)

    def _spoken_for(self, part: Part, taken: Iterable[Span]) -> Spans:
        """Where endpoints, calls and links stand, whose names are no parameters."""
        links = (Span(*m.span()) for m in URL.finditer(self.text, part.start, part.end))
        paths = (Span(*m.span()) for m in METHOD_PATH.finditer(self.text, part.start, part.end))
        return Spans((*taken, *links, *paths))

    def _can_name(self, parts: Sequence[Part]) -> bool:
        """Whether anything could name a parameter: an odd word, code, a noun, a type in brackets."""
        words = reduce(or_, (part.words for part in parts))
        if words & (self.nouns | self.telling | self.plain.usual | self.slash):
            return True
        if any(part.block.code for part in parts):
            return True
        if any(part.role is Role.HEAD_ROW for part in parts):
            return True
        signs = ((self.odd, ODD), (self.bracket, TYPE_REMNANT), (self.equals, SET))
        first, last = parts[0].start, parts[-1].end
        return any(words & sign and pattern.search(self.text, first, last) for sign, pattern in signs)

    def _candidates(
        self, part: Part, parts: Sequence[Part], at: int, lang: str, api: bool
    ) -> Iterator[tuple[Span, str]]:
        odd = list(self._odd_words(part)) if part.words & self.odd else []
        for match in _matches(SNAKE, self.text, odd):
            span = self._without_sentence(Span(*match.span()), part, parts, at)
            name = span.of(self.text)
            if (
                not name.isupper()
                and not FILE_LIKE.search(name)
                and not re.fullmatch(r"[a-z]{2}_[A-Z]{2}", name)
                and self._telling(name, api)
            ):
                yield span, "snake_case or path of names"
        fused = FUSED_LITERAL.search(self.text, part.start, part.end) if odd else None
        whole = fused and any(m.end() == fused.end() for m in SNAKE.finditer(self.text, part.start, part.end))
        if fused and not whole and self.text[fused.end() : part.end].strip() == "":
            yield Span(*fused.span("name")), "literal behind a sentence"
        yield from self._hyphenated(part, api)
        for match in _matches(CAMEL, self.text, odd) if api else ():
            yield Span(*match.span()), "camelCase"
        yield from self._code(part, api)
        yield from self._in_body(part) if api else ()
        for match in (
            SET.finditer(self.text, part.start, part.end) if api and part.words & self.equals else ()
        ):
            if not self._in_tag(part, match.start()):
                yield Span(*match.span("name")), "name set to a value"
        for match in (
            TYPED.finditer(self.text, part.start, part.end) if api and part.words & self.bracket else ()
        ):
            if self.values.is_type(match["type"]) and match["name"] not in self.lexicon.lower(
                "api.one_parameter"
            ):
                yield Span(*match.span("name")), "name before its type"
        if part.words & self.nouns:
            yield from self._beside_noun(part, lang, api)
            yield from self._behind_noun(part, api)
        yield from self._typed(part, parts, at, api)
        yield from self._in_row(part, parts, at)
        yield from self._set_apart(parts, at, api)
        if api:
            yield from self._cut_behind(parts, at, lang)
            yield from self.plain.find(parts, at, lang)

    def _code(self, part: Part, api: bool) -> Iterator[tuple[Span, str]]:
        """What is set as code and reads as a name."""
        values = self._values_in_code(part) if part.block.code else frozenset()
        for code in part.block.code:
            inner = code.of(self.text).strip(" \"'").partition("=")[0]  # "sort=name" names sort
            if inner in LITERALS or FILE_LIKE.search(inner) or code in values:
                continue
            named = IDENTIFIER.fullmatch(inner) is not None and inner[0].islower()
            if named and (api or self._before_noun(code)) and not self._describes(part, code):
                start = code.start + code.of(self.text).index(inner)
                yield Span(start, start + len(inner)), "set as code"

    def _in_body(self, part: Part) -> Iterator[tuple[Span, str]]:
        """ "… with a body like {"secret": "s3cr3t"}": the names in a body that a sentence tells to send."""
        for body in BODY.finditer(self.text, part.start, part.end):
            lead = self.text[max(part.start, body.start() - LONGEST_NAME) : body.start()]
            if not WORD.search(lead) or self.marks.any(
                "entry.examples", body.start() - len(lead), body.start()
            ):
                continue
            for name in KEY.finditer(self.text, *body.span()):
                yield Span(*name.span("name")), IN_BODY

    def _hyphenated(self, part: Part, api: bool) -> Iterator[tuple[Span, str]]:
        """ "the `ticket-ref` parameter", "callback-url (string)": words joined by hyphens, beside the noun or
        before a data type, and what `auto_serial` gives way to.  Values and headers look alike."""
        for match in HYPHENATED.finditer(self.text, part.start, part.end) if api else ():
            span = Span(*match.span())
            behind = AFTER_NAME.match(self.text, span.end, part.end)
            following = behind.end() if behind else span.end
            noun = self.marks.at("api.parameter_nouns", following)
            remnant = TYPE_REMNANT.match(self.text, following)
            typed = remnant is not None and self.values.is_type(remnant["type"])
            dotted = "." in match.group() and Spans(part.block.code).overlap(span)
            set_off = Spans(part.block.code).overlap(span) or self.text[span.start - 1 : span.start] in QUOTES
            named = noun is not None and self.text[noun.start].islower()
            before = self.joined.search(self.text, max(part.start, span.start - LONGEST_NAME), span.start)
            listed = before is not None and self.plain.may_be_name(before["name"])
            if typed or dotted or listed or (set_off and (named or self._noun_right_before(span, part))):
                yield span, "words joined by hyphens"

    def _noun_right_before(self, span: Span, part: Part) -> bool:
        """ "the parameter ticket-ref", "le champ callback-url"."""
        lead = self.text[max(part.start, span.start - LONGEST_NAME) : span.start].rstrip(' \u00a0`"“«*')
        return self.lexicon.ending("api.one_parameter", lead, len(lead)) > 0

    def _values_in_code(self, part: Part) -> frozenset[Span]:
        """Code right behind other code, or behind a verb of what that holds, and what is joined to it:
        "`format` `csv` or `json`", "`key_type` accepts `rsa` and `ecc`"."""
        joiners = self.lexicon.lower("api.joiners")
        values: set[Span] = set()
        for name, code in pairwise(part.block.code):
            between = self.text[name.end : code.start].strip("`").strip(" ,\u00a0").lower()
            gap = self.text[name.end : code.start]
            joined = name in values and (not between or between in joiners)
            behind = " " in gap and "," not in gap and (not between or between in self._holding)
            if joined or (name not in values and behind and IDENTIFIER.fullmatch(name.of(self.text))):
                values.add(code)
        return frozenset(values)

    def _before_noun(self, code: Span) -> bool:
        """ "the `source` field of a charge": nothing but the noun says that it is one."""
        end = (
            code.end
            + len(self.text[code.end : code.end + 3])
            - len(self.text[code.end : code.end + 3].lstrip("` "))
        )
        noun = self.marks.at("api.parameter_nouns", end)
        return noun is not None and self.text[noun.start : noun.end].lower() in self.lexicon.lower(
            "api.one_parameter"
        )

    def _describes(self, part: Part, code: Span) -> bool:
        """Whether code stands in a table's row behind the name in its first cell: a value of that."""
        first = part.block.code[0]
        if part.block.kind is not BlockKind.ROW or code is first:
            return False
        opens = not self.text[part.start : first.start].strip(" |`*")
        return opens and "|" in self.text[first.end : code.start]

    def _in_tag(self, part: Part, at: int) -> bool:
        """Whether the place lies in a tag of HTML: `<a name="…">`."""
        start = max(part.start, at - REACH)
        return self.text.rfind("<", start, at) > self.text.rfind(">", start, at)

    def _odd_words(self, part: Part) -> Iterator[tuple[int, int]]:
        """The stretches of a part without blanks that have something odd in them."""
        end = part.start
        for at in self.marks.seen(sights.ODD, part.start, part.end):
            if at >= end:
                start, text = at, self.text
                while start > part.start and not text[start - 1].isspace():
                    start -= 1
                match = FILLED.match(text, at, part.end)
                end = match.end() if match else part.end
                yield start, end

    def _typed(self, part: Part, parts: Sequence[Part], at: int, api: bool) -> Iterator[tuple[Span, str]]:
        """A line of one word, before a data type that a lost table left: "comments", "(string)…"; where
        an API is spoken of, the last word of any line."""
        if at + 1 >= len(parts) or self.text[parts[at + 1].start : parts[at + 1].start + 1] != "(":
            return
        word = self.text[part.start : part.end].strip()
        remnant = TYPE_REMNANT.match(self.text, part.start)
        if remnant and self.values.is_type(remnant["type"]):
            word = self.text[remnant.end() : part.end].strip()
        alone = PLAIN_WORD.fullmatch(word) is not None
        last = LAST_WORD.search(word)
        if not alone and (not api or last is None or last["name"] in self._ordinary):
            return
        name = word if alone or last is None else last["name"]
        below = TYPE_REMNANT.match(self.text, parts[at + 1].start)
        if below and self.values.is_type(below["type"]):
            end = part.start + len(self.text[part.start : part.end].rstrip())
            yield Span(end - len(name), end), "name before its type"

    def _in_row(self, part: Part, parts: Sequence[Part], at: int) -> Iterator[tuple[Span, str]]:
        """The first word of a row, before its data type, in a table that lost its borders."""
        drawn = COLUMNS.match(self.text, part.start, part.end)
        if drawn and self.values.is_type(drawn["type"]):
            yield Span(*drawn.span("name")), "name before its type"
        stanza = STANZA.match(self.text, part.start, part.end)
        if stanza and self.marks.at("api.parameter_nouns", part.start) is not None:
            yield Span(*stanza.span("name")), IN_STANZA
        yield from self._in_cell(part, parts, at)
        match = ROW.match(self.text, part.start, part.end)
        if match and self.values.is_type(match["type"]) and self.values.head_above(parts, at):
            yield Span(*match.span("name")), "name before its type"

    def _in_cell(self, part: Part, parts: Sequence[Part], at: int) -> Iterator[tuple[Span, str]]:
        """The word in the first cell of a row, below a head that speaks of names, or before a data type."""
        cells = cells_of(self.text[part.start : part.end])
        name = cells[0].strip(" `*")
        if part.block.kind is not BlockKind.ROW or len(cells) < 2 or CELL.fullmatch(name) is None:
            return
        head = self.values.head_above(parts, at)
        while head is not None and not WORD.search(head.text):
            above = bisect_left(parts, head.start, key=lambda one: one.start) - 1
            head = parts[above] if above >= 0 and parts[above].role is Role.HEAD_ROW else None
        if head is not None and (self.values.is_type(cells[1].strip() or "-") and self._names_column(head)):
            start = part.start + self.text[part.start : part.end].index(name)
            yield Span(start, start + len(name)), "name before its type"

    def _names_column(self, head: Part) -> bool:
        """Whether the first of a table's columns holds names: "Field | Type", "Name | Type"."""
        first = cells_of(head.text)[0].strip(" *").lower()
        return first in self.lexicon.lower("api.one_parameter", "api.usual_names", "api.plain_nouns")

    @cached_property
    def _holding(self) -> frozenset[str]:
        return self.lexicon.lower("api.holding_verbs")

    def _set_apart(self, parts: Sequence[Part], at: int, api: bool) -> Iterator[tuple[Span, str]]:
        """A word alone on its line in the middle of a sentence, code once: behind a verb of what calls hold,
        or with the noun on the line above or below: "… the optional parameter", "locale", ", which …"."""
        if not 0 < at < len(parts) - 1:
            return
        above, part, below = parts[at - 1 : at + 2]
        match = self.apart.fullmatch(self.text, part.start, part.end)
        if match is None or match["name"] in self._ordinary or above.text.rstrip().endswith(SENTENCE_ENDS):
            return
        first = below.text[:1]
        if not (first.islower() or first in ",.;)"):
            return
        reach = max(above.start, above.end - NOUN_NEAR)
        named = ("api.plain_nouns", "api.shared_nouns")
        noun = self.marks.at("api.parameter_nouns", below.start) if api else None
        if noun is not None and self.text[noun.start].islower():
            yield Span(*match.span("name")), "word on a line of its own"
            return
        held = api and not self._holding.isdisjoint(above.text.lower().split()[-2:])
        if held or any(self.marks.any(n, reach, above.end) or self.marks.at(n, below.start) for n in named):
            yield Span(*match.span("name")), "word on a line of its own"

    def _cut_behind(self, parts: Sequence[Part], at: int, lang: str) -> Iterator[tuple[Span, str]]:
        """A line's last word where the next line goes on with a blank, a sign or the noun: code once, whose
        end cut the line: "… walk through the answers with limit", " and offset", "."."""
        adjectives = self._cut_before_noun(parts, at, lang)
        if adjectives is None and not self._is_cut(parts, at):
            return
        match = LAST_WORD.search(self.text, parts[at].start, parts[at].end)
        if match is not None and match["name"] not in self._ordinary | (adjectives or frozenset()):
            yield Span(*match.span("name")), "word that the line was cut behind"

    def _cut_before_noun(self, parts: Sequence[Part], at: int, lang: str) -> frozenset[str] | None:
        """Where the next line begins with the noun ("… in one settings", "object, …"), the words that stand
        before it and are no names; None elsewhere."""
        if at + 1 >= len(parts) or self.text.count("\n", parts[at].end, parts[at + 1].start) != 1:
            return None
        noun = self.marks.at("api.parameter_nouns", parts[at + 1].start)
        if (
            noun is None
            or not self.text[noun.start].islower()
            or self.text[noun.end : noun.end + 1] in ("[", "_")
        ):
            return None
        return self._adjectives(noun, lang) or None

    def _is_cut(self, parts: Sequence[Part], at: int) -> bool:
        """Whether the next line goes on in the middle of a sentence, with a blank or a sign."""
        if at + 1 >= len(parts):
            return False
        start = parts[at + 1].block.span.start
        opening = self.text[start : start + 2]
        if opening[:1] not in ",.;)" and not (opening[:1] in " \u00a0" and opening[1:].islower()):
            return False
        return self.text.count("\n", parts[at].end, start) == 1

    def _plain_nouns(self, part: Part, api: bool) -> list[Mark]:
        """The nouns beside which a plain word is a name; outside of APIs, an array may be one of discs."""
        found = self.marks.find("api.plain_nouns", part.start, part.end)
        return found + self.marks.find("api.shared_nouns", part.start, part.end) if api else found

    def _behind_noun(self, part: Part, api: bool) -> Iterator[tuple[Span, str]]:
        """Words after the noun, then a stop or a joint: "le paramètre status et …"."""
        for noun in self._plain_nouns(part, api):
            language = self.lexicon.languages.get(min(noun.value))
            endings = (language.words.get("api.adjective_endings") if language else None) or ("-",)
            at = noun.end
            if NAMED.search(self.text, max(part.start, noun.start - 60), noun.start):
                continue  # "the order_id parameter stays": what follows is no name
            while match := self.behind.match(self.text, at, part.end):
                bare = not match["quote"]
                if match["name"] in self._ordinary or (bare and match["name"].endswith(endings)):
                    break
                yield Span(*match.span("name")), "word after the noun"
                joint = self.joint.match(self.text, match.end(), part.end)
                if joint is None:
                    break
                at = joint.end() - 1

    @cached_property
    def _ordinary(self) -> frozenset[str]:
        """Words that name no parameter, in any language."""
        stops = [f"stop.{code}" for code in self.lexicon.languages]
        return self.lexicon.lower(
            *stops, "api.name_end", "api.adjectives", "api.qualifiers", "api.determiners", "api.joiners"
        )

    def _telling(self, name: str, api: bool) -> bool:
        """A dotted name without underscore or brackets is one only where the API is spoken of."""
        return "_" in name or "[" in name or (api and len(name.split(".")) <= 4)

    def _beside_noun(self, part: Part, lang: str, api: bool) -> Iterator[tuple[Span, str]]:
        """ "its own secret parameter", "the "limit" parameter": one word before the noun."""
        for noun in self._plain_nouns(part, api):
            adjectives = self._adjectives(noun, lang)
            if not adjectives:  # a language that puts the noun first
                continue
            match = BEFORE_NOUN.search(self.text[max(part.start, noun.start - 40) : noun.start])
            if match is None or self.text[noun.start - 1] != " ":
                continue
            start = max(part.start, noun.start - 40) + match.start(1)
            word = match[1]
            if word in adjectives or (self._is_adjective(word) and not self._qualified(start)):
                continue
            yield Span(start, start + len(word)), "word before the noun"
            for other in self.paired.finditer(self.text, max(part.start, noun.start - 60), start):
                ordinary = other["name"] in adjectives or other["name"] in self._ordinary
                if other.end() == start and not ordinary:
                    yield Span(*other.span("name")), "word before the noun"

    def _is_adjective(self, word: str) -> bool:
        return word.endswith(self.lexicon.words("api.adjective_endings") or "-")

    def _qualified(self, start: int) -> bool:
        """Whether what calls say of names stands right before: "the optional pinned parameter"."""
        return self.lexicon.ending("api.call_states", self.text, start - 1) > 0

    def _adjectives(self, noun: Mark, lang: str) -> frozenset[str]:
        """Words before the noun that are no names; none in a language that puts the noun first."""
        language = lang if lang in noun.value else min(noun.value)
        told = self.lexicon.languages.get(language)
        return frozenset(told.words.get("api.adjectives", ())) if told else frozenset()

    def _without_sentence(self, span: Span, part: Part, parts: Sequence[Part], at: int) -> Span:
        """Of "…pluriannuel.order_valid_from", a sentence's end fused to a literal, the literal alone."""
        name = span.of(self.text)
        head, dot, rest = name.partition(".")
        start = self._broken_off(parts, at)
        usual = rest in self.lexicon.lower("api.usual_names")
        odd = "_" in rest or usual or (start < part.start and head.islower())
        if not dot or "_" in head or not odd or span.end != part.end or at + 1 >= len(parts):
            return span
        nxt = self.text[parts[at + 1].start : parts[at + 1].start + 1]
        before = WORD.findall(self.text[max(start, span.start - REACH) : span.start])
        if len(before) >= 3 and (nxt.islower() or (nxt == "(" and not usual)):
            return Span(span.start + len(head) + 1, span.end)
        return span

    def _broken_off(self, parts: Sequence[Part], at: int) -> int:
        """Where a part begins, or the line whose text goes on in it, broken off behind a literal:
        "… a report_id", "value.run_state", "(string) …"."""
        above = parts[at - 1] if at > 0 else None
        if above is None or not self.text[parts[at].start].islower():
            return parts[at].start
        if self._only_names(above):
            said = parts[at - 2] if at > 1 and above.role is not Role.ITEM else above
            broken = said.role is Role.TEXT and not said.text.rstrip().endswith(SENTENCE_ENDS)
            return said.start if broken and not self._only_names(said) else parts[at].start
        literal = above.text.rsplit(None, 1)[-1:]
        return above.start if any(map(ODD.search, literal)) else parts[at].start

    def _only_names(self, part: Part) -> bool:
        """Whether a part is an item, or a line of one identifier: it leads in to nothing."""
        return part.role is Role.ITEM or IDENTIFIER.fullmatch(part.text.strip(" `*•-")) is not None

    def _unfused(self, span: Span) -> Iterator[Span]:
        """The names of "lastCheckStatuslastCheckTime": cut where a hump ends or begins as others do; of
        "lastStatusCodeand suspended_until", the name without the word that joins it to the next."""
        span = self._without_joiner(span)
        name = span.of(self.text)
        humps = re.findall(r"[a-z0-9]+|[A-Z][a-z0-9]*|[^A-Za-z0-9]+", name)
        if len(name) < 24 or not CAMEL.fullmatch(name) or len(humps) < 5:
            yield span
            return
        known = {h.lower() for h in humps} | {humps[0]}
        start, at = span.start, span.start
        for hump in humps:
            lower = hump.lower()
            for cut in range(len(lower) - 2, 2, -1):
                head, tail = lower[:cut], lower[cut:]
                if (head in known and head != lower) or tail == humps[0]:
                    yield Span(start, at + cut)
                    start = at + cut
                    break
            at += len(hump)
        yield Span(start, span.end)

    def _apart(self, found: Sequence[Mention]) -> Iterator[Mention]:
        """The mentions; one that is several of the others, run together, as these: "scan_statuslast_scan"."""
        names = {mention.name for mention in found}
        for mention in found:
            name, start = mention.name, mention.span.start
            long = len(name) >= FEWEST_LETTERS and len(names) > 2 and mention.span.of(self.text) == name
            lengths = _run_together(name, names) if long else ()
            for length in lengths:
                span = Span(start, start + length)
                yield Mention(span.of(self.text), span, mention.rule)
                start += length
            if not lengths:
                yield mention

    def _without_joiner(self, span: Span) -> Span:
        """The last but one of a list without the word that it ran into: "a_b, cDand e_f"."""
        listed = self.text[max(0, span.start - NOUN_NEAR) : span.start].rstrip(" \u00a0`").endswith(",")
        if not listed or ODD_WORD_BEHIND.match(self.text, span.end) is None:
            return span
        name = span.of(self.text)
        fused = (j for j in self.lexicon.lower("api.joiners") if j.isalpha() and name.endswith(j))
        bare = name[: -len(max(fused, key=len, default="")) or None]
        kept = bare[-1:].isalnum() and (CAMEL.fullmatch(bare) or SNAKE.fullmatch(bare))
        return Span(span.start, span.start + len(bare)) if kept else span


def _run_together(name: str, names: Set[str]) -> tuple[int, ...]:
    """How long each of the names is that make up another one; none where they do not."""
    if len(name) > MOST_LETTERS:
        return ()
    ends: dict[int, tuple[int, ...]] = {0: ()}
    for end in range(1, len(name) + 1):
        for start, lengths in ends.items():
            if name[start:end] in names and end - start < len(name):
                ends[end] = (*lengths, end - start)
                break
    return ends.get(len(name), ())


def _matches(
    pattern: re.Pattern[str], text: str, where: Iterable[tuple[int, int]]
) -> Iterator[re.Match[str]]:
    return chain.from_iterable(pattern.finditer(text, start, end) for start, end in where)


def _outermost(candidates: Iterable[tuple[Span, str]]) -> Iterator[tuple[Span, str]]:
    """In order, without those that another one holds."""
    reach = -1
    for span, rule in sorted(candidates, key=lambda one: (one[0].start, -one[0].end, one[1] not in GRAMMAR)):
        if span.end > reach:
            reach = span.end
            yield span, rule


def _tells(part: Part) -> bool:
    """Whether a part announces anything: no label, no example."""
    silent = part.role in (Role.CODE, Role.NAVIGATION, Role.LABEL, Role.DATE)
    return not silent and not is_example(part.text)
