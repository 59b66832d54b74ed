"""What stands above the text of a mail saved as text: its fields, what it is about, the greeting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from msgspec.structs import replace

from ingest.grammar import WORD
from ingest.line_rules import MAIL
from ingest.page import LONG, Page
from ingest.roles import Part, Role

# what begins entries of a digest
ENTITLED = frozenset((Role.TITLE, Role.SECTION, Role.DATE, Role.RELEASE, Role.LABEL, Role.GROUP))
LONGEST_GREETING = 5  # words: "Sehr geehrte Damen und Herren,"
FIELD = re.compile(r"[A-Z][A-Za-z]*(?:-[A-Za-z]+)+:[ \u00a0]")  # "X-Spam: no"


def as_mail(page: Page, parts: list[Part]) -> list[Part]:
    """The parts of a page; of a mail its fields are navigation, and a greeting below them is no part.

    The subject of one that gives notice of one maintenance is the title; then its fields below that are no
    parts either.
    """
    fields = list(takewhile(lambda part: _is_field(page, part), parts))
    at, length = _subject(page, fields)
    body = parts[len(fields) :]
    if not length or not body:
        return parts
    body = body[1:] if _greets(page, body[0]) and len(body) > 1 else body
    head = [replace(part, role=Role.NAVIGATION, value=MAIL) for part in fields]
    notice = page.marks.any("maintenance.title", head[at].start + length, head[at].end)
    if not notice or _is_digest(page, body):
        return [*head, *body]
    return [*head[:at], _title(page, head[at], length), *body]


def _is_field(page: Page, part: Part) -> bool:
    """Whether a line is one of the fields above a mail."""
    return page.marks.at("page.mail", part.start) is not None or FIELD.match(part.text) is not None


def _subject(page: Page, fields: Sequence[Part]) -> tuple[int, int]:
    """Which of the fields tells what the mail is about, and how many characters name it; 0 for none."""
    lexicon = page.grammar.lexicon
    lengths = [lexicon.opening("page.subject", page.text, part.start) for part in fields]
    return next(((at, length) for at, length in enumerate(lengths) if length), (0, 0))


def _title(page: Page, subject: Part, length: int) -> Part:
    told = page.text[subject.start + length : subject.end]
    start = subject.start + length + len(told) - len(told.lstrip())
    return replace(subject, role=Role.HEADING, value=None, rule="subject", start=start, text=told.strip())


def _greets(page: Page, part: Part) -> bool:
    """Whether a line is a salutation and nothing else: "Dear customer,"."""
    bare = len(WORD.findall(part.text)) <= LONGEST_GREETING and part.text.rstrip()[-1:] in ",!:"
    return bare and page.grammar.lexicon.opening("page.greetings", page.text, part.start) > 0


def _is_digest(page: Page, parts: Sequence[Part]) -> bool:
    """Whether days, labels, titles or further mails stand in a text: there are several entries."""
    if any(page.grammar.lexicon.opening("page.subject", page.text, part.start) for part in parts):
        return True
    titled = any(
        above.role is Role.HEADING and below.role is Role.TEXT and len(below.text) > LONG
        for above, below in pairwise(parts)
    )
    return titled or any(part.role in ENTITLED for part in parts)
