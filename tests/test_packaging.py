"""Does everything travel in the wheel, and does the installed command answer?"""

from __future__ import annotations

import re
import tomllib
import zipfile
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ingest", "index", "webapp", "corpus")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def travelling(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of the wheel, by path."""
    folder = tmp_path_factory.mktemp("dist")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def written(package: str) -> set[str]:
    """The files of a package as they stand in the checkout, but for what Python leaves there."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_a_package_travels(package: str, travelling: set[str]) -> None:
    assert written(package) - travelling == set()


@pytest.mark.parametrize(
    "pattern",
    [
        r"ingest/packs/en\.toml",
        r"ingest/packs/fr\.toml",
        r"ingest/packs/digicert\.toml",
        r"webapp/templates/.+\.html",
        r"webapp/static/.+\.css",
        r"corpus/relnotes\.toml",
        r"corpus/.+\.txt",
    ],
)
def test_packs_pages_and_corpus_are_among_them(pattern: str, travelling: set[str]) -> None:
    assert any(re.fullmatch(pattern, name) for name in travelling)


def test_nothing_else_travels(travelling: set[str]) -> None:
    tops = {name.split("/")[0] for name in travelling}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)


def test_the_installed_command_is_this_one() -> None:
    (script,) = entry_points(group="console_scripts", name="relnotes")
    assert script.value == PROJECT["scripts"]["relnotes"]
    assert callable(script.load())
    assert version("relnotes") == PROJECT["version"]


def test_the_search_engine_is_pinned() -> None:
    assert [line for line in PROJECT["dependencies"] if line.startswith("whoosh")] == ["whoosh3==3.54.0"]
