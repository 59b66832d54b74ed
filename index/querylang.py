"""What does a query say?  The query language: text in, a tree and filters out; it never refuses.

    domain locking              both words
    "domain control validation" the words beside each other
    valid*                      words that begin so
    order OR request   -legacy   NOT legacy   (a OR b) c
    product:CertCentral type:api_change,bugfix endpoint:"List domains" param:order_id
    lang:fr year:2022 status:cancelled since:2022-05 until:2022-12-31

What makes no sense is left out or read as words, and `hints` say so.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from unicodedata import normalize

from index.query import FACETS

MAX_LENGTH = 1000  # characters
MAX_DEPTH = 20  # of brackets
MAX_WORDS = 64


@dataclass(frozen=True, slots=True)
class Word:
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str


@dataclass(frozen=True, slots=True)
class Prefix:
    text: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A filter inside OR, NOT or brackets, where it cannot stand beside the words."""

    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    node: Node


@dataclass(frozen=True, slots=True)
class And:
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    nodes: tuple[Node, ...]


Node = Word | Phrase | Prefix | Tag | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A query as understood: what to match, filters by facet, days (inclusive), and hints."""

    root: Node | None = None
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    hints: tuple[str, ...] = ()


FIELDS = (*FACETS, "since", "until")
_SYNONYMS = {"parameter": "param", "language": "lang"}
_QUOTES = str.maketrans("“”„«»", '"""""')
_TOKEN = re.compile(
    r"""(?P<minus>-(?=[^\s-]))?
        (?: (?P<name>[A-Za-z]+):(?P<value>"[^"]*"?|[^\s()"]+)?
          | "(?P<phrase>[^"]*)(?P<closed>")?
          | (?P<open>\() | (?P<close>\))
          | (?P<word>[^\s()"]+) )""",
    re.VERBOSE,
)


def parse(text: str) -> Query:
    """Read a query; any text has a meaning."""
    return _Parser(text).query()


@dataclass(frozen=True, slots=True)
class _Day:
    """A `since:` or `until:` on its way to the query's bounds."""

    name: str
    day: date


