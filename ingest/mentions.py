"""What is an entry about?  Products by the vendor's names; endpoints and parameters by how text speaks of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ingest.grammar import BULLET, CAMEL, FILE_LIKE, IDENTIFIER, METHOD_PATH, PATH, SNAKE, TYPE_REMNANT, WORD
from ingest.lexicon import Lexicon, Mark, Marks
from ingest.model import Mention, Span, distinct
from ingest.outline import Part, Role

NAME_WORDS = 10
LITERALS = frozenset({"true", "false", "null", "none"})
# what stands before a path in brackets: "… avec Prévalider un domaine (`"
BEFORE_PATH = re.compile(r"(?P<said>[^\n.;:(|]{3,90}?)[ \u00a0*_`]*\([`*_ ]*$")
# a name after a verb of calling: a capital, then small letters
CALLED = re.compile(r"[ \u00a0](?:the |le |la )?[*_`«“]*(?=[A-ZÀ-Ý][a-zà-ÿ]+[ \u00a0][a-zà-ÿ])")
STOP = re.compile(r"[.;:,|\n»”\"()!?]")
# "… à échéance.dcv_renewal_count": a literal of its own, fused to the sentence before it
FUSED_LITERAL = re.compile(r"(?<=[^\W\d_]\.)[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?=[ \u00a0]*$)", re.M)
# "the sort and limit parameters": the first of two words before the noun
PAIRED = re.compile(r"(?<=[ \u00a0])(?P<name>[a-z][a-z0-9]{1,30})(?:, | and | or )")
URL = re.compile(r"https?://[^\s<>\"'|)\]]+|\bwww\.[^\s<>\"'|)\]]+")


def products(text: str, marks: Marks, vendor: str | None, span: Span) -> tuple[Mention, ...]:
    """The vendor's products named in the span, each by its canonical name, once."""
    found = [m for m in marks.find(f"product.{vendor}", span.start, span.end) if not _in_path(text, m)]
    mentions = (Mention(m.value, Span(m.start, m.end), "vendor's name") for m in found)
    return tuple(distinct(mentions, lambda m: m.name))


def _in_path(text: str, mark: Mark) -> bool:
    """Whether a product's name is a step of a path: /vmc/logo."""
    return text[mark.start - 1 : mark.start] == "/" or (
        text[mark.end : mark.end + 1] == "/" and text[mark.end + 1 : mark.end + 2].islower()
    )


# -- endpoints -------------------------------------------------------------------------------------


