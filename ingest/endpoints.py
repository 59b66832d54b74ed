"""Which API calls does an entry speak of?  METHOD /path, names beside the noun, names in lists below it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, takewhile

from ingest import sights
from ingest.callnames import API, NAME_WORDS, STOP, CallNames
from ingest.grammar import BULLET, CAMEL, FILE_LIKE, METHOD_PATH, PATH, REMOTE_CALL, SNAKE, URL, WORD
from ingest.lexicon import Lexicon, Mark, Marks, either
from ingest.likely_calls import RULE as LIKELY_NAME
from ingest.likely_calls import Likely
from ingest.model import Mention, Span, Spans, distinct
from ingest.roles import Part, Role

FENCE = re.compile(r"^(?:```|~~~).*$", re.M)
IN_SENTENCE = "name of what a call does"
IN_CODE = "call in a line of code"
# the rules that find what code has, no name
CALLS = ("method and path", IN_CODE, "path", "remote call", "address of a call")
CLOSED = ("name before its path", "link before its path")  # the rules whose names end where the path begins
# a path with a gap, or with a version in front or behind what an API is called: no file's
OF_API = re.compile(
    r"(?!/(?:etc|usr|var|opt|home|img|docs|tmp|bin|lib|static|assets|blog|news)/)(?:(?:/[\w-]+)?/v\d+/[\w{}/.:-]*[\w}]$|.*\{)"
)
BASE = re.compile(r"/v\d+[/.]*$")  # of many calls, where no noun says else: "all calls below /services/v2"
# an address without a method that may be a call's: it has a version in its path, and is no page's
VERSIONED = re.compile(
    r"https?://(?=api[.-]|[^/]*/(?:[^/]+/)*(?:api|services|rest|rpc)/|.*\{)[^/]*/(?:[^/]+/)*?v\d+/."
)
HEADS = (Role.GROUP, Role.SUBHEADING, Role.LABEL)
LONGEST_NAME = 90  # characters
IN_BRACKETS = re.compile(r"[*_`]{0,3}[ \u00a0]\([*_`]{0,3}(?P<name>[A-ZÀ-Ý][^\n.;:()]{3,90}?)[*_`]{0,3}\)")
BEFORE_BRACKET = re.compile(r"[*_`]{0,3}[ \u00a0]\([*_`]{0,3}$")
MOST_LISTED_WORDS = 6  # of a name alone on its line
INSIDE = re.compile(r"[\w,;)»”’][ \u00a0]?[`«“]?$")
NEAR_CAPITAL = 6  # characters before a capital that tell whether it begins a sentence
MOST_MARKED = 4  # words of a marked name behind its first
# what stands before a path in brackets, in the next cell or behind "at": "… avec Prévalider un domaine (`"
BEFORE_PATH = r"(?P<said>[^\n.;:()|]{{3,90}}?)[ \u00a0*_`]*(?:[(|]|, (?:{at}) )[`*_ ]*$"
# how the names of calls of the older protocols begin: "getCertificateStatus"
DOES = re.compile(
    "get|list|create|update|delete|add|remove|set|find|search|submit|revoke|issue|renew|request"
)
AFTER_NAME = re.compile(r"[`\"”'*»]*[ \u00a0]?")
LONGEST_WORD = 20  # characters
# "List keys", “Get a key”, « Lister les clés »
QUOTES = frozenset('"“«')
QUOTED = re.compile(r"[\"“«][ \u00a0]?(?P<name>[A-ZÀ-Ý][^\W\d_]*(?:[ \u00a0]\w[\w/-]*){1,8})[ \u00a0]?[\"”»]")
CAPITAL_BEHIND = re.compile(r"[ \u00a0](?=[A-ZÀ-Ý])")
MARKS = re.compile(r"[*_`]+")
QUOTED_NOUNS = ("api.endpoint_nouns", "api.operation_nouns")
SURE = 0.8  # a name this likely is believed before what a rule found
OPENS = " \u00a0(`*_"  # may stand between a link and its path


class Endpoints:
    """Finds the endpoints of one entry: METHOD /path, names beside the noun, names in lists below it."""

    def __init__(
        self, lexicon: Lexicon, text: str, marks: Marks, vendor: str | None, links: Sequence[Span]
    ) -> None:
        self.from_start = {link.start: link for link in links}
        self.to_end = {link.end: link for link in links}
        self.lexicon, self.text, self.marks, self.vendor = lexicon, text, marks, vendor
        self.names = CallNames(lexicon, text, marks, vendor)
        joiners, articles = either(lexicon.words("api.joiners")), either(lexicon.words("api.articles"))
        # a name after a verb of calling: a capital, then small letters
        self.called = re.compile(
            rf"[ \u00a0](?:(?:{articles}) )?[*_`«“]*(?=[A-ZÀ-Ý][a-zà-ÿ]+[ \u00a0](?:[a-zà-ÿ]|[A-Z][A-Z/]))"
        )
        self.before_path = re.compile(BEFORE_PATH.format(at=either(lexicon.words("api.path_words"))))
        self.joint = re.compile(rf"[`*_ \u00a0]*(?:,|,? +(?:{joiners}))[`*_ \u00a0]+")
        self.joiner = re.compile(rf",? +(?:{joiners}) +|, +")
        self.between = re.compile(rf"(?:,|,? +(?:{joiners}))[ \u00a0]+(?:(?:{articles})[ \u00a0]+)?")
        self.nouns = marks.bits("api.endpoint_nouns", "api.api_nouns")
        self.verbs = marks.bits("api.call_verbs")
        self.slash = marks.bit(sights.SLASH)
        self.naming = marks.bits("api.parameter_nouns") | self.nouns
        self.own = marks.bit(f"endpoint.{vendor}")
        self.odd = marks.bit(sights.ODD)
        self.actions = marks.bit("api.action_verbs")
        self.telling = self.nouns | self.verbs | self.slash | self.own | self.odd

    def find(
        self, parts: Sequence[Part], title: str, words: int, likely: Sequence[Likely] = ()
    ) -> tuple[Mention, ...]:
        """The endpoints that an entry names; `words` are those of all its parts.

        `likely` are names that the words around them speak for: they settle how far a name reaches.
        """
        told = self._told(parts, title, words)
        invited = self._invited(parts) if likely else []
        likely = [
            one
            for one in likely
            if not self.names.is_pressed(one.span) and not any(one.span.start in part for part in invited)
        ]
        kept = list(_settled(told, likely))
        mentions = [*kept, *_beside(kept, likely, self.text)]
        mentions += list(self._in_both_languages(parts, mentions))
        return tuple(distinct(_unnested(mentions), _folded))

    def _invited(self, parts: Sequence[Part]) -> list[range]:
        """Where items tell what the reader may do: "Plan accordingly:", "Sign documents in the morning"."""
        found, lead = [], None
        for part in parts:
            lead = lead if part.role is Role.ITEM else part
            if part.role is Role.ITEM and lead and self.marks.any("entry.invitations", lead.start, lead.end):
                found.append(range(part.start, part.end))
        return found

    def _told(self, parts: Sequence[Part], title: str, words: int) -> list[Mention]:
        """What the rules find."""
        marked = any(part.block.marked and part.block.code for part in parts)
        if not (words & self.telling or marked or any(part.role is Role.ITEM for part in parts)):
            return []
        mentions: list[Mention] = []
        lead: Part | None = None
        telling = self.nouns | self.verbs | self.slash
        coded = any(part.block.code or part.words & telling for part in parts) or (
            words & self.odd != 0 and self._has_code_words(parts)
        )
        for part, below in zip(parts, [*parts[1:], None], strict=True):
            lead = lead if part.role in (Role.ITEM, Role.CODE) else part
            if part.role is Role.CODE:
                if lead is None or not self.marks.any("entry.invitations", lead.start, lead.end):
                    mentions += self._alone_in_code(part)
                continue
            if part.words & self.slash:
                mentions += self._paths(part)
            if part.words & self.nouns:
                mentions += self._named(part, title)
            if not QUOTES.isdisjoint(part.text):
                mentions += self._quoted(part)
            if part.words & self.verbs:
                mentions += self._called(part, title)
            if part.words & self.odd:
                mentions += self._remote(part)
            if (part.block.marked or part.block.links) and coded:
                mentions += self._marked(part)
            if coded and part.words & self.actions:
                mentions += self._in_sentence(part)
            if below is not None and below.words & self.slash and part is not parts[0]:
                mentions += self._above_path(part, below)
            if part.role is Role.ITEM:
                mentions += self._listed(part, lead, title)
            elif self._leads_in(part):
                mentions += self._unmarked(part, parts, title)
        of_api = API.search(title) is not None or any(mention.rule in CALLS for mention in mentions)
        mentions += self._known(parts, of_api)
        mentions += list(self._joined(parts, mentions))
        return mentions

    def _has_code_words(self, parts: Sequence[Part]) -> bool:
        """Whether a text has words that only code has: `order_id`, `lastCheck`, not "DigiCert"."""
        first, last = parts[0].start, parts[-1].end
        return any(pattern.search(self.text, first, last) for pattern in (SNAKE, CAMEL))

    def _paths(self, part: Part) -> Iterator[Mention]:
        """`GET /audit-log`, and paths alone that are set as code or stand beside the noun."""
        taken: list[Span] = []
        for match in METHOD_PATH.finditer(self.text, part.start, part.end):
            path = _path_of(match)
            span = Span(match.start(), match.start("path") + len(path))
            taken.append(span)
            if len(path) > 1:
                yield from self._in_row(part, span)
                yield Mention(f"{match['method']} {path}", span, "method and path")
                yield from self._named_by_path(part, match.start())
        links = [Span(*link.span()) for link in URL.finditer(self.text, part.start, part.end)]
        spoken_for, codes = Spans((*taken, *links)), Spans(part.block.code)
        called = Spans(taken)
        for link in links:
            address = link.of(self.text).partition("?")[0].rstrip(".,;:*_`~!")
            told = VERSIONED.match(address) and not FILE_LIKE.search(address)
            if told and not called.overlap(link):
                yield Mention(address, Span(link.start, link.start + len(address)), "address of a call")
        for match in PATH.finditer(self.text, part.start, part.end):
            span = Span(*match.span())
            if spoken_for.overlap(span):
                continue
            path = span.of(self.text)
            told = codes.overlap(span) and path.count("/") >= 2 and not BASE.search(path)
            whole = OF_API.match(path) and not FILE_LIKE.search(path) and not path.endswith("/")
            if told or self._beside_noun(span) or whole:
                yield Mention(match.group().rstrip("."), span, "path")

    def _alone_in_code(self, part: Part) -> Iterator[Mention]:
        """Calls that are lines of code by themselves, and the first line of a request with its body."""
        calls = list(METHOD_PATH.finditer(self.text, part.start, part.end))
        rest = FENCE.sub("", METHOD_PATH.sub("", part.text)).strip(" \n`*\u00a0")
        above = FENCE.sub("", part.text[: calls[0].start() - part.start]) if calls else ""
        if rest:  # a request: its first line, and its body
            calls = [] if above.strip(" \n`*\u00a0") else calls[:1]
        if rest or not any("?" in call["path"] for call in calls):
            for call in calls:
                span = Span(call.start(), call.start("path") + len(_path_of(call)))
                yield Mention(f"{call['method']} {_path_of(call)}", span, IN_CODE)

    def _in_row(self, part: Part, call: Span) -> Iterator[Mention]:
        """A name and its call that fill a line, a row that lost its borders: "List orders GET /orders"."""
        name = Span(part.start, part.start + len(self.text[part.start : call.start].rstrip(" \u00a0\t–—-:")))
        words = name.of(self.text).split() if len(name) and call.end == part.end else []
        if not words or words[-1].lower() in self.names.small or self.names.describes(words):
            return  # "Please use GET /orders", "Replace a rule: PUT /rules/{id}"
        short = 2 <= len(words) <= MOST_LISTED_WORDS and not STOP.search(name.of(self.text))
        if short and self.names.is_name(name) and all(w.islower() or w.isupper() for w in words[1:]):
            yield self.names.mention(name, "name before its path")

    def _remote(self, part: Part) -> Iterator[Mention]:
        """`clusters.nodes.list`: a step by step name that ends in what calls do, or beside "method"."""
        links = Spans(Span(*link.span()) for link in URL.finditer(self.text, part.start, part.end))
        for match in REMOTE_CALL.finditer(self.text, part.start, part.end):
            span = Span(*match.span())
            deep = "." in match["steps"] and match["verb"] is not None
            if (deep or self._beside_call(span)) and not links.overlap(span):
                yield Mention(match.group(), span, "remote call")
        last = 0  # where the last of several operations ends that are listed
        for match in CAMEL.finditer(self.text, part.start, part.end):
            span = Span(*match.span())
            does = DOES.match(match.group())
            humps = does is not None and match.group()[does.end()].isupper()
            listed = last > 0 and self.joint.fullmatch(self.text, last, span.start) is not None
            told = (humps and self._before_call(span)) or self._is_operation(span) or listed
            if told and not links.overlap(span):
                last = span.end
                yield Mention(match.group(), span, "remote call")

    def _is_operation(self, span: Span) -> bool:
        """ "the mutation rolloverKey", "with the query `deviceGroups`"."""
        lead = self.text[max(0, span.start - LONGEST_WORD) : span.start].rstrip(' \u00a0*_`"“«')
        return self.lexicon.ending("api.operation_nouns", lead, len(lead)) > 0

    def _before_call(self, span: Span) -> bool:
        """ "the getCertificateStatus call", "la méthode getCertificateStatus"."""
        behind = AFTER_NAME.match(self.text, span.end)
        following = behind.end() if behind else span.end
        word = self.text[following : following + LONGEST_WORD].partition(" ")[0].strip(".,;:)").lower()
        return word in self.lexicon.lower("api.call_verbs", "api.api_nouns") or self._beside_call(span)

    def _beside_call(self, span: Span) -> bool:
        """ "the `invoices.list` method", "la méthode invoices.list"."""
        behind = (
            span.end
            + len(self.text[span.end : span.end + 3])
            - len(self.text[span.end : span.end + 3].lstrip(" \u00a0`*_"))
        )
        if self.marks.at("api.method_nouns", behind) is not None:
            return True
        nouns = self.marks.find("api.method_nouns", max(0, span.start - 24), span.start)
        return bool(nouns) and not self.text[nouns[-1].end : span.start].strip(' \u00a0`*_:«“"')

    def _named_by_path(self, part: Part, at: int) -> Iterator[Mention]:
        """ "… with Prévalider un domaine (POST /domain/…)": the name right before its path in brackets."""
        start = max(part.start, at - 100)
        link = self.to_end.get(start + len(self.text[start:at].rstrip(OPENS)))
        if link is not None and self.names.is_name(link):
            yield self.names.mention(link, "link before its path")
            return
        before = self.before_path.search(self.text[start:at])
        if before is None:
            return
        first, last = start + before.start("said"), start + before.end("said")
        if (item := self._whole_item(part, last)) is not None:
            yield self.names.mention(item, "name before its path")
            return
        if any(m.end == last for m in self.marks.find("api.endpoint_nouns", first, last)):
            return  # the noun's own rule reads it
        comma = self.text.rfind(", ", first, last)
        last = self._without_call(first, last)
        name = self.names.at_end(comma + 2 if comma >= 0 else first, last, strict=False)
        if name is not None:
            yield self.names.mention(name, "name before its path")

    def _whole_item(self, part: Part, end: int) -> Span | None:
        """A few words that open an item, say what a call does and stand right before its path: "List scan
        endpoints (GET …)"."""
        lead = BULLET.match(self.text, part.start, end)
        start = lead.end() if lead else part.start
        start += len(self.text[start:end]) - len(self.text[start:end].lstrip(OPENS))
        span = Span(start, start + len(self.text[start:end].rstrip(OPENS + ":–—-")))
        words = span.of(self.text).split()
        short = part.role is Role.ITEM and 2 <= len(words) <= MOST_LISTED_WORDS
        told = short and words[0] in self.names.actions
        return span if told and not STOP.search(span.of(self.text)) and self.names.is_name(span) else None

    def _without_call(self, start: int, end: int) -> int:
        """Where text[start:end] ends without the word "call" behind its name."""
        said = self.text[start:end].rstrip(" \u00a0*_`")
        word = said[said.rfind(" ") + 1 :]
        call = word.lower() in self.lexicon.lower("api.call_verbs") and " " in said
        return start + len(said) - len(word) if call else end

    def _above_path(self, part: Part, below: Part) -> Iterator[Mention]:
        """A name alone on its line, above the line of its call."""
        if below.role not in (Role.TEXT, Role.HEADING) or not METHOD_PATH.fullmatch(below.text.strip()):
            return
        span = Span(part.start, part.end)
        plain = part.role in (Role.HEADING, Role.TEXT, Role.ITEM) and not STOP.search(part.text)
        words = part.text.split()
        plain = plain and len(words) <= 6 and not self.names.describes(words)
        if plain and self.names.is_name(span) and span.of(self.text) == part.text:
            yield self.names.mention(span, "name above its path")

    def _called(self, part: Part, title: str) -> Iterator[Mention]:
        """ "when you call Submit order, …", "appelez Renouveler le certificat": the name after the verb."""
        for verb in self.marks.find("api.call_verbs", part.start, part.end):
            match = self.called.match(self.text, verb.end, part.end)
            names = self.names.split(match.end(), self.names.reach(match.end(), part.end)) if match else ()
            for start, end in names:
                span = self.names.cut(start, end, title)
                if not span or not self.names.is_name(span) or not 2 <= len(span.of(self.text).split()) <= 6:
                    break
                yield self.names.mention(span, "name after a verb of calling")

    def _marked(self, part: Part) -> Iterator[Mention]:
        """ "*Create signature* now has an optional `ticket` parameter": a name in bold or italics, of what
        a call does, in an entry that speaks of an API; no control of a page."""
        links = [link for link, _ in part.block.links]
        for span in (*part.block.marked, *links):
            first, *rest = span.of(self.text).split() or [""]
            inside = part.start <= span.start and span.end <= part.end
            short = 0 < len(rest) <= MOST_MARKED and "." not in rest[-1]
            told = inside and short and first in self.names.actions
            small = all(word.islower() or word.isupper() for word in rest)
            if span in links:
                titled = all(word[:1].isupper() for word in rest)
                known = first.lower() in self.lexicon.lower("api.action_verbs")
                small = known and (small or titled) and self.names.small.isdisjoint(rest)
            if told and small and self.names.is_name(span) and not self.names.is_pressed(span):
                yield self.names.mention(span, "marked name of what a call does")

    def _in_sentence(self, part: Part) -> Iterator[Mention]:
        """ "… have so far corrected it in Create record and Update record": what a call does, with a capital
        in the middle of a sentence; at its beginning only where a verb follows."""
        for verb in self.marks.find("api.action_verbs", part.start, part.end):
            capital = self.text[verb.start].isupper() and self.text[verb.start + 1 : verb.end].islower()
            if not capital or self.text[verb.end : verb.end + 1] not in (" ", "\u00a0"):
                continue  # "Retry-After"
            span = self.names.short(verb.start, self.names.reach(verb.start, part.end))
            if span is None or self.names.is_pressed(span) or self._is_value(span):
                continue
            start = max(part.start, verb.start - NEAR_CAPITAL)
            if INSIDE.search(self.text, start, verb.start) or self._verb_follows(span, part):
                yield self.names.mention(span, IN_SENTENCE)

    def _is_value(self, span: Span) -> bool:
        """ "the permission View seats"."""
        lead = self.text[max(0, span.start - LONGEST_WORD) : span.start].rstrip(' \u00a0*_`"“«')
        return self.lexicon.ending("api.values", lead, len(lead)) > 0

    def _verb_follows(self, span: Span, part: Part) -> bool:
        """ "List sensors returns …", "Create record and Update record have …"."""
        said = self.text[span.end : min(part.end, span.end + LONGEST_WORD)].split()
        word = said[0].lower() if said and self.text[span.end : span.end + 1] in " \u00a0" else ""
        joint = self.names.capital_joiner.match(self.text, span.end, part.end)
        if joint and self.text[joint.end() :].partition(" ")[0] in self.names.actions:
            return True
        return word in self.lexicon.lower("api.holding_verbs") and word.endswith("s")

    def _beside_noun(self, span: Span) -> bool:
        near = self.marks.find("api.endpoint_nouns", span.start - 25, span.end + 20)
        return any(m.start >= span.end or m.end <= span.start for m in near)

    def _named(self, part: Part, title: str) -> Iterator[Mention]:
        for noun in self.marks.find("api.endpoint_nouns", part.start, part.end):
            yield from self._before(part, noun, listed=self._is_plural(noun))
            yield from self._after(part, noun, title)
        own = self.marks.find(f"product.{self.vendor}", part.start, part.end)
        for noun in self.marks.find("api.api_nouns", part.start, part.end):
            if any(m.start <= noun.start and noun.end <= m.end for m in own):
                continue
            if CAPITAL_BEHIND.match(self.text, noun.end):
                yield from (one for one in self._after(part, noun, title) if self.names.says_what(one.span))
            for mention in self._before(part, noun, listed=self._is_request(noun)):
                known = self.marks.whole(f"endpoint.{self.vendor}", mention.span.start, mention.span.end)
                capitals = all(word[:1].isupper() for word in mention.name.split())
                told = mention.name in title and " " in mention.name and not self._is_request(noun)
                if known or told or (capitals and self.names.does(mention.span)):
                    yield mention

    def _quoted(self, part: Part) -> Iterator[Mention]:
        """ "in the “List keys” and “Get a key” operations": what stands in quotes before the noun."""
        run: list[re.Match[str]] = []
        for match in QUOTED.finditer(self.text, part.start, part.end):
            if run and not self.between.fullmatch(self.text, run[-1].end(), match.start()):
                run = []
            run.append(match)
            if any(self.lexicon.opening(kind, self.text, match.end() + 1) for kind in QUOTED_NOUNS):
                spans = [Span(*name.span("name")) for name in run]
                if all(span.of(self.text).split()[0] in self.names.actions for span in spans):
                    yield from (self.names.mention(span, "quoted before the noun") for span in spans)

    def _is_request(self, noun: Mark) -> bool:
        return self.text[noun.start : noun.end].lower() in self.lexicon.lower("api.request_nouns")

    def _is_plural(self, noun: Mark) -> bool:
        return self.text[noun.start : noun.end].lower() in self.lexicon.lower("api.endpoint_plurals")

    def _before(self, part: Part, noun: Mark, listed: bool) -> Iterator[Mention]:
        """English order: "the Domain info and List domains endpoints"."""
        start = max(part.start, noun.start - 160)
        stop = max(
            (
                self.text.rfind(sign, start, noun.start)
                for sign in (". ", ": ", "; ", "(", "\n", "“", "|", "? ")
            ),
            default=-1,
        )
        piece_end = noun.start
        pieces = [
            (m.start(), m.end()) for m in self.joiner.finditer(self.text, max(start, stop + 1), noun.start)
        ]
        found: list[Mention] = []
        introduced = False  # by an article: a list of names has one before its first, or before each
        for joint in [*reversed(pieces), None]:
            piece_start = joint[1] if joint else max(start, stop + 1)
            name = self.names.at_end(piece_start, piece_end)
            if name is None or (introduced and not self._has_article(name, start)):
                break
            introduced = self._has_article(name, start)
            if joint is None and name.start <= piece_start:
                break  # nothing says that the capital is a name's rather than the sentence's
            found.append(self.names.mention(name, "name before the noun"))
            if joint is None or not listed:
                break
            piece_end = joint[0]
        else:
            joint = None
        if found and self._introduced(found[-1].span, start):
            yield from found

    def _has_article(self, name: Span, start: int) -> bool:
        before = self.text[start : name.start].rstrip(' \u00a0*_`“"').rsplit(None, 1)
        return bool(before) and before[-1].lower() in self.lexicon.lower("api.articles")

    def _introduced(self, span: Span, start: int) -> bool:
        """Whether a determiner stands before the first name of the run."""
        before = self.text[start : span.start].rstrip(' \u00a0*_`“"').rsplit(None, 1)
        return bool(before) and before[-1].lower().strip("(") in self.lexicon.lower("api.determiners")

    def _after(self, part: Part, noun: Mark, title: str) -> Iterator[Mention]:
        """The name behind the noun: "points de terminaison Liste des produits et …", "endpoint: X"."""
        line_end = part.end
        tail = re.compile(
            r"[ \u00a0\u202f]*(?:[^.:;!?\n|]{0,110}?[ \u00a0\u202f]*:)?"
            r"[ \u00a0\u202f]*[«“\"*_`]*[ \u00a0]?(?=[A-ZÀ-Ý])"
        ).match(self.text, noun.end, line_end)
        at = (
            tail.end()
            if tail and (tail.end() - noun.end <= 3 or ":" in tail.group())
            else self._apposed(noun, line_end)
        )
        if at is None:
            return
        end = self.names.reach(at, line_end, commas=True)
        for start, finish in self.names.split(at, end):
            span = self.from_start.get(start) or self._known_part(self.names.cut(start, finish, title))
            if span and self.names.is_name(span):
                yield self.names.mention(span, "name after the noun")
                if span.end < finish:
                    return
            else:
                return

    def _known_part(self, span: Span | None) -> Span | None:
        """Of "Répertorier les commandes laisse de côté …", the known name: what follows is no small word.

        Only names that begin with an infinitive: "List domain" may go on in any way.
        """
        known = self.marks.at(f"endpoint.{self.vendor}", span.start) if span else None
        if span is None or known is None or known.end >= span.end:
            return span
        first, rest = span.of(self.text).split()[0], self.text[known.end : span.end].split()
        if len(rest) == 1 and self.names.capital_joiner.match(self.text, span.end):
            return span  # "Répertorier les rapports planifiés et Suspendre …"
        infinitive = first.lower().endswith(self.lexicon.words("api.infinitives") or "-")
        return (
            Span(known.start, known.end)
            if infinitive and rest and rest[0].lower() not in self.names.small
            else span
        )

    def _apposed(self, noun: Mark, end: int) -> int | None:
        """ "… endpoints of the Services API, Lock user and Unlock user, let you …": where the names begin."""
        direct = re.compile(
            r",[ \u00a0](?=[A-ZÀ-Ý][^,.;:\n]{2,90}(?:,|[ \u00a0]?:)|[A-ZÀ-Ý][^\W\d_]+(?: [^\W\d_]+){1,4}\.)"
        ).match(self.text, noun.end, end)
        if direct:
            return direct.end()
        for product in self.marks.find(f"product.{self.vendor}", noun.end, min(end, noun.end + 70))[:1]:
            match = re.compile(r"[ \u00a0]?[,(–—][ \u00a0]?(?=[A-ZÀ-Ý])").match(self.text, product.end, end)
            if match and not re.search(r"[.:;,(]", self.text[noun.end : product.start]):
                return match.end()
        return None

    def _listed(self, part: Part, lead: Part | None, title: str) -> Iterator[Mention]:
        """An item that is only a name, in a list whose lead-in speaks of endpoints."""
        if (
            lead is None
            or not (
                self.marks.any("api.endpoint_nouns", lead.start, lead.end)
                or self._calls_listed(part, lead, title)
            )
            or self.marks.any("api.plain_nouns", lead.start, lead.end)
        ):
            return
        content = self.text[part.start : part.end]
        name = re.split(r"\s*[(:–—]|\s+-\s|(?<=\w),\s(?=[a-z])", content, maxsplit=1)[0].strip(" *_`.,;")
        start = part.start + content.index(name) if name else part.start
        span = Span(start, start + len(name))
        if (
            name
            and not METHOD_PATH.match(name)
            and not PATH.match(name)
            and self.names.is_name(span)
            and not self.names.describes(name.split())
            and not SNAKE.search(name)
            and not re.search(r"[.!?]\s", content)
        ):
            rest = content[len(name) :].strip(" *_`.")
            if rest.startswith(":") and any(map(str.isdigit, rest)):
                return  # "Japan: February 24, 2026"
            if not rest or rest[0] in "(:–—-" or (rest[0] == "," and " " in name):
                yield self.names.mention(span, "name in a list of endpoints")

    def _leads_in(self, part: Part) -> bool:
        """ "These endpoints take it out of sight and bring it back:", or a sub-heading "New endpoints"."""
        told = part.role in HEADS or (part.role is Role.TEXT and part.text.rstrip().endswith(":"))
        return told and self.marks.any("api.endpoint_nouns", part.start, part.end)

    def _unmarked(self, lead: Part, parts: Sequence[Part], title: str) -> Iterator[Mention]:
        """The names below a lead-in whose list lost its marks: line after line, or each above its text."""
        first = bisect_right(parts, lead.end, key=lambda part: part.start)
        names = list(takewhile(self._is_name_alone, islice(parts, first, None)))
        if len(names) == 1:
            pairs = zip(islice(parts, first, None, 2), islice(parts, first + 1, None, 2), strict=False)
            told = takewhile(lambda p: self._is_name_alone(p[0]) and _is_prose(p[1]), pairs)
            names = [name for name, _ in told]
        for name in names if len(names) > 1 or lead.role in HEADS else ():
            yield from self._listed(name, lead, title)

    def _is_name_alone(self, part: Part) -> bool:
        """Whether a line may be an item of a list that lost its marks: some words, no sub-heading."""
        short = part.role is Role.HEADING and 2 <= len(part.text.split()) <= MOST_LISTED_WORDS
        return short and not part.words & self.nouns

    def _calls_listed(self, part: Part, lead: Part, title: str) -> bool:
        """Whether an entry about an API lists names of two to five words below a colon."""
        if not lead.text.rstrip().endswith(":"):
            return False
        told = self.lexicon.lower("api.api_nouns") & {word.lower() for word in WORD.findall(title)}
        return bool(told) and 2 <= len(self.text[part.start : part.end].split()) <= 5

    def _joined(self, parts: Sequence[Part], mentions: Sequence[Mention]) -> Iterator[Mention]:
        """ "Use List orders and View balance": names joined to one that was found, each of small words
        behind the capital of what calls do."""
        reached = 0
        for mention in sorted(mentions, key=lambda one: one.span):
            if mention.rule in CALLS or mention.span.start < reached:
                continue
            part = parts[bisect_right(parts, mention.span.start, key=lambda one: one.start) - 1]
            end = self.names.reach(mention.span.end, part.end, commas=True)
            match = self.names.capital_joiner.match(self.text, mention.span.end, end)
            while match is not None:
                reached = match.end()
                known = self.marks.at(f"endpoint.{self.vendor}", match.end())
                span = self.names.cut(match.end(), end, "")
                rule = "name joined to another"
                if known and (span is None or not self._longer(span, known)):
                    span, rule = Span(known.start, known.end), "vendor's endpoint"
                if span is None or not (known or self.names.does(span)):
                    break
                yield self.names.mention(span, rule)
                match = self.names.capital_joiner.match(self.text, span.end, end)

    def _in_both_languages(self, parts: Sequence[Part], mentions: Sequence[Mention]) -> Iterator[Mention]:
        """ "la Liste des commandes (List orders)": what stands in brackets behind a name, or before it."""
        for mention in mentions:
            if mention.rule in CALLS:
                continue
            part = parts[bisect_right(parts, mention.span.start, key=lambda one: one.start) - 1]
            if inner := IN_BRACKETS.match(self.text, mention.span.end, part.end):
                span: Span | None = Span(*inner.span("name"))
            elif self.text[mention.span.end : mention.span.end + 1] == ")" and (
                before := BEFORE_BRACKET.search(self.text, part.start, mention.span.start)
            ):
                span = self.names.at_end(max(part.start, before.start() - LONGEST_NAME), before.start())
            else:
                continue
            if span and self.names.is_name(span) and 2 <= len(span.of(self.text).split()) <= NAME_WORDS:
                yield self.names.mention(span, "name in another language")

    def _longer(self, span: Span, known: Mark) -> bool:
        """Whether a known name goes on by one word to a stop: "Add domain" in "Add domain contact,"."""
        more = self.text[known.end : span.end].split()
        return len(more) <= 1 and self.text[span.end : span.end + 1] == ","

    def _known(self, parts: Sequence[Part], told: bool) -> Iterator[Mention]:
        """Names of the vendor's own list, where the entry speaks of the API at all."""
        if not any(part.words & self.own for part in parts):
            return
        start, end = parts[0].block.span.start, parts[-1].end
        context = ("api.endpoint_nouns", "api.api_nouns", "api.parameter_nouns")
        told = told or any(self.marks.any(category, start, end) for category in context)
        if not told and not SNAKE.search(self.text, start, end):
            return
        for mark in self.marks.find(f"endpoint.{self.vendor}", start, end):
            if self.text[mark.start].isupper() and not self.names.is_pressed(Span(mark.start, mark.end)):
                yield self.names.mention(Span(mark.start, mark.end), "vendor's endpoint")