class _Parser:
    def __init__(self, text: str) -> None:
        self.hints: list[str] = []
        if len(text) > MAX_LENGTH:
            text = text[:MAX_LENGTH]
            self.hint(f"only the first {MAX_LENGTH} characters of the query were read")
        self.tokens = list(_TOKEN.finditer(normalize("NFC", text).translate(_QUOTES)))
        self.at = self.words = 0

    def hint(self, said: str) -> None:
        if said not in self.hints:
            self.hints.append(said)

    def query(self) -> Query:
        parts: list[Node | _Day] = []
        while self.at < len(self.tokens):  # a closing bracket too many ends an expression, not the query
            found = self.expression(0)
            parts.extend(found.nodes if isinstance(found, And) else [found] if found else [])
            if self.at < len(self.tokens):
                self.hint("a closing bracket has no opening one")
                self.at += 1
        return self.gathered(parts)

    def gathered(self, parts: list[Node | _Day]) -> Query:
        """Top-level filters and days go beside the tree."""
        filters: dict[str, tuple[str, ...]] = {}
        bounds: dict[str, date] = {}
        nodes: list[Node] = []
        for part in parts:
            if isinstance(part, _Day):
                bounds[part.name] = part.day
            elif tags := _alternatives(part):
                name = tags[0].facet
                filters[name] = (*filters.get(name, ()), *(tag.value for tag in tags))
            else:
                nodes.append(part)
        return Query(_and(nodes), filters, bounds.get("since"), bounds.get("until"), tuple(self.hints))

    def expression(self, depth: int) -> Node | None:
        """Everything up to a closing bracket or the end: alternatives of sequences."""
        sequences = [self.sequence(depth)]
        while self.peek_word("OR", "|"):
            self.at += 1
            sequences.append(self.sequence(depth))
        filled = [nodes for nodes in sequences if nodes]
        if len(filled) < len(sequences) and len(sequences) > 1:
            self.hint("OR stands between two words")
        if len(filled) == 1:
            return _and(filled[0]) if depth else And(tuple(filled[0]))
        options = [made for nodes in filled if (made := _and(self.undated(nodes)))]
        return Or(tuple(options)) if options else None

    def sequence(self, depth: int) -> list[Node]:
        nodes: list[Node] = []
        while self.at < len(self.tokens) and not self.peek_word("OR", "|"):
            if self.tokens[self.at]["close"]:
                break
            node = self.item(depth)
            if node is not None:
                nodes.append(node)
        return nodes if not depth else self.undated(nodes)

    def undated(self, nodes: list[Node]) -> list[Node]:
        """Days bound the whole query; inside OR or brackets they are left out."""
        kept = [node for node in nodes if not isinstance(node, _Day)]
        if len(kept) < len(nodes):
            self.hint("since: and until: hold for the whole query and cannot stand in OR or brackets")
        return kept

    def peek_word(self, *said: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at]["word"] in said

    def item(self, depth: int) -> Node | None:
        token = self.tokens[self.at]
        self.at += 1
        if token["word"] == "AND":
            return None
        negated = bool(token["minus"]) or token["word"] == "NOT"
        if token["word"] == "NOT":
            return self.negation(depth)
        node = self.atom(token, depth)
        if negated and isinstance(node, _Day):
            self.hint(f"{node.name}: cannot be negated")
            return None
        return Not(node) if negated and node is not None else node

    def negation(self, depth: int) -> Node | None:
        while self.peek_word("NOT", "AND"):
            self.at += 1
        if self.at == len(self.tokens) or self.tokens[self.at]["close"] or self.peek_word("OR", "|"):
            self.hint("NOT stands before a word")
            return None
        node = self.item(depth)
        if isinstance(node, Not):
            return node
        return Not(node) if node is not None and not isinstance(node, _Day) else None

    def atom(self, token: re.Match[str], depth: int) -> Node | None:
        if token["open"]:
            return self.bracket(depth)
        if token["phrase"] is not None:
            if not token["closed"]:
                self.hint("a quotation mark is not closed")
            return self.counted(Phrase(token["phrase"])) if token["phrase"].strip() else None
        if token["name"]:
            return self.field(token)
        return self.word(token["word"]) if token["word"] else None

    def bracket(self, depth: int) -> Node | None:
        if depth >= MAX_DEPTH:
            self.hint("brackets are nested too deep; some were left out")
            return None
        node = self.expression(depth + 1)
        if self.at < len(self.tokens):
            self.at += 1
        else:
            self.hint("a bracket is not closed")
        return node

    def word(self, text: str) -> Node | None:
        stem = text.rstrip("*")
        if not stem.strip("*?"):
            self.hint("* stands at the end of a word")
            return None
        if "*" in stem:
            self.hint("* is only understood at the end of a word")
            return self.counted(Word(stem.replace("*", " ")))
        return self.counted(Prefix(stem) if stem != text else Word(text))

    def counted(self, node: Node) -> Node | None:
        self.words += 1
        if self.words <= MAX_WORDS:
            return node
        self.hint(f"only the first {MAX_WORDS} words of the query were read")
        return None

    def field(self, token: re.Match[str]) -> Node | None:
        name = _SYNONYMS.get(token["name"].lower(), token["name"].lower())
        value = (token["value"] or "").strip()
        if name not in FIELDS:
            return self.not_a_field(token["name"], value)
        values = [value.strip('"')] if value.startswith('"') else value.split(",")
        filled = [one.strip() for one in values if one.strip()]
        if not filled:
            self.hint(f"{name}: wants a value")
            return None
        if name in ("since", "until"):
            return self.day(name, filled[0])
        tags = tuple(Tag(name, one) for one in filled)
        return tags[0] if len(tags) == 1 else Or(tags)

    def not_a_field(self, name: str, value: str) -> Node | None:
        """`Note: text` and `https://host` are words; `colour:red` deserves a hint."""
        if value and not value.startswith("/"):
            self.hint(f"no filter is called “{name}”; there are {', '.join(FIELDS)}")
        words = (name, value.strip('"'))
        return _and([node for text in words if text.strip("*") and (node := self.word(text))])

    def day(self, name: str, value: str) -> Node | None:
        found = bound(value, last=name == "until")
        if found is None:
            self.hint(f"{name}: wants a day, month or year, like 2022-05-31, 2022-05 or 2022")
            return None
        return _Day(name, found)  # type: ignore[return-value]  # taken out again by `gathered`


def bound(value: str, last: bool = False) -> date | None:
    """The first (or last) day of a year, month or day in ISO form; None where it is none.

    >>> bound("2022-02", last=True)
    datetime.date(2022, 2, 28)
    """
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{1,2}){0,2}", value):
        return None
    year, month, day = (*map(int, value.split("-")), 0, 0)[:3]
    try:
        start = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if not last or day:
        return start
    month = month or 12
    return date(year, month, monthrange(year, month)[1])


def words_of(node: Node | None) -> Iterator[Word | Phrase | Prefix]:
    """The words that a tree asks for, in order, without the negated ones."""
    if isinstance(node, And | Or):
        for child in node.nodes:
            yield from words_of(child)
    elif isinstance(node, Word | Phrase | Prefix):
        yield node


def _alternatives(node: Node) -> tuple[Tag, ...]:
    """The tags of `type:a` or `type:a,b`; none for anything else."""
    nodes = node.nodes if isinstance(node, Or) else (node,)
    tags = tuple(one for one in nodes if isinstance(one, Tag))
    return tags if len(tags) == len(nodes) and len({tag.facet for tag in tags}) == 1 else ()


def _and(nodes: list[Node]) -> Node | None:
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else And(tuple(nodes))
