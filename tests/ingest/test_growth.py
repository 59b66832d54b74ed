"""Does four times the text take four times the work, counted in lines of Python that run?

Counts, unlike times, are the same each time.  `bench/growth.py` measures times, of many more fragments.
"""

from __future__ import annotations

import gc
import sys
from types import FrameType
from typing import Any

import pytest

from ingest.lexicon import load
from ingest.model import Form
from ingest.pipeline import parse
from ingest.readers import read

REPEATED = [
    (Form.TEXT, "---\n"),
    (Form.TEXT, "Note:\n"),
    (Form.TEXT, "Date\nTime\n"),
    (Form.TEXT, "fix\nAb cd\n"),
    (Form.TEXT, "CertCentral: Ab cd\nWe fixed it.\n\n"),
    (Form.TEXT, "Scheduled maintenance\nOn June 4, 2024, 22:00 - 24:00 MDT.\n"),
    (Form.TEXT, "June 4 | 22:00 - 24:00 UTC |\n"),
    (Form.TEXT, "We fixed it in CertCentral, ab cd ef gh ij. "),
    (Form.TEXT, "the order_status field is on_hold or "),
    (Form.TEXT, "down for 5 minutes, "),
    (Form.TEXT, "DigiCert"),
    (Form.TEXT, "June 4, 2024, 22:00 - 24:00 MDT "),
    (Form.TEXT, "until then.The list "),
    (Form.TEXT, "until then.May 1, 2024"),
    (Form.TEXT, "Parameters: a_b, c_d, a_bc_d\n"),
    (Form.TEXT, "Name Type\na string Ab\n"),
    (Form.MARKDOWN, "the endpoint [List orders](/x) (`GET /orders`) "),
    (Form.TEXT, "originally planned for June 7, moved "),
    (Form.TEXT, "Duration: 2 hours\nAb: c\n"),
    (Form.TEXT, "We work twice:\nStep 1: May 4, 2024, 22:00 - 24:00 MDT\n"),
    (Form.TEXT, "| a | b |\n" * 9 + "| May 4, 2024 | 22:00 - 24:00 UTC |\n"),
    (Form.TEXT, "Date\nPlace\nUTC\nMay 4\nLyon\n10:00 - 11:00 UTC\n"),
    (
        Form.TEXT,
        "Maintenance in Europe\nOn May 4, 2024 we work.\nEurope\nOn May 4, 2024, 22:00 - 24:00 MDT.\n",
    ),
    (Form.TEXT, "set a_b to c, d or "),
    (Form.MARKDOWN, "```\nGET /a/b\n```\n\nPOST /a/c the endpoint\n\n"),
    (Form.TEXT, "The API takes limit, sort and a_b. "),
    (Form.TEXT, "API List orders, Get label, "),
    (Form.TEXT, "[added] GET /a has limit.\n\n"),
    (Form.TEXT, 'API GET /a\n{"limit": 1,\n'),
    (Form.MARKDOWN, "[List orders](/a) of the API has `limit`, `sort` "),
    (Form.MARKDOWN, "# a\n"),
    (Form.MARKDOWN, "- a b c\n"),
    (Form.HTML, "<p>a</p>"),
    (Form.HTML, "<div>"),
]


def lines_run(text: str, form: Form) -> int:
    """How many lines of `ingest` run while the text is parsed."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace if "ingest" in frame.f_code.co_filename else None

    lexicon, before = load(), sys.gettrace()
    sys.settrace(trace)
    try:
        parse(read(text.encode(), "text", form), lexicon)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(("form", "fragment"), REPEATED)
def test_work_grows_as_the_text_does(form: Form, fragment: str) -> None:
    times = max(40, 800 // len(fragment))
    lines_run(fragment, form)  # what is remembered for good is found out here
    short, long = (lines_run(fragment * n, form) for n in (times, 4 * times))
    assert long < 5 * short


SAID = "We changed how the list of orders is sorted, and what it shows of each one of them.\n\n"


@pytest.mark.parametrize(
    ("opening", "fragment"),
    [
        ("Version 2.3.1\n\n", SAID),
        ("# News\n\n", f"### New endpoints\n\nList orders\n\n{SAID}"),
        ("Date\nTime\n", "Saturday, January 7, 2023\n22:00 - 24:00 MST\nNo planned downtime\n"),
        ("", f"A title of some kind\nScheduled\nMay 2, 2025, 22:00 - 24:00 UTC\n{SAID}"),
    ],
)
def test_work_grows_as_the_text_below_an_opening_does(opening: str, fragment: str) -> None:
    form = Form.MARKDOWN if opening.startswith("#") else Form.TEXT
    lines_run(opening + fragment, form)
    short, long = (lines_run(opening + fragment * n, form) for n in (40, 160))
    assert long < 5 * short


def test_a_parse_leaves_nothing_for_the_collector() -> None:
    """It pauses the collector of reference cycles, so it must not make any."""
    document = read("".join(fragment for form, fragment in REPEATED if form is Form.TEXT).encode(), "text")
    parse(document, load())
    gc.collect()
    parse(document, load())
    assert gc.isenabled()
    assert gc.collect() == 0