def _settled(told: Iterable[Mention], likely: Sequence[Likely]) -> Iterator[Mention]:
    """What the rules found, without names that a very likely one crosses, or ends otherwise."""
    spans = [one.span for one in likely if min(one.chance, one.ends) > SURE]
    sure, same = Spans(spans), {*spans}
    for mention in told:
        if mention.rule in CALLS or mention.span in same or not sure.overlap(mention.span):
            yield mention


def _beside(kept: Iterable[Mention], likely: Iterable[Likely], text: str) -> Iterator[Mention]:
    """The likely names that cross none of those that stay, without marks in them."""
    taken = Spans(mention.span for mention in kept)
    for one in likely:
        if not taken.overlap(one.span):
            yield Mention(" ".join(MARKS.sub("", one.span.of(text)).split()), one.span, LIKELY_NAME)


def _folded(mention: Mention) -> str:
    """What two names have in common that differ in their letters' case, their blanks and apostrophes only."""
    return " ".join(mention.name.split()).replace("’", "'").casefold()


def _path_of(call: re.Match[str]) -> str:
    """The path of a call without its query string, and without the sentence's signs behind it."""
    path = call["path"].partition("?")[0].rstrip(".,;:*_`~!)")
    return path if path.count("[") >= path.count("]") else path.rstrip("]")


