"""What changed, word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from webapp.text import shown
from webapp.worddiff import Kind, word_diff


def read(old: str, new: str) -> list[tuple[str, str]]:
    return [(part.kind.value, part.text) for part in word_diff(old, new)]


def test_a_changed_date() -> None:
    assert read("On May 7, 2022.", "On May 14, 2022.") == [
        ("same", "On May "),
        ("del", "7"),
        ("ins", "14"),
        ("same", ", 2022."),
    ]


def test_far_away_text_is_left_out() -> None:
    far = "word " * 50
    parts = read(f"{far}old {far}", f"{far}new {far}")
    assert [kind for kind, _ in parts] == ["skipped", "same", "del", "ins", "same", "skipped"]


@given(
    st.text(st.sampled_from("ab \n.\x00"), max_size=30), st.text(st.sampled_from("ab \n.\x00"), max_size=30)
)
def test_both_texts_can_be_read_from_it(old: str, new: str) -> None:
    parts = word_diff(old, new)
    if not any(part.kind is Kind.SKIPPED for part in parts):
        assert "".join(p.text for p in parts if p.kind is not Kind.ADDED) == shown(old)
        assert "".join(p.text for p in parts if p.kind is not Kind.REMOVED) == shown(new)


def test_long_texts_are_compared_by_line() -> None:
    lines = [f"line {number} of a long text\n" for number in range(2000)]
    changed = [*lines[:1000], "another line\n", *lines[1001:]]
    assert ("del", lines[1000]) in read("".join(lines), "".join(changed))
