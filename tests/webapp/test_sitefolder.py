"""A site's folder and the one at its side: what is written, written again and removed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from webapp.sitefolder import Manifest, SiteFolder


def prepared(tmp_path: Path) -> SiteFolder:
    folder = SiteFolder(tmp_path / "out")
    with folder.locked():
        folder.prepare(Manifest())
    return folder


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
