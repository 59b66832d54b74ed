"""Are the bundled packs whole, described, and out of each other's way?"""

from __future__ import annotations

import json
import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from ingest.contract import as_json
from ingest.errors import PackError
from ingest.lexicon import Lexicon, load
from ingest.model import EntryType
from ingest.packfile import TYPE_KEYS, WORD_SECTIONS
from ingest.pipeline import parse
from ingest.readers import read

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT / "tests" / "documents"
PACKS = {
    Path(f.name).stem: tomllib.loads(f.read_text(encoding="utf-8"))
    for f in files("ingest.packs").iterdir()
    if f.name.endswith(".toml")
}
LANGUAGES = {name: pack for name, pack in PACKS.items() if "code" in pack}
VENDORS = {name: pack for name, pack in PACKS.items() if "vendor" in pack}
CORPUS = sorted(
    p for p in (ROOT / "corpus").iterdir() if p.suffix in (".txt", ".md", ".html", ".rss", ".atom")
)


def without(tmp_path: Path, *names: str) -> Lexicon:
    """The bundled packs, those named emptied by a file of the same name in a folder of one's own."""
    for name in names:
        line = f'code = "{name}"' if name in LANGUAGES else f'vendor = "{name}"'
        (tmp_path / f"{name}.toml").write_text(line, encoding="utf-8")
    return load(tmp_path)


def entries(path: Path, lexicon: Lexicon) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = as_json(parse(read(path.read_bytes(), path.name), lexicon))["entries"]
    return found


# -- whole -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(LANGUAGES.keys() - {"en", "fr"}))
def test_a_further_language_has_every_key(name: str) -> None:
    pack = LANGUAGES[name]
    here = {(section, key) for section in WORD_SECTIONS for key in pack[section]}
    assert {(section, key) for section, keys in WORD_SECTIONS.items() for key in keys} <= here
    assert {kind: tuple(parts) for kind, parts in pack["types"].items()} == dict.fromkeys(
        EntryType, TYPE_KEYS
    )
    assert {"months", "weekdays"} <= set(pack["calendar"])
    assert all(pack[table] for table in ("zones", "numbers", "labels", "groups"))


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_is_called_as_its_file(name: str) -> None:
    assert PACKS[name].get("code", PACKS[name].get("vendor")) == name


def phrases(pack: dict[str, Any]) -> dict[str, set[str]]:
    """The words of labels, groups and type cues, by the type that they speak for."""
    return {
        kind: {
            word.lower()
            for words in (
                pack["labels"].get(kind, []),
                pack["groups"].get(kind, []),
                pack["types"][kind]["title"],
                pack["types"][kind]["lead"],
            )
            for word in words
        }
        for kind in map(str, EntryType)
    }


def test_no_german_word_speaks_for_another_type_elsewhere() -> None:
    ours = phrases(LANGUAGES["de"])
    for name in LANGUAGES.keys() - {"de"}:
        theirs = phrases(LANGUAGES[name])
        clashes = [(word, a, b) for a in ours for b in theirs if a != b for word in ours[a] & theirs[b]]
        assert clashes == []


def test_common_words_tell_german_from_the_others() -> None:
    german = set(LANGUAGES["de"]["language"]["stop"])
    assert [german & set(LANGUAGES[name]["language"]["stop"]) for name in ("en", "fr")] == [set(), set()]


# -- out of each other's way -----------------------------------------------------------------------


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_a_further_pack_changes_nothing_in_texts_of_others(path: Path, tmp_path: Path) -> None:
    assert entries(path, load()) == entries(path, without(tmp_path, "de", "ovhcloud"))


# -- read ------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def labelled(path: Path) -> list[dict[str, Any]]:
    gold: list[dict[str, Any]] = json.loads(
        path.with_suffix("").with_suffix(".gold.json").read_text("utf-8")
    )["entries"]
    return gold


def comparable(value: Any) -> Any:
    """A field's value in the one order and form in which both sides write it; hours to the minute."""
    if not isinstance(value, list):
        return value
    return sorted(f"{v['start'][:16]} {v['end'][:16]}" if isinstance(v, dict) else str(v) for v in value)


def told(path: Path, field: str) -> list[Any]:
    """What the labels say of each entry, by where it starts; labels without the field left out."""
    return [(e["start"], comparable(e[field])) for e in labelled(path) if field in e]


def found(path: Path, field: str) -> list[Any]:
    """What the parser finds for the entries that have a label."""
    known = [start for start, _ in told(path, field)]
    return [(e["start"], comparable(e[field])) for e in entries(path, load()) if e["start"] in known]


LOG = DOCUMENTS / "german" / "protokoll-2022.txt"
NOTES = DOCUMENTS / "german" / "kranbach-versionshinweise.md"
HOST = DOCUMENTS / "vendors" / "ovhcloud-2024.txt"


@pytest.mark.parametrize("field", ["type", "lang", "products", "status", "outage_minutes", "published"])
@pytest.mark.parametrize("path", [LOG, NOTES, HOST], ids=lambda path: path.name)
def test_what_the_labels_say_is_found(path: Path, field: str) -> None:
    if told(path, field):
        assert found(path, field) == told(path, field)


@pytest.mark.parametrize("field", ["windows", "effective", "endpoints"])
@pytest.mark.parametrize("path", [NOTES, HOST], ids=lambda path: path.name)
def test_days_hours_and_calls_are_found(path: Path, field: str) -> None:
    assert found(path, field) == told(path, field)


def test_without_the_vendor_pack_everything_but_products_is_found(tmp_path: Path) -> None:
    bare = entries(HOST, without(tmp_path, "ovhcloud"))
    assert [e["products"] for e in bare] == [[]] * len(labelled(HOST))
    assert [e["type"] for e in bare] == [e["type"] for e in labelled(HOST)]


# -- described -------------------------------------------------------------------------------------


def rows(page: str) -> dict[str, set[str]]:
    """The keys in the tables of a page, by the heading above them."""
    parts = re.split(r"^##+ (.+)$", (ROOT / "docs" / page).read_text(encoding="utf-8"), flags=re.M)
    return {
        head.strip("`[]"): set(re.findall(r"^\| `(\w+)` \|", text, re.M))
        for head, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def test_every_key_of_a_language_is_described_and_no_other() -> None:
    described = rows("adding-a-language.md")
    assert {section: described[section] for section in WORD_SECTIONS} == {
        section: {*keys, *(("months", "weekdays") if section == "calendar" else ())}
        for section, keys in WORD_SECTIONS.items()
    }
    assert described["types.<type>"] == {*TYPE_KEYS}


@pytest.mark.parametrize("section", ["zones", "numbers", "labels", "groups"])
def test_every_table_with_free_keys_is_described(section: str) -> None:
    assert f"`[{section}]`" in (ROOT / "docs" / "adding-a-language.md").read_text(encoding="utf-8")


def known_keys(folder: Path, text: str) -> set[str]:
    """The keys that the complaint about an unknown one lists."""
    folder.mkdir()
    (folder / "odd.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as complaint:
        load(folder)
    return set(str(complaint.value).rsplit("known are ", 1)[1].split(", "))


def test_every_key_of_a_vendor_is_described_and_no_other(tmp_path: Path) -> None:
    keys = known_keys(tmp_path / "pack", 'vendor = "odd"\nodd = 1')
    keys |= known_keys(tmp_path / "product", 'vendor = "odd"\n[products.X]\nodd = 1')
    assert rows("adding-a-vendor.md")["Every key"] == keys
