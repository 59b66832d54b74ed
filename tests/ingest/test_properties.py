"""What holds of any text whatever: nothing is lost, nothing is raised but our errors, same in, same out?"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invariants import check
from labelled import ROOT, documents_in, every_labelled, parsed

import ingest
from ingest.contract import as_json
from ingest.errors import RelnotesError
from ingest.lexicon import load
from ingest.model import Form, ParseResult
from ingest.pipeline import parse
from ingest.readers import read

MOST_FRAGMENTS = 12
SIGNS = [
    "\n", "\n\n", "\r\n", "\r", " ", "\t", "\u00a0", "\u202f", "\u2028",
    "\x0b", "\x0c", "\x85", "\u200b", "\ufeff",
    "|", "•", "- ", "* ", "# ", "## ", "---", "===", "```", "`", "**", "_", "[",
    "](", ")", "(", ":", " : ", ".", "…",
    "<p>", "</p>", "<h2>", "<li>", "<!--", "-->", "<table>",
    "<td>", "<script>", "<br>", "&nbsp;", "&#0;", "&amp", "<",
    "June 4, 2022", "31 février 2023", "24:00", "22:00 – ", "25:61", "MDT", "UTC",
    "9999-12-31", "1900-01-01", "29 Feb",
    "PUT /v2/{id}", "domain_locking_status", "a_", "filters[x]",
    "two 10-minute outages", "Fixed", "Important", "\u0130", "ß",
]  # fmt: skip


@cache
def fragments() -> list[str]:
    """Lines of every document of the corpus, whatever its form."""
    texts = [d.read_bytes().decode("utf-8", "replace") for d in documents_in(ROOT / "corpus")]
    return sorted({line for text in texts for line in text.split("\n") if line.strip()})


def cut(draw: st.DrawFn) -> str:
    line = draw(st.sampled_from(fragments()))
    start = draw(st.integers(0, len(line)))
    return line[start:] if draw(st.booleans()) else line[:start]


@st.composite
def mixtures(draw: st.DrawFn) -> str:
    """Corpus lines, whole and cut, signs that mean something, and any characters at all, in any order."""
    kinds = st.sampled_from([st.sampled_from(fragments()), st.sampled_from(SIGNS), st.text(max_size=8), None])
    parts = [
        cut(draw) if (kind := draw(kinds)) is None else draw(kind)
        for _ in range(draw(st.integers(1, MOST_FRAGMENTS)))
    ]
    return draw(st.sampled_from(["\n", "\n\n", "", " "])).join(parts)


TEXTS = st.one_of(mixtures(), st.text(max_size=200))
FORMS = st.sampled_from([None, *Form])

examples = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def parse_text(text: str, form: Form | None = None) -> ParseResult:
    return parse_bytes(text.encode("utf-8", "surrogatepass"), form)


def parse_bytes(data: bytes, form: Form | None = None) -> ParseResult:
    return parse(read(data, "text", form), load())


def printed(text: str, form: Form | None = None) -> str:
    """The parse as it is printed, or the error that a user is shown."""
    try:
        return json.dumps(as_json(parse_text(text, form)))
    except RelnotesError as error:
        return str(error)


@examples
@given(TEXTS, FORMS)
def test_any_text_is_parsed_whole_or_refused_with_our_error(text: str, form: Form | None) -> None:
    try:
        result = parse_text(text, form)
    except RelnotesError:
        return
    check(result)


@examples
@given(st.binary(max_size=300), FORMS)
def test_any_bytes_are_parsed_whole_or_refused_with_our_error(data: bytes, form: Form | None) -> None:
    try:
        result = parse_bytes(data, form)
    except RelnotesError:
        return
    check(result)


@examples
@given(TEXTS, FORMS)
def test_the_kind_of_line_end_changes_nothing(text: str, form: Form | None) -> None:
    text = re.sub(r"\r\n?", "\n", text)
    assert printed(text.replace("\n", "\r\n"), form) == printed(text, form)


@examples
@given(TEXTS, FORMS)
def test_the_same_text_gives_the_same_parse(text: str, form: Form | None) -> None:
    assert printed(text, form) == printed(text, form)


@examples
@given(mixtures())
def test_an_entry_taken_out_of_its_document_keeps_what_it_says(text: str) -> None:
    try:
        result = parse_text(text, Form.TEXT)
    except RelnotesError:
        return
    for entry in result.entries:
        taken = entry.rebased()
        own = result.document.text[entry.span.start : entry.span.end]
        assert taken.span.start == 0
        assert [m.span.of(own) for m in taken.products] == [
            m.span.of(result.document.text) for m in entry.products
        ]


@pytest.mark.parametrize("document", [d.document for d in every_labelled()], ids=lambda path: path.name)
def test_a_real_document_is_parsed_whole(document: Path) -> None:
    check(parsed(document))


@pytest.mark.parametrize("form", list(Form))
def test_a_document_that_is_cut_anywhere_is_parsed_whole_or_refused(form: Form) -> None:
    for document in every_labelled()[::5]:
        data = document.document.read_bytes()
        for end in range(1, len(data), max(1, len(data) // 7)):
            try:
                check(parse_bytes(data[:end], form))
            except RelnotesError:
                continue


PRINT_ALL = """
import hashlib, json, sys
from ingest.contract import as_json
from ingest.lexicon import load
from ingest.pipeline import parse
from ingest.readers import read
for path in sys.argv[1:]:
    result = as_json(parse(read(open(path, "rb").read(), "document"), load()))
    print(hashlib.sha256(json.dumps(result).encode()).hexdigest())
"""


def test_another_process_with_another_hash_seed_gives_the_same_parse() -> None:
    paths = [str(path) for path in documents_in(ROOT / "corpus")]
    home = str(Path(ingest.__file__).parent.parent)
    runs = {
        subprocess.run(
            [sys.executable, "-c", PRINT_ALL, *paths],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": home},
            check=True, capture_output=True, text=True,
        ).stdout
        for seed in ("1", "2", "77")
    }  # fmt: skip
    assert len(runs) == 1
    assert len(runs.pop().split()) == len(paths)
