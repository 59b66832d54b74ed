"""Can words, vendors and languages be added as data, and is a broken pack refused with its name and key?"""

from __future__ import annotations

from pathlib import Path

import pytest
from reading import entry, shown

from ingest.errors import PackError
from ingest.lexicon import load


def pack(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('code = "xx"\ncolour = "red"\n', r"^xx\.toml: unknown key 'colour'"),
        ('code = "xx"\n[clock]\ntea = ["five"]\n', r"^xx\.toml \[clock\]: unknown key 'tea'"),
        (
            'code = "xx"\n[types.feature]\nheading = ["new"]\n',
            r"^xx\.toml \[types\.feature\]: unknown key 'heading'",
        ),
        ('code = "xx"\n[types.novelty]\ntitle = ["new"]\n', r"^xx\.toml \[types\]: unknown key 'novelty'"),
        ('code = "xx"\n[clock]\nam = "am"\n', r"^xx\.toml \[clock\] am: must be a list of words"),
        ('code = "xx"\n[clock]\nam = [1]\n', r"^xx\.toml \[clock\] am: must be a list of words"),
        ('code = "xx"\n[clock]\nam = [""]\n', r"^xx\.toml \[clock\] am: must be a list of words"),
        ('code = "xx"\nclock = 3\n', r"^xx\.toml \[clock\]: must be a table"),
        (
            'code = "xx"\n[calendar]\nmonths = [["eins"]]\n',
            r"^xx\.toml \[calendar\] months: needs 12 lists, has 1",
        ),
        ('code = "xx"\n[zones]\nXYZ = {}\n', r"^xx\.toml: zone XYZ lacks `offset`"),
        ("[clock]\n", r"^xx\.toml: lacks `code`"),
        ("code = \n", r"^xx\.toml: is no readable pack"),
        ('vendor = "acme"\nprice = 3\n', r"^xx\.toml: unknown key 'price'"),
        (
            'vendor = "acme"\n[products]\n"Anvil" = { nickname = ["A"] }\n',
            r"^xx\.toml \[products\] Anvil: unknown key",
        ),
        ('vendor = "acme"\ndetect = "Acme"\n', r"^xx\.toml detect: must be a list of words"),
        ("vendor = 3\n", r"^xx\.toml: `vendor` is no name"),
        ('vendor = "acme"\nproducts = 3\n', r"^xx\.toml \[products\]: must be a table"),
        ('vendor = "acme"\nendpoints = 3\n', r"^xx\.toml endpoints: must be a list of lists"),
        ('vendor = "acme"\nendpoints = ["List"]\n', r"^xx\.toml endpoints: must be a list of words"),
        ('vendor = "digicert"\n', r"^xx\.toml: vendor 'digicert' is another pack's too"),
        ('code = "fr"\n', r"^xx\.toml: code 'fr' is another pack's too"),
        ('code = "xx"\nzones = 3\n', r"^xx\.toml \[zones\]: must be a table"),
        ('code = "xx"\n[zones]\nXYZ = { offset = 60, place = 3 }\n', r"^xx\.toml: zone XYZ is malformed"),
        ('code = "xx"\n[numbers]\neins = "1"\n', r"^xx\.toml \[numbers\]: eins is no number"),
        ('code = "xx"\n[calendar]\nmonths = 3\n', r"^xx\.toml \[calendar\] months: must be 12 lists"),
        ('code = "xx"\nlabels = 3\n', r"^xx\.toml \[labels\]: must be a table"),
        ('code = "xx"\ntypes = { feature = 3 }\n', r"^xx\.toml \[types\.feature\]: must be a table"),
    ],
)
def test_a_broken_pack_is_refused_with_its_file_and_key(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PackError, match=told):
        load(pack(tmp_path, "xx.toml", text))


def test_a_pack_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "xx.toml").write_bytes(b'code = "\xff\xfe"')
    with pytest.raises(PackError, match=r"^xx\.toml: is no readable pack"):
        load(tmp_path)


def test_a_product_added_to_a_vendor_pack_is_found(tmp_path: Path) -> None:
    text = "Acme Foundry: Anvil Cloud\nYou can now order from Anvil Cloud and the Anvil Portal.\n"
    assert entry(text).products == ()
    pack(tmp_path, "acme.toml", 'vendor = "acme"\ndetect = ["Acme"]\n[products]\n"Anvil Cloud" = {}\n')
    assert [m.name for m in entry(text, tmp_path).products] == ["Anvil Cloud"]


def test_an_alias_is_told_by_its_canonical_name(tmp_path: Path) -> None:
    text = "Acme Foundry: portal\nYou can now order from the ANVIL PORTAL.\n"
    table = '"Anvil Cloud" = { any_case = true, aliases = ["anvil portal"] }'
    pack(tmp_path, "acme.toml", f'vendor = "acme"\ndetect = ["Acme"]\n[products]\n{table}\n')
    assert [m.name for m in entry(text, tmp_path).products] == ["Anvil Cloud"]


def test_an_endpoint_added_to_a_vendor_pack_is_found_in_both_languages(tmp_path: Path) -> None:
    text = "Acme API: faster\nWe updated the Forge anvil and Forger une enclume endpoints.\n"
    names = 'endpoints = [["Forge anvil", "Forger une enclume"]]'
    pack(tmp_path, "acme.toml", f'vendor = "acme"\ndetect = ["Acme"]\n{names}\n')
    assert [m.name for m in entry(text, tmp_path).endpoints] == ["Forge anvil", "Forger une enclume"]


DUTCH = """
code = "nl"

[calendar]
months = [["januari"], ["februari"], ["maart"], ["april"], ["mei"], ["juni"], ["juli"], ["augustus"],
  ["september"], ["oktober"], ["november"], ["december"]]
weekdays = [["maandag"], ["dinsdag"], ["woensdag"], ["donderdag"], ["vrijdag"], ["zaterdag"], ["zondag"]]

[clock]
hour_marks = ["uur"]
range = ["tot"]
glue = ["op", "van", "om"]

[units]
minutes = ["minuten"]

[numbers]
twee = 2

[zones]
"Nederlandse tijd" = { place = "Europe/Amsterdam" }

[language]
stop = ["de", "het", "een", "van", "op", "wij", "en", "onze", "zijn", "tot", "voor"]

[outage]
words = ["onbereikbaar"]

[types.maintenance]
title = ["gepland onderhoud"]
"""
NOTICE = (
    "Gepland onderhoud\nOp zaterdag 5 maart 2022 van 22:00 tot 24:00 uur Nederlandse tijd is er onderhoud.\n"
    "De diensten zijn 15 minuten onbereikbaar.\n"
)


def test_a_language_added_as_a_pack_is_read(tmp_path: Path) -> None:
    told = entry(NOTICE, pack(tmp_path, "nl.toml", DUTCH))
    assert (told.lang, told.type) == ("nl", "maintenance")
    assert shown(told.windows) == ["2022-03-05 21:00 23:00"]
    assert [o.minutes for o in told.outages] == [15]


def test_without_the_pack_its_words_mean_nothing() -> None:
    told = entry(NOTICE)
    assert told.lang != "nl"
    assert shown(told.windows) != ["2022-03-05 21:00 23:00"]