class Endpoints:
    """Finds the endpoints of one entry: METHOD /path, names beside the noun, names in lists below it."""

    def __init__(self, lexicon: Lexicon, text: str, marks: Marks, vendor: str | None) -> None:
        self.lexicon, self.text, self.marks, self.vendor = lexicon, text, marks, vendor

    def find(self, parts: Sequence[Part], title: str) -> tuple[Mention, ...]:
        mentions: list[Mention] = []
        for at, part in enumerate(parts):
            if part.role is Role.CODE:
                continue
            mentions += self._paths(part)
            mentions += self._named(part, title)
            mentions += self._called(part, title)
            if part.role is Role.ITEM:
                mentions += self._listed(parts, at)
        mentions += self._known(parts)
        return tuple(distinct(_unnested(mentions), lambda m: m.name.replace("’", "'").casefold()))

    def _paths(self, part: Part) -> Iterator[Mention]:
        """`GET /audit-log`, and paths alone that are set as code or stand beside the noun."""
        taken: list[Span] = []
        for match in METHOD_PATH.finditer(self.text, part.start, part.end):
            path = match["path"].rstrip(".,;:*_`~?!)")
            span = Span(match.start(), match.start("path") + len(path))
            taken.append(span)
            if len(path) > 1:
                yield Mention(f"{match['method']} {path}", span, "method and path")
                yield from self._named_by_path(part, match.start())
        for match in PATH.finditer(self.text, part.start, part.end):
            span = Span(match.start(), match.end())
            if any(
                span.overlaps(other)
                for other in (
                    *taken,
                    *(Span(*u.span()) for u in URL.finditer(self.text, part.start, part.end)),
                )
            ):
                continue
            if self._beside_noun(span) or (
                any(span.overlaps(code) for code in part.block.code) and span.of(self.text).count("/") >= 2
            ):
                yield Mention(match.group().rstrip("."), span, "path")

    def _named_by_path(self, part: Part, at: int) -> Iterator[Mention]:
        """ "… with Prévalider un domaine (POST /domain/…)": the name right before its path in brackets."""
        start = max(part.start, at - 100)
        before = BEFORE_PATH.search(self.text[start:at])
        if before is None:
            return
        first, last = start + before.start("said"), start + before.end("said")
        if any(m.end == last for m in self.marks.find("api.endpoint_nouns", first, last)):
            return  # the noun's own rule reads it
        comma = self.text.rfind(", ", first, last)
        name = self._name_at_end(comma + 2 if comma >= 0 else first, last, strict=False)
        if name is not None:
            yield self._mention(name, "name before its path")

    def _called(self, part: Part, title: str) -> Iterator[Mention]:
        """ "when you call Submit order, …", "appelez Renouveler le certificat": the name after the verb."""
        for verb in self.marks.find("api.call_verbs", part.start, part.end):
            match = CALLED.match(self.text, verb.end, part.end)
            stop = STOP.search(self.text, match.end(), part.end) if match else None
            span = self._cut(match.end(), stop.start() if stop else part.end, title) if match else None
            if span and self._is_name(span) and 2 <= len(span.of(self.text).split()) <= 6:
                yield self._mention(span, "name after a verb of calling")

    def _beside_noun(self, span: Span) -> bool:
        near = self.marks.find("api.endpoint_nouns", span.start - 25, span.end + 20)
        return any(m.start >= span.end or m.end <= span.start for m in near)

    def _named(self, part: Part, title: str) -> Iterator[Mention]:
        for noun in self.marks.find("api.endpoint_nouns", part.start, part.end):
            yield from self._before(part, noun, listed=self._plural(noun))
            yield from self._after(part, noun, title)
        own = self.marks.find(f"product.{self.vendor}", part.start, part.end)
        for noun in self.marks.find("api.api_nouns", part.start, part.end):
            if any(m.start <= noun.start and noun.end <= m.end for m in own):
                continue
            for mention in self._before(part, noun, listed=False):
                known = self.marks.whole(f"endpoint.{self.vendor}", mention.span.start, mention.span.end)
                if known or mention.name in title:
                    yield mention

    def _plural(self, noun: Mark) -> bool:
        return self.text[noun.start : noun.end].split()[0].endswith("s") or self.text[noun.end - 1] == "s"

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
            (m.start(), m.end()) for m in self._joiner().finditer(self.text, max(start, stop + 1), noun.start)
        ]
        found: list[Mention] = []
        for joint in [*reversed(pieces), None]:
            piece_start = joint[1] if joint else max(start, stop + 1)
            name = self._name_at_end(piece_start, piece_end)
            if name is None:
                break
            determined = name.start > piece_start or (joint is None and False)
            if not determined and joint is None:
                break  # nothing says that the capital is a name's rather than the sentence's
            found.append(self._mention(name, "name before the noun"))
            if joint is None or not listed:
                break
            piece_end = joint[0]
        else:
            joint = None
        if found and self._introduced(found[-1].span, start):
            yield from found

    def _introduced(self, span: Span, start: int) -> bool:
        """Whether a determiner stands before the first name of the run."""
        before = self.text[start : span.start].rstrip(' \u00a0*_`“"').rsplit(None, 1)
        return bool(before) and before[-1].lower().strip("(") in {
            w.lower() for w in self.lexicon.words("api.determiners")
        }

    def _joiner(self) -> re.Pattern[str]:
        words = "|".join(re.escape(w) for w in self.lexicon.words("api.joiners"))
        return re.compile(rf",? +(?:{words}) +|, +")

    def _name_at_end(self, start: int, end: int, strict: bool = True) -> Span | None:
        """The name that fills the end of text[start:end]: from a capital after the last determiner.

        Not `strict`, the nearest capital will do where no determiner tells.
        """
        stripped = self.text[start:end].rstrip(' \u00a0*_`”"')
        words = list(re.finditer(r"\S+", stripped))
        determiners = {w.lower() for w in self.lexicon.words("api.determiners")}
        first: int | None = None
        for number in range(len(words) - 1, max(-1, len(words) - 1 - NAME_WORDS), -1):
            word = words[number].group().strip("*_`“\"'")
            before = words[number - 1].group().strip("*_`“\"'").lower() if number else ""
            if word[:1].isupper() and (number == 0 or before in determiners):
                first = number
                break
            if word.lower() in {"the", "a", "an"}:
                break
        if first is None and not strict:
            first = next((n for n in range(len(words) - 1, -1, -1) if words[n].group()[:1].isupper()), None)
        if first is None:
            return None
        lead = len(words[first].group()) - len(words[first].group().lstrip("*_`“\"'"))
        span = Span(start + words[first].start() + lead, start + len(stripped))
        return span if self._is_name(span) else None

    def _after(self, part: Part, noun: Mark, title: str) -> Iterator[Mention]:
        """French order and lists: "points de terminaison Liste des produits, Limites du produit et …", "endpoint: X"."""
        line_end = part.end
        tail = re.compile(
            r"[ \u00a0\u202f]*(?:[^.:;!?\n|]{0,110}?[ \u00a0\u202f]*:)?[ \u00a0\u202f]*[«“\"*_`]*[ \u00a0]?(?=[A-ZÀ-Ý])"
        ).match(self.text, noun.end, line_end)
        at = (
            tail.end()
            if tail and (tail.end() - noun.end <= 3 or ":" in tail.group())
            else self._apposed(noun, line_end)
        )
        if at is None:
            return
        stop = re.compile(r"[.;:|\n»”\"()!?]|\.$").search(self.text, at, line_end)
        end = stop.start() if stop else line_end
        for start, finish in self._split(at, end):
            span = self._cut(start, finish, title)
            if span and self._is_name(span):
                yield self._mention(span, "name after the noun")
                if span.end < finish:
                    return
            else:
                return

    def _apposed(self, noun: Mark, end: int) -> int | None:
        """ "… endpoints of the Services API, Lock user and Unlock user, let you …": where the names begin."""
        direct = re.compile(r",[ \u00a0](?=[A-ZÀ-Ý][^,.;:\n]{2,90},)").match(self.text, noun.end, end)
        if direct:
            return direct.end()
        for product in self.marks.find(f"product.{self.vendor}", noun.end, min(end, noun.end + 70))[:1]:
            match = re.compile(r"[ \u00a0]?[,(–—][ \u00a0]?(?=[A-ZÀ-Ý])").match(self.text, product.end, end)
            if match and not re.search(r"[.:;,(]", self.text[noun.end : product.start]):
                return match.end()
        return None

    def _split(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A list of names: commas and joining words count only where a capital follows."""
        words = "|".join(re.escape(w) for w in self.lexicon.words("api.joiners"))
        at = start
        for match in re.finditer(rf"(?:,|[ \u00a0](?:{words}))[ \u00a0]+(?=[A-ZÀ-Ý])", self.text[start:end]):
            yield at, start + match.start()
            at = start + match.end()
        yield at, end

    def _cut(self, start: int, end: int, title: str) -> Span | None:
        """The name at the start of text[start:end]: the title's own words, else up to a verb or a new sentence."""
        said = self.text[start:end]
        flat = said.replace("’", "'")
        for name in re.split(r"[:,]|(?<=\w) (?:et|and) (?=[A-ZÀ-Ý])", title.replace("’", "'")):
            name = name.strip()
            if len(name.split()) >= 2 and flat.startswith(name):
                return Span(start, start + len(name))
        nouns = self.marks.find("api.endpoint_nouns", start + 1, end)
        if nouns:
            end = nouns[0].start
            said = self.text[start:end].rstrip()
        own = self.marks.find(f"product.{self.vendor}", start + 1, end)
        inner = [m.start for m in own if self.marks.any("api.api_nouns", m.start, m.end)]
        if inner:
            said = self.text[start : inner[0]]
            said = self._without_link(said)
        ends = {w.lower() for w in self.lexicon.words("api.name_end")}
        endings = self.lexicon.words("api.verb_endings")
        last = start
        for number, word in enumerate(re.finditer(r"\S+", said)):
            plain = word.group().strip("*_`,")
            if number and (plain.lower().endswith(endings) if endings else False):
                break
            if number and said[: word.start()].rstrip().endswith(",") and not plain[:1].isupper():
                break
            if number and (
                plain.lower() in ends
                or plain.lower().split("'")[0].split("’")[0] + "'" in ends
                or (plain[:1].isupper() and plain.lower() not in self._proper and not plain.isupper())
            ):
                break
            last = start + word.end()
        while last > start and self.text[last - 1] in " ,*_`":
            last -= 1
        return Span(start, last) if last > start else None

    def _without_link(self, said: str) -> str:
        """The text without the small words that tied a product to it ("… de l'", "… of the")."""
        small = {w.lower() for w in self.lexicon.words("api.determiners")}
        words = re.split(r"([ \u00a0]+|(?<=['’]))", said)
        while words and (not words[-1].strip() or words[-1].lower().replace("’", "'") in small):
            words.pop()
        return "".join(words)

    @property
    def _proper(self) -> frozenset[str]:
        vendor = self.lexicon.vendors.get(self.vendor or "")
        names = [w.lower() for name in (vendor.products if vendor else ()) for w in name.split()]
        return frozenset(names)

    def _listed(self, parts: Sequence[Part], at: int) -> Iterator[Mention]:
        """An item that is only a name, in a list whose lead-in speaks of endpoints."""
        lead = self._lead_in(parts, at)
        if (
            lead is None
            or not self.marks.any("api.endpoint_nouns", lead.start, lead.end)
            or self.marks.any("api.plain_nouns", lead.start, lead.end)
        ):
            return
        part = parts[at]
        content = self.text[part.start : part.end]
        name = re.split(r"\s*[(:–—]|\s+-\s", content, maxsplit=1)[0].strip(" *_`.,;")
        start = part.start + content.index(name) if name else part.start
        span = Span(start, start + len(name))
        if (
            name
            and not METHOD_PATH.match(name)
            and not PATH.match(name)
            and self._is_name(span)
            and not re.search(r"[.!?]\s", content)
        ):
            rest = content[len(name) :].strip(" *_`.")
            if not rest or rest[0] in "(:–—-":
                yield self._mention(span, "name in a list of endpoints")

    def _lead_in(self, parts: Sequence[Part], at: int) -> Part | None:
        for index in range(at - 1, -1, -1):
            if parts[index].role is not Role.ITEM:
                return parts[index]
        return None

    def _known(self, parts: Sequence[Part]) -> Iterator[Mention]:
        """Names of the vendor's own list, where the entry speaks of the API at all."""
        if not parts or self.vendor is None:
            return
        start, end = parts[0].block.span.start, parts[-1].end
        context = ("api.endpoint_nouns", "api.api_nouns", "api.parameter_nouns")
        if not any(self.marks.any(category, start, end) for category in context):
            return
        for mark in self.marks.find(f"endpoint.{self.vendor}", start, end):
            if self.text[mark.start].isupper():
                yield self._mention(Span(mark.start, mark.end), "vendor's endpoint")

    def _is_name(self, span: Span) -> bool:
        name = span.of(self.text)
        words = name.split()
        if (
            not words
            or len(words) > NAME_WORDS
            or not name[0].isupper()
            or re.search(r"[<>=|/\\{}]|\d{3}", name)
        ):
            return False
        qualifiers = {w.lower() for w in self.lexicon.words("api.qualifiers")}
        if all(w.lower() in qualifiers for w in words) or words[0].lower() in qualifiers:
            return False
        if name.lower() in {w.lower() for w in self.lexicon.words("api.not_names")}:
            return False
        own = self.marks.find(f"product.{self.vendor}", span.start, span.end)
        return (
            not any(m.start == span.start and m.end >= span.end - 1 for m in own)
            and len(WORD.findall(name)) >= 1
        )

    def _mention(self, span: Span, rule: str) -> Mention:
        return Mention(span.of(self.text), span, rule)


def _unnested(mentions: list[Mention]) -> list[Mention]:
    """In order, without what another mention holds, and without a name that runs on where it was told before.

    "Détails du domaine" told once shows that "Détails du domaine s'enrichit de …" runs on.
    """
    paths = ("method and path", "path")
    told = [m.name for m in mentions if m.rule not in (*paths, "vendor's endpoint")]
    longer = [m.name for m in mentions if m.rule != "vendor's endpoint"]
    mentions = [
        m
        for m in mentions
        if m.rule != "vendor's endpoint" or not any(name.startswith(f"{m.name} ") for name in longer)
    ]
    kept = [
        m
        for m in mentions
        if m.rule in paths
        or (
            not any(m.name.startswith(f"{name} ") for name in told)
            and not any(
                o.span != m.span and o.span.start <= m.span.start and m.span.end <= o.span.end
                for o in mentions
            )
        )
    ]
    return sorted(kept or mentions, key=lambda m: m.span)


# -- parameters ------------------------------------------------------------------------------------


class Parameters:
    """Finds parameter names: by shape, by being set as code, by the noun beside them; never values."""

    def __init__(self, lexicon: Lexicon, text: str, marks: Marks) -> None:
        self.lexicon, self.text, self.marks = lexicon, text, marks

    def find(self, parts: Sequence[Part], endpoints: Iterable[Mention], api: bool) -> tuple[Mention, ...]:
        taken = [m.span for m in endpoints if m.rule in ("method and path", "path")]
        found: list[Mention] = []
        for at, part in enumerate(parts):
            if part.role in (Role.CODE, Role.NAVIGATION, Role.LABEL, Role.DATE) or _is_example(part.text):
                continue
            spans = [*taken, *(Span(*m.span()) for m in URL.finditer(self.text, part.start, part.end))]
            spans += [Span(*m.span()) for m in METHOD_PATH.finditer(self.text, part.start, part.end)]
            candidates = list(self._candidates(part, parts, at, api))
            for span, rule in candidates:
                if any(s.start <= span.start and span.end <= s.end and s != span for s, _ in candidates):
                    continue
                if not any(span.overlaps(other) for other in spans) and not self._is_value(
                    span, part, parts, at
                ):
                    found += [Mention(s.of(self.text), s, rule) for s in self._unfused(span)]
        found.sort(key=lambda m: m.span)
        return tuple(distinct(found, lambda m: m.name))

    def _candidates(
        self, part: Part, parts: Sequence[Part], at: int, api: bool
    ) -> Iterator[tuple[Span, str]]:
        for match in SNAKE.finditer(self.text, part.start, part.end):
            span = self._without_sentence(Span(*match.span()), part, parts, at)
            name = span.of(self.text)
            if (
                not name.isupper()
                and not FILE_LIKE.search(name)
                and not re.fullmatch(r"[a-z]{2}_[A-Z]{2}", name)
                and self._telling(name, api)
            ):
                yield span, "snake_case or path of names"
        fused = FUSED_LITERAL.search(self.text, part.start, part.end)
        whole = fused and any(m.end() == fused.end() for m in SNAKE.finditer(self.text, part.start, part.end))
        if fused and not whole and self.text[fused.end() : part.end].strip() == "":
            yield Span(*fused.span()), "literal behind a sentence"
        for match in CAMEL.finditer(self.text, part.start, part.end):
            yield Span(*match.span()), "camelCase"
        for code in part.block.code:
            inner = code.of(self.text).strip(" \"'")
            if (
                inner not in LITERALS
                and IDENTIFIER.fullmatch(inner)
                and inner[0].islower()
                and api
                and not FILE_LIKE.search(inner)
            ):
                start = code.start + code.of(self.text).index(inner)
                yield Span(start, start + len(inner)), "set as code"
        yield from self._beside_noun(part)
        yield from self._behind_noun(part)
        yield from self._typed(part, parts, at)

    def _typed(self, part: Part, parts: Sequence[Part], at: int) -> Iterator[tuple[Span, str]]:
        """A line that is one word, before a data type that a lost table left: "comments", "(string)…"."""
        word = self.text[part.start : part.end].strip()
        remnant = TYPE_REMNANT.match(self.text, part.start)
        if remnant and self._is_type(remnant["type"]):
            word = self.text[remnant.end() : part.end].strip()
        if at + 1 < len(parts) and re.fullmatch(r"[a-z][a-z0-9]{2,30}", word):
            below = TYPE_REMNANT.match(self.text, parts[at + 1].start)
            if below and self._is_type(below["type"]):
                yield (
                    Span(part.end - len(self.text[part.start : part.end].rstrip()[-len(word) :]), part.end),
                    "name before its type",
                )

    def _is_type(self, words: str) -> bool:
        types = {w.lower() for w in self.lexicon.words("api.data_types")}
        return words.lower() in types or words.lower().split()[0].strip(",") in types

    def _behind_noun(self, part: Part) -> Iterator[tuple[Span, str]]:
        """ "le paramètre status et …", "parameter limit,": one word after the noun, then a stop or a joint."""
        small = (*self.lexicon.words("api.joiners"), *self.lexicon.words("api.after_name"))
        joints = "|".join(re.escape(w) for w in small)
        for noun in self.marks.find("api.plain_nouns", part.start, part.end):
            match = re.compile(
                rf"[ \u00a0](?P<quote>[«“\"`]?)[ \u00a0]?(?P<name>[a-z][a-z0-9]{{1,30}})[ \u00a0]?[»”\"`]?(?=[,.;)]|[ \u00a0](?:{joints})[ ,])"
            ).match(self.text, noun.end, part.end)
            if match and match["name"] not in self._ordinary:
                yield Span(*match.span("name")), "word after the noun"

    @property
    def _ordinary(self) -> frozenset[str]:
        lexicon = self.lexicon
        categories = [f"stop.{code}" for code in lexicon.languages]
        categories += ["api.name_end", "api.adjectives", "api.qualifiers", "api.determiners", "api.joiners"]
        return frozenset(w.lower() for category in categories for w in lexicon.words(category))

    def _telling(self, name: str, api: bool) -> bool:
        """A dotted name without underscore or brackets is one only where the API is spoken of."""
        return "_" in name or "[" in name or (api and len(name.split(".")) <= 4)

    def _beside_noun(self, part: Part) -> Iterator[tuple[Span, str]]:
        """ "its own secret parameter", "the "limit" parameter": one word before the noun."""
        for noun in self.marks.find("api.plain_nouns", part.start, part.end):
            adjectives = set(self.lexicon.languages[noun.value].words.get("api.adjectives", ()))
            if not adjectives:  # a language that puts the noun first
                continue
            match = re.compile(r"(?:^|[\s(“\"'`])([a-z][a-z0-9]{1,30})[”\"'`]? $").search(
                self.text[max(part.start, noun.start - 40) : noun.start]
            )
            if match is None:
                continue
            start = max(part.start, noun.start - 40) + match.start(1)
            word = match[1]
            for other in PAIRED.finditer(self.text, max(part.start, noun.start - 60), start):
                if (
                    other.end() == start
                    and other["name"] not in adjectives
                    and not self._ordinary & {other["name"]}
                ):
                    yield Span(*other.span("name")), "word before the noun"
            if (
                word not in adjectives
                and not word.endswith(("ed", "ing", "ly", "al"))
                and self.text[noun.start - 1] == " "
            ):
                yield Span(start, start + len(word)), "word before the noun"

    def _without_sentence(self, span: Span, part: Part, parts: Sequence[Part], at: int) -> Span:
        """Of "…pluriannuel.order_valid_from", a sentence's end fused to a literal, the literal alone."""
        name = span.of(self.text)
        head, dot, rest = name.partition(".")
        if not dot or "_" in head or "_" not in rest or span.end != part.end or at + 1 >= len(parts):
            return span
        nxt = self.text[parts[at + 1].start : parts[at + 1].start + 1]
        before = WORD.findall(self.text[part.start : span.start])
        if len(before) >= 3 and (nxt.islower() or nxt == "("):
            return Span(span.start + len(head) + 1, span.end)
        return span

    def _is_value(self, span: Span, part: Part, parts: Sequence[Part], at: int) -> bool:
        text = self.text
        after = re.compile(r"[`\"”'*_]*[ \u00a0]*").match(text, span.end)
        following = after.end() if after else span.end
        if following >= part.end and at + 1 < len(parts) and parts[at + 1].start - part.end <= 2:
            following = parts[at + 1].start
        if self.marks.at("api.parameter_nouns", following) is not None:
            return False
        lead = text[max(part.start, span.start - 60) : span.start].rstrip(" \u00a0`\"“'*_«(")
        if lead.endswith("=") or re.search(r"[\w\]\"]\s*:$", lead) and re.search(r"[\"\w]+\"\s*:$", lead):
            return True
        if self.marks.at("api.values", following) is not None:
            return True
        end = span.start - (len(text[max(part.start, span.start - 60) : span.start]) - len(lead))
        for mark in self.marks.find("api.values", max(part.start, end - 30), end):
            if mark.end == end or (mark.end == end - 1 and text[end - 1] == ":"):
                return True
        if self._equated(part, end):
            return True
        return self._listed_value(span, part, parts, at)

    def _equated(self, part: Part, end: int) -> bool:
        """ "… the value of the contact_type field is ev_approver": an identifier and "is" before it."""
        words = [m for m in self.marks.find("api.equals", max(part.start, end - 12), end) if m.end == end]
        if not words:
            return False
        start = max(part.start, self.text.rfind(". ", part.start, end) + 1)
        named = SNAKE.search(self.text, start, words[0].start) or CAMEL.search(
            self.text, start, words[0].start
        )
        valued = self.marks.any("api.values", start, words[0].start)
        return (
            (named is not None and not self._joined_names(start, words[0]))
            or valued
            or self._field_above(part, words[0])
        )

    def _joined_names(self, start: int, word: Mark) -> bool:
        """ "a_b or c_d" joins two of a kind: a value only if the first one was."""
        joiners = {w.lower() for w in self.lexicon.words("api.joiners")}
        return self.text[word.start : word.end].lower() in joiners

    def _field_above(self, part: Part, word: Mark) -> bool:
        return (
            self.marks.at("api.parameter_nouns", part.start) is not None
            and len(self.text[part.start : word.start].split()) <= 2
        )

    def _listed_value(self, span: Span, part: Part, parts: Sequence[Part], at: int) -> bool:
        """A line that is only the identifier, below a lead-in that speaks of values."""
        bullet = BULLET.match(self.text, part.block.span.start, part.end)
        start = bullet.end() if bullet else part.start
        if self.text[start : span.start].strip(' `*"“(') or self.text[span.end : part.end].strip(' `*"”.,;)'):
            return False
        for index in range(at - 1, -1, -1):
            lead = parts[index]
            if len(lead.text.split()) <= 2 and (
                lead.role is Role.ITEM or IDENTIFIER.fullmatch(lead.text.strip(" `*•-"))
            ):
                continue
            if lead.role is Role.ITEM:
                continue
            tail = max(lead.start, self.text.rfind(". ", lead.start, lead.end) + 1)
            valued = self.marks.any("api.values", tail, lead.end)
            named = SNAKE.search(self.text, tail, lead.end) or CAMEL.search(self.text, tail, lead.end)
            return valued and (named is not None or not self.marks.any("api.parameter_nouns", tail, lead.end))
        return False

    def _unfused(self, span: Span) -> Iterator[Span]:
        """The names of "lastCheckStatuslastCheckTime": a hump that ends or begins as another one does is cut."""
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


def _is_example(text: str) -> bool:
    """A line of JSON: its keys are an example's, not what the entry announces."""
    return text.lstrip()[:1] in ("{", "}", "[", '"') and not text.rstrip().endswith(".")


def speaks_of_api(marks: Marks, span: Span, endpoints: Sequence[Mention]) -> bool:
    """Whether an entry is about an API at all: an endpoint, a parameter's noun, the word API."""
    return bool(endpoints) or any(
        marks.any(category, span.start, span.end)
        for category in ("api.plain_nouns", "api.endpoint_nouns", "api_change.lead", "api.api_nouns")
    )