def _is_prose(part: Part) -> bool:
    return part.role is Role.TEXT


def _unnested(mentions: list[Mention]) -> list[Mention]:
    """In order, without what another mention holds, and without a name that runs on where it was told before.

    "Détails du domaine" told once shows that "Détails du domaine s'enrichit de …" runs on; a name of the
    vendor's list that begins a longer one told here is only its beginning.
    """
    told = {m.name for m in mentions if m.rule not in (*CALLS, IN_SENTENCE, "vendor's endpoint")}
    begun = {prefix for name in told for prefix in _prefixes(name)}
    spoken = {_hostless(m) for m in mentions if m.rule in ("method and path", "path")}
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.span.start, -m.span.end)):
        inside = bool(kept) and mention.span.end <= kept[-1].span.end and mention.span != kept[-1].span
        if mention.rule == IN_CODE and spoken & {_hostless(mention), (None, _hostless(mention)[1])}:
            continue  # told in words too
        if mention.rule in CALLS or not (inside or _runs_on(mention, told, begun)):
            kept.append(mention)
    return kept


def _hostless(call: Mention) -> tuple[str | None, str]:
    """Method and path of a call, "/v2/orders" of "GET https://api.example.com/v2/orders"."""
    method, _, path = call.name.rpartition(" ")
    return method or None, f"/{path.split('://', 1)[1].partition('/')[2]}" if "://" in path else path


def _prefixes(name: str) -> list[str]:
    words = name.split(" ")
    return [" ".join(words[:count]) for count in range(1, len(words))]


def _runs_on(mention: Mention, told: set[str], begun: set[str]) -> bool:
    if mention.rule == "vendor's endpoint":
        return mention.name in begun
    if mention.rule in CLOSED:
        return False
    return any(prefix in told for prefix in _prefixes(mention.name))
