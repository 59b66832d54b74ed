"""A site's folder and the one at its side: what is written, written again and removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from webapp import compiled
from webapp.labels import labels_in
from webapp.sitefolder import Manifest, SiteFolder
from webapp.theme import Theme


def prepared(tmp_path: Path) -> SiteFolder:
    folder = SiteFolder(tmp_path / "out")
    with folder.locked():
        folder.prepare(Manifest())
    return folder


def test_templates_are_compiled_beside_the_program_or_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, beside, theme = tmp_path / "ours", tmp_path / "beside", Theme(tmp_path)
    monkeypatch.setattr(compiled, "CACHE", ours)
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    for name in ("templates-of-another", "templates-of-old"):
        (ours / name).mkdir(parents=True)
    os.utime(ours / "templates-of-old", (0, 0))
    (ours / "archive.cpython-311.pyc").touch()
    (beside / "templates-of-old").mkdir(parents=True)
    made = compiled.folder(Theme(static=tmp_path), beside)
    assert {path.name for path in ours.iterdir()} == {
        "archive.cpython-311.pyc",
        "templates-of-another",
        made.name,
    }
    assert not list(beside.iterdir())
    assert compiled.folder(Theme(), beside) == made
    assert compiled.folder(theme, beside).parent == beside
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert compiled.folder(Theme(), beside).parent == beside
    assert made.is_dir()


def test_templates_are_compiled_without_a_folder_to_keep_them_in(tmp_path: Path) -> None:
    environment = Theme().environment(labels_in("en"), tmp_path / "gone")
    environment.filters |= {"link": str}
    assert environment.get_template("error.html")
    assert not (tmp_path / "gone").exists()


def test_a_file_of_a_first_site_may_be_written_again(tmp_path: Path) -> None:
    folder = prepared(tmp_path)
    for data in (b"one", b"another"):
        folder.write("a/b.html", data)
    assert [(root / "a/b.html").read_bytes() for root in (folder.side, folder.twin)] == [b"another"] * 2


def test_a_folder_that_was_left_empty_may_be_written_into_again(tmp_path: Path) -> None:
    folder = prepared(tmp_path)
    folder.write("a/b.html", b"one")
    folder.remove(["a/b.html"])
    assert not (folder.side / "a").exists()
    folder.write("a/c.html", b"another")
    assert sorted(path.name for path in (folder.twin / "a").iterdir()) == ["c.html"]


def test_a_site_is_built_where_files_have_one_name_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*names: object) -> None:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(os, "link", refused)
    folder = prepared(tmp_path)
    folder.write("a/b.html", b"one")
    assert not folder.first
    assert (folder.side / "a/b.html").read_bytes() == b"one"
