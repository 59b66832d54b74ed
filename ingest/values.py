"""Is what looks like a parameter's name a value?  "… whose status is on_hold", "one of rsa_2048 and ecc"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from ingest.grammar import BULLET, CAMEL, IDENTIFIER, SNAKE, TYPE_REMNANT
from ingest.lexicon import Lexicon, Marks, either
from ingest.model import BlockKind, Span
from ingest.plain_names import PlainNames
from ingest.roles import Part, Role

# what every snake_case, dotted, bracketed or camelCase name has in it somewhere
ODD = re.compile(r"[A-Za-z0-9][_\[]|[a-z0-9][A-Z]|[A-Za-z0-9_\]]\.[a-z_]")
LONGEST_NAME = 60  # characters
ENDS = (".", "!", "?", ":", ";")  # of a sentence, or of a lead-in
NEAR_VALUES = 90  # characters between what says that values follow and one of them
REACH = 600  # characters of a sentence that are looked at
NOUN_NEAR = 24  # characters before a line's end in which the noun stands, an adjective behind it
CALLS = ("api.endpoint_nouns", "api.api_nouns")
MOST_ROWS = 40  # of a table, below its head
STATUS = re.compile(r"(?<![\w.])[1-5]\d\d$")  # "409 name_taken": what an answer says beside its HTTP status
# "…resource:** `harbor_label`"
RESOURCE = re.compile(r"[:*]{0,3} [`*“\"]{0,3}(?P<family>[a-z][a-z0-9]*)_[a-z0-9_]+")
SECOND_OF_TWO = re.compile(
    r"[ \u00a0][`\"“]?\w+[`\"”]?,?[ \u00a0]?$"
)  # "… must be balance", before "or card"
# "… in the status_detail", behind a value
IN_NAMED = re.compile(
    r"[`\"”'*]*[ \u00a0](?P<where>\w+)[ \u00a0](?:\w+[ \u00a0])?[`\"“'*]*(?P<name>[\w.\[\]]+)"
)
# "auto_renew – ": a name that opens a line and what stands between it and what it is
WORDS = re.compile(r"[\w.-]+")
DEFINING = re.compile(r"[`*]*(?: ?: | ?[–—-] )")
DEFINED = re.compile(rf"[`*]*[a-zA-Z]\w*_[\w.]*{DEFINING.pattern}")


class Values:
    """Tells values from names in one entry's text."""

    def __init__(self, lexicon: Lexicon, text: str, marks: Marks, plain: PlainNames) -> None:
        self.lexicon, self.text, self.marks, self.plain = lexicon, text, marks, plain
        joiners, equals = either(lexicon.words("api.joiners")), either(lexicon.words("api.equals"))
        # what may stand between a value's noun and one of the values: nothing, "are", a colon, other values
        value = r"[`\"“]?[\w.-]+[`\"”]?"
        said = rf"(?:[^.;:\n]{{0,40}}:|(?:[ \u00a0][\w.]+){{0,4}}[ \u00a0](?:{equals})[ \u00a0])?"
        joint = rf"(?:\n?,(?:\s+(?:{joiners}))?|,?\s+(?:{joiners}))"
        such_as = either(lexicon.words("api.such_as"))
        further = rf"(?:{value}{joint}\s+)*{value}{joint}\s+[`\"“]?"
        accepting = either(lexicon.words("api.accepting_verbs"))
        self.accepting = re.compile(
            rf"(?<!\w)(?:{accepting})[ \u00a0](?:{value}{joint}\s+)*(?:{value}{joint}\s+)?[`\"“«]?[ \u00a0]?$"
        )
        setting, to = either(lexicon.words("api.setting_verbs")), either(lexicon.words("api.set_to"))
        self.set_to = re.compile(
            rf"(?<!\w)(?:{setting})[ \u00a0]{value}[ \u00a0](?:{to})[ \u00a0](?:{value}{joint}\s+)+[`\"“«]?$",
            re.IGNORECASE,
        )
        self.instances = re.compile(rf"(?:{such_as})\s+(?P<values>{further})$")
        self.listed = re.compile(rf"{said}[\s:,]*(?:{value}{joint}\s+)*(?:{value}{joint})?\s*")

    def is_value(
        self,
        span: Span,
        part: Part,
        parts: Sequence[Part],
        at: int,
        lead_in: Part | None,
        joined: bool = True,
    ) -> bool:
        """Whether what stands at `span` of parts[at] is a value; `joined`: also by what it is joined to."""
        text = self.text
        if "[" in span.of(text):
            return False  # "filters[status]" holds values
        after = re.compile(r"[`\"”'*_]*[ \u00a0]*").match(text, span.end)
        following = after.end() if after else span.end
        if following >= part.end and at + 1 < len(parts) and parts[at + 1].start - part.end <= 2:
            following = parts[at + 1].start
        behind = self.marks.at("api.parameter_nouns", following)
        named = behind is not None and self.text[behind.end : behind.end + 1] != "_"  # no "key_user"
        if named or self._noun_above(span, part, parts, at):
            return False
        remnant = TYPE_REMNANT.match(text, following)
        if remnant is not None and self.is_type(remnant["type"]):
            return False  # "common_name", below it "(string)"
        lead = text[max(part.start, span.start - 60) : span.start].rstrip(" \u00a0`\"“'*_«(")
        said = lead or self._across_lines(span, parts, at)
        if STATUS.search(self._without_last_joiner(said)) or self._is_instance(said):
            return True
        if self._is_one_set(span, part):
            return True
        if self._is_accepted(span, part) or (joined and self._joined_to_value(span, parts, at, lead_in)):
            return True
        if self._is_further_instance(span, part) or self._in_later_cell(span, part):
            return True
        if lead.endswith("=") or (re.search(r"[\w\]\"]\s*:$", lead) and re.search(r"[\"\w]+\"\s*:$", lead)):
            return True
        if self._is_resource(span) or self._in_named(span, part):
            return True
        if self._of_name_above(span, part, parts, at):
            return True
        head = self.head_above(parts, at) if span.start == part.start else None
        if head is not None and self._is_of_values(head):
            return True
        described = self._is_described(span, part, parts, at)
        noun = None if described else self.marks.at("api.values", following)
        if noun is not None and text[noun.start : noun.end].lower() not in self.lexicon.lower(
            "api.value_nouns"
        ):
            return True
        end = span.start - (len(text[max(part.start, span.start - 60) : span.start]) - len(lead))
        first = self._sentence_start(parts, at)
        reach = NEAR_VALUES if first == part.start else REACH
        for mark in self.marks.find("api.values", max(first, end - reach), end):
            inside = (
                text[max(0, mark.start - 1) : mark.start] in ("_", ".")
                or text[mark.end : mark.end + 1] == "_"
            )
            if not inside and self.listed.fullmatch(text, mark.end, end):
                return True
        if self._equated(part, end) or self._explains(span, part, end):
            return True
        of_name_before = described and lead_in is parts[at - 1] and not lead_in.text.rstrip().endswith(":")
        return not of_name_before and self._listed_value(span, part, lead_in)

    def _without_last_joiner(self, lead: str) -> str:
        """ "… gets 400 and" without "and"."""
        said, _, last = lead.rpartition(" ")
        small = self.lexicon.lower("api.joiners", "api.code_leads")
        return said.rstrip(" ,`*") if last.lower() in small else lead

    def _across_lines(self, span: Span, parts: Sequence[Part], at: int) -> str:
        """What stands before a literal broken out of its sentence: "… answers 410 and", "no_call", "."."""
        above = parts[at - 1] if at and span.start == parts[at].start else None
        if above is None or parts[at].start - above.end > 2 or above.text.rstrip().endswith(ENDS):
            return ""
        return above.text[-NEAR_VALUES:].rstrip(" \u00a0`\"“'*_«(")

    def _is_accepted(self, span: Span, part: Part) -> bool:
        """ "The status parameter now accepts needs_approval": what a parameter takes, and no call does."""
        first = max(part.start, span.start - REACH)
        first = max(first, self.text.rfind(". ", first, span.start) + 1)
        verb = self.accepting.search(self.text[first : span.start])
        if verb is None:
            return False
        subject, one = (first, first + verb.start()), self.lexicon.lower("api.one_parameter")
        nouns = self.marks.find("api.parameter_nouns", *subject)
        if one.isdisjoint(self.text[noun.start : noun.end].lower() for noun in nouns):
            return False
        calls = [call.start for kind in CALLS for call in self.marks.find(kind, *subject)]
        return not calls or self._is_of(nouns[0].end, min(calls))

    def _is_one_set(self, span: Span, part: Part) -> bool:
        """The last of "set dcvMethod to email, dns-txt-token or http-token"."""
        first = max(part.start, span.start - NEAR_VALUES)
        return self.set_to.search(self.text, first, span.start) is not None

    def _is_of(self, noun: int, call: int) -> bool:
        """Whether a parameter is told to be a call's: "the status parameter of the Order info endpoint"."""
        behind = self.text[noun : min(call, noun + REACH)].split()[:2]  # a name may stand before "of"
        return not self.lexicon.lower("api.of_name", "api.value_of", "api.within").isdisjoint(behind)

    def _joined_to_value(self, span: Span, parts: Sequence[Part], at: int, lead_in: Part | None) -> bool:
        """Whether a literal alone on its line is joined to a value alone on another: "no_org", "and"."""
        first = at
        while first >= 2 and at - first < MOST_ROWS and self._joins(parts[first - 1].text):
            if IDENTIFIER.fullmatch(parts[first - 2].text.strip()) is None:
                break
            first -= 2
        alone = first < at and span.start == parts[at].start
        other = parts[first]
        return alone and self.is_value(Span(other.start, other.end), other, parts, first, lead_in, False)

    def _joins(self, text: str) -> bool:
        return text.strip(" ,").lower() in self.lexicon.lower("api.joiners")

    def _is_further_instance(self, span: Span, part: Part) -> bool:
        """The second of "for example dcv_passed or dcv_expired"."""
        lead = self.text[max(part.start, span.start - NEAR_VALUES) : span.start]
        found = self.instances.search(lead)
        before = lead[: found.start("values")] if found else ""
        return bool(before) and self._is_instance(before.rstrip(" \u00a0`\"“'*_«("))

    def _is_instance(self, lead: str) -> bool:
        """ "… with its own error, for instance already_issued", "in `roles[]`, for example signer_only"."""
        length = self.lexicon.ending("api.such_as", lead, len(lead))
        before = lead[: len(lead) - length].rstrip(" ,\u00a0(`\"“”'*_—–-") if length else ""
        if not before:
            return False
        word = before[before.rfind(" ") + 1 :]
        named = IDENTIFIER.fullmatch(word.strip("`\"“”'*")) is not None and ODD.search(word) is not None
        return named or self.lexicon.ending("api.values", before, len(before)) > 0

    def _in_later_cell(self, span: Span, part: Part) -> bool:
        """ "visibility | string | account (default) or staff_only": listed in the words of a row
        of three cells whose first is a name."""
        if part.block.kind is not BlockKind.ROW or part.end - part.start > REACH:
            return False
        cells = cells_of(self.text[part.start : part.end])
        outer = self.text[part.start : part.end].startswith("|")
        at = self.text.count("|", part.start, span.start) - outer
        before = (
            self.text[max(part.start, span.start - LONGEST_NAME) : span.start].rstrip(' `*"“').rsplit(None, 1)
        )
        listed = bool(before) and before[-1].lower() in ("|", *self.lexicon.lower("api.joiners"))
        told = len(cells) > 2 and at > 1 and listed and cells[at].strip(" `*") != span.of(self.text)
        return (
            told
            and IDENTIFIER.fullmatch(cells[0].strip(" `*")) is not None
            and self.is_type(cells[1].strip() or "-")
        )

    def _sentence_start(self, parts: Sequence[Part], at: int) -> int:
        """Where the line begins that was broken before commas: "… are `a`", ", `b`", ", and `c`"."""
        last = at
        while (
            at
            and last - at < MOST_ROWS
            and parts[at].text[:1] == ","
            and parts[at].start - parts[at - 1].end <= 2
        ):
            at -= 1
        return parts[at].start

    def _explains(self, span: Span, part: Part, end: int) -> bool:
        """ "auto_renew – on, off or not_supported": in a list of words behind what opens the line."""
        bullet = BULLET.match(self.text, part.block.span.start, part.end)
        start = bullet.end() if bullet else part.start
        opening = DEFINED.match(self.text, start, end) if end - start <= REACH else None
        if opening is None or opening.end() >= end or DEFINING.match(self.text, span.end, part.end):
            return False  # "first_name – yours, last_name – your family's"
        said = WORDS.findall(self.text, opening.end(), end)
        plain = [word for word in said if word.islower() and not self.plain.may_be_name(word)]
        plain = [word for word in plain if word not in self.lexicon.lower("api.joiners")]
        return bool(plain) and self.listed.fullmatch(self.text, opening.end(), end) is not None

    def _is_described(self, span: Span, part: Part, parts: Sequence[Part], at: int) -> bool:
        """Whether names alone on their lines stand below a lead-in, each above its description:
        "dcv_token", and "the value that you have published" on the next."""
        first = at
        while first > 1 and at - first < MOST_ROWS and IDENTIFIER.fullmatch(parts[first - 2].text.strip()):
            first -= 2  # the name before, above its own description
        alone = span.start == part.start and span.end == part.end
        return alone and first > 0 and parts[first - 1].text.rstrip().endswith(":")

    def _in_named(self, span: Span, part: Part) -> bool:
        """ "caa_blocked in the status_detail parameter", "… dans le paramètre extended_key_usage"."""
        match = IN_NAMED.match(self.text, span.end, part.end)
        if match is None or match["where"].lower() not in self.lexicon.lower("api.within"):
            return False
        name, noun = match["name"], self.marks.at("api.parameter_nouns", match.start("name"))
        if noun is not None:
            said = self.text[noun.end + 1 : noun.end + LONGEST_NAME].strip(' \u00a0`"“«*').split(" ")[0]
            behind = IDENTIFIER.match(said)
            return behind is not None and ODD.search(behind.group()) is not None
        behind_name = self.text[match.end() : match.end() + 3]
        at = match.end() + len(behind_name) - len(behind_name.lstrip("`\"”'* \u00a0"))
        odd = ODD.search(name) is not None or self.plain.may_be_name(name)
        return odd and self.marks.at("api.parameter_nouns", at) is not None

    def _of_name_above(self, span: Span, part: Part, parts: Sequence[Part], at: int) -> bool:
        """Whether the line goes on from a literal alone on the line above: "format_type", "of pem_all"."""
        if span.start - part.start > NOUN_NEAR:
            return False
        said = self.text[part.start : span.start].strip(' \u00a0`"“«*').lower()
        above = at > 0 and IDENTIFIER.fullmatch(parts[at - 1].text.strip(" `*"))
        return bool(above) and said in self.lexicon.lower("api.of_name")

    def _noun_above(self, span: Span, part: Part, parts: Sequence[Part], at: int) -> bool:
        """Whether the line above a literal broken out of its sentence ends with the noun: "au paramètre"."""
        if not at or span.start != part.start or span.end != part.end:
            return False
        above = parts[at - 1]
        nouns = self.marks.find("api.parameter_nouns", max(above.start, above.end - NOUN_NEAR), above.end)
        return bool(nouns) and nouns[-1].end == above.start + len(self.text[above.start : above.end].rstrip())

    def _is_resource(self, span: Span) -> bool:
        """Whether a literal names a resource ("New resource: `harbor_label`") or begins like one."""
        name = span.of(self.text)
        return "_" in name and name.partition("_")[0] in self._families

    @cached_property
    def _families(self) -> frozenset[str]:
        """The first words of what the page calls resources: "harbor" of `harbor_label`."""
        nouns = self.marks.find("api.resource_nouns", 0, len(self.text))
        told = (RESOURCE.match(self.text, noun.end) for noun in nouns)
        return frozenset(match["family"] for match in told if match)

    def _equated(self, part: Part, end: int) -> bool:
        """ "… whose order_state field is on_hold": an identifier and "is" before it."""
        length = self.lexicon.ending("api.equals", self.text, end)
        if not length or self.lexicon.ending("api.joiners", self.text, end) > length:
            return False  # "… in addition to"
        word = end - length
        first = max(part.start, end - REACH)
        start = max(first, self.text.rfind(". ", first, end) + 1)
        named = SNAKE.search(self.text, start, word) or CAMEL.search(self.text, start, word)
        # "a_b or c_d" joins two of a kind: a value only if the first one was
        joined = self.text[word:end].lower() in self.lexicon.lower("api.joiners")
        if joined and (first_one := SECOND_OF_TWO.search(self.text, start, word)):
            return bool(self.lexicon.ending("api.equals", self.text, first_one.start())) and named is not None
        told = self.marks.any("api.values", start, word) or self._is_set(start, word)
        return (named is not None and not joined) or told or self._field_above(part, word)

    def _is_set(self, start: int, word: int) -> bool:
        """ "Set it to base_domain": it, or a usual name, is set to what follows, or "can be" it."""
        said = self.text[start:word].split()
        verb = len(said) > 1 and said[-2].lower() in self.lexicon.lower("api.setting_verbs")
        if verb and said[-1].lower() in self.lexicon.lower("api.objects"):
            return True
        return any(one.strip('`*"“”') in self.lexicon.lower("api.usual_names") for one in said[-3:])

    def _field_above(self, part: Part, word: int) -> bool:
        """A literal broken out of its sentence: "… whose order_state", below it "field is on_hold"."""
        noun = self.marks.at("api.parameter_nouns", part.start)
        return noun is not None and len(self.text[part.start : min(word, part.start + REACH)].split()) <= 2

    def _listed_value(self, span: Span, part: Part, lead: Part | None) -> bool:
        """A line that is only the identifier, below a lead-in that speaks of values."""
        bullet = BULLET.match(self.text, part.block.span.start, part.end)
        start = bullet.end() if bullet else part.start
        if lead is None or not self._alone(span, start, part.end):
            return False
        first = max(lead.start, lead.end - REACH)
        tail = max(first, self.text.rfind(". ", first, lead.end) + 1)
        valued = self.marks.any("api.values", max(tail, lead.end - 60), lead.end)
        last = lead.text.rstrip(" :*").rsplit(" ", 1)[-1].lower()
        if last in self.lexicon.lower("api.holding_verbs"):
            return False  # "For each type of seat the response contains:"
        if valued and self._in_one_parameter(tail, lead.end):
            return True
        if valued and (self._is_given(tail, lead.end) or self._is_returned(tail, lead.end)):
            return False
        if valued and self._opens_sentence(part, lead):
            return False
        named = SNAKE.search(self.text, tail, lead.end) or CAMEL.search(self.text, tail, lead.end)
        return valued and (named is not None or not self.marks.any("api.parameter_nouns", tail, lead.end))

    def _opens_sentence(self, part: Part, lead: Part) -> bool:
        """Whether a sentence begins with the name, right below one that ended: "next_day", "tells when …"."""
        right_below = lead.text.rstrip().endswith(".") and part.block.span.start - lead.end <= 2
        return right_below and self.text[part.end : part.end + 3].lstrip()[:1].islower()

    def _is_given(self, start: int, end: int) -> bool:
        """Whether text[start:end] ends with a value and to whom it is given: "… the value true for"."""
        value = (
            self.marks.find("api.value_nouns", start, end)[-1:]
            or self.marks.find("api.values", start, end)[-1:]
        )
        said = self.text[value[0].end : end].split() if value else []
        if len(said) == 1:
            return said[0].lower() in self.lexicon.lower("api.value_of")
        return bool(said) and said[-1].lower() in self.lexicon.lower("api.given_to")

    def _in_one_parameter(self, start: int, end: int) -> bool:
        """Whether text[start:end] ends with what has the values: "two values in the status field:"."""
        value = self.marks.find("api.value_nouns", start, end)[-1:]
        noun = self.marks.find("api.parameter_nouns", value[0].end, end)[-1:] if value else []
        if not noun or self.text[noun[0].end : end].strip(" \u00a0:*"):
            return False
        one = self.text[noun[0].start : noun[0].end].lower() in self.lexicon.lower("api.one_parameter")
        said = self.text[value[0].end : noun[0].start].lower().split()
        return (
            one
            and len(said) > 2
            and said[0] in self.lexicon.lower("api.within", "api.of_name", "api.value_of")
        )

    def _is_returned(self, start: int, end: int) -> bool:
        """Whether text[start:end] counts what a call returns: "The endpoint returns two more values"."""
        value = self.marks.find("api.value_nouns", start, end)[-1:]
        if not value or self.marks.any("api.parameter_nouns", start, value[0].start):
            return False
        said = self.text[start : value[0].start].lower().split()
        while said and (said[-1] in self.lexicon.numbers or said[-1] in self.lexicon.lower("api.more")):
            said.pop()
        return bool(said) and said[-1] in self.lexicon.lower("api.returning_verbs")

    def _alone(self, span: Span, start: int, end: int) -> bool:
        """Whether nothing but marks and quotes stands beside the span in text[start:end]."""
        first, last = span.start, span.end
        while first > start and self.text[first - 1] in ' `*"“(':
            first -= 1
        while last < end and self.text[last] in ' `*"”.,;)':
            last += 1
        return first <= start and last >= end

    def head_above(self, parts: Sequence[Part], at: int) -> Part | None:
        """The head of the table in which a part is a row that lost its borders."""
        above = at - 1
        while above > 0 and at - above < MOST_ROWS and parts[above].role in (Role.TEXT, Role.ROW):
            above -= 1
        return parts[above] if above >= 0 and parts[above].role is Role.HEAD_ROW else None

    def _is_of_values(self, head: Part) -> bool:
        """Whether the first of a table's columns holds values: "Code Meaning"."""
        first, *others = head.text.split() or [""]
        return bool(others) and first[:1].isupper() and first.lower() in self.lexicon.lower("api.values")

    def is_type(self, words: str) -> bool:
        types = self.lexicon.lower("api.data_types")
        return words.lower() in types or words.lower().split()[0].strip(",") in types


def cells_of(row: str) -> list[str]:
    """The cells of a row, with bars around it or without."""
    return row.strip(" \u00a0").removeprefix("|").removesuffix("|").split("|")
