"""Every message of the interface is translated, and nothing else stands in the catalogues."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from webapp.catalogue import DEFAULT, LANGUAGES, path_of
from webapp.labels import labels_in
from webapp.sayings import recognised

ROOT = Path(__file__).resolve().parents[2]
OTHERS = [language for language in LANGUAGES if language != DEFAULT]
PLACE = re.compile(r"%\(\w+\)s|</?\w+|href|<code>.*?</code>")


def said() -> dict[str, tuple[str, ...]]:
    """Every message in code and templates, singular and plural, by the singular."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rules = project["tool"]["babel"]["mappings"]
    methods = [(rule["pattern"], rule["method"]) for rule in rules]
    options = {
        rule["pattern"]: {k: v for k, v in rule.items() if k in ("trimmed", "extensions")} for rule in rules
    }
    keywords = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2)}
    found: dict[str, tuple[str, ...]] = {}
    for _, _, message, *_ in extract_from_dir(ROOT, methods, options, keywords=keywords):
        forms = (message,) if isinstance(message, str) else tuple(message)
        assert found.setdefault(forms[0], forms) == forms, f"two plurals of {forms[0]!r}"
    return found


@pytest.fixture(scope="module")
def messages() -> dict[str, tuple[str, ...]]:
    return said()


def kept(language: str) -> Catalog:
    with path_of(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def test_french_is_spoken() -> None:
    assert "fr" in OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_holds_what_is_said(language: str, messages: dict[str, tuple[str, ...]]) -> None:
    catalogue = kept(language)
    written = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue if m.id}
    advice = "docs/adding-a-language.md says how to bring the catalogue up to date"
    assert set(messages) - written == set(), advice
    assert written - set(messages) == set(), advice
    assert not catalogue.obsolete
    assert [m.id for m in catalogue if m.fuzzy and m.id] == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_is_whole(language: str) -> None:
    """All forms are written, and hold the same values and markup as the message."""
    catalogue = kept(language)
    for message in catalogue:
        if not message.id:
            continue
        ids = (message.id,) if isinstance(message.id, str) else message.id
        strings = forms(message)
        assert len(strings) == (catalogue.num_plurals if len(ids) > 1 else 1), ids
        for string in strings:
            assert string.strip(), ids
            assert sorted(PLACE.findall(string)) == sorted(PLACE.findall(ids[-1])), ids


def sentences(path: str, *calls: str) -> Iterator[str]:
    """What a module says in these calls, `7` for each value."""
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in calls:
            yield from _spoken(node.args)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "message":
            yield from _spoken([node.value])


def _spoken(arguments: list[ast.expr]) -> Iterator[str]:
    for argument in arguments:
        if isinstance(argument, ast.JoinedStr):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "7" for v in argument.values)
        elif isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield argument.value


BELOW = [
    ("index/querylang.py", "self.hint"),
    ("index/search.py", "self.hints.append"),
    ("index/conflicts.py", "Diagnostic"),
    ("ingest/windows.py", "Diagnostic"),
    ("ingest/dates.py", "Diagnostic"),
    ("ingest/pipeline.py", "Diagnostic"),
]


@pytest.mark.parametrize(("path", "call"), BELOW, ids=[path for path, _ in BELOW])
def test_what_the_rooms_below_say_is_known(path: str, call: str) -> None:
    found = list(sentences(path, call))
    assert found, path
    assert [sentence for sentence in found if recognised(sentence) is None] == []


def test_a_sentence_of_below_is_said_in_french() -> None:
    french = labels_in("fr")
    assert french.say("no entry has the product “X 100%”") == "aucune entrée n’a product «\u00a0X 100%\u00a0»"
    said = french.say("2022-06-05 is a Sunday, not the weekday that is printed")
    assert said == "le 2022-06-05 est un dimanche, pas le jour de semaine imprimé"
    assert french.say("never heard of") == "never heard of"
    assert labels_in("en").say("a bracket is not closed") == "a bracket is not closed"


def test_numbers_take_the_plural_of_their_language() -> None:
    said = {code: [labels_in(code).entries(number) for number in (0, 1, 2, 1234)] for code in ("en", "fr")}
    assert said["en"] == ["0 entries", "1 entry", "2 entries", "1,234 entries"]
    assert said["fr"] == ["0 entrée", "1 entrée", "2 entrées", "1\u202f234 entrées"]
