"""Imports run downhill only, and each library keeps to its room."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEIGHT = {"ingest": 0, "index": 1, "webapp": 2}
HOME = {"whoosh": "index", "sqlite3": "index", "flask": "webapp", "jinja2": "webapp", "click": "webapp"}
DISTRIBUTION = {
    "ahocorasick": "pyahocorasick",
    "bs4": "beautifulsoup4",
    "markdown_it": "markdown-it-py",
    "whoosh": "whoosh3",
}
MODULES = sorted(path for package in HEIGHT for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The absolute dotted names that a module imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: imports are absolute here"
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return names


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_every_package_is_walked() -> None:
    assert {room(path) for path in MODULES} == set(HEIGHT)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_run_downhill(path: Path) -> None:
    rooms = {name.split(".")[0] for name in imported(path)} & set(HEIGHT)
    assert {other for other in rooms if HEIGHT[other] > HEIGHT[room(path)]} == set()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_libraries_keep_to_their_room(path: Path) -> None:
    foreign = {name.split(".")[0] for name in imported(path)} & set(HOME)
    assert {library for library in foreign if HOME[library] != room(path)} == set()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_nothing_reaches_for_tests_or_benchmarks(path: Path) -> None:
    assert {name.split(".")[0] for name in imported(path)}.isdisjoint({"tests", "bench"})


def test_types_and_errors_import_nothing_of_ours() -> None:
    for name in ("ingest/model.py", "ingest/errors.py"):
        assert {other for other in imported(ROOT / name) if other.split(".")[0] in HEIGHT} == set(), name


def test_readers_and_grammar_do_not_know_the_pipeline() -> None:
    below = [*(ROOT / "ingest" / "readers").glob("*.py"), ROOT / "ingest" / "grammar.py"]
    for path in below:
        assert not any(name.startswith("ingest.pipeline") for name in imported(path)), named(path)


def test_the_core_reads_no_clock_and_draws_no_random_number() -> None:
    """Same input, same output: what would vary from run to run is not even imported."""
    for path in MODULES:
        if room(path) == "ingest":
            assert imported(path).isdisjoint({"time", "random", "uuid", "secrets"}), named(path)
            assert "now(" not in path.read_text(encoding="utf-8"), named(path)


# sources; packs; the profiles of langdetect; the learned weights
READ_FILES = {"fetch.py", "packfile.py", "language.py", "wording.py", "scales.py"}


def test_only_these_open_files_in_ingest() -> None:
    openers = {"read_bytes", "read_text", "open", "write_text", "write_bytes"}
    for path in MODULES:
        if room(path) != "ingest" or path.name in READ_FILES:
            continue
        calls = {_called(node) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))}
        assert calls.isdisjoint(openers), named(path)


def _called(node: ast.AST) -> str | None:
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else None


def test_every_imported_library_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[=<>~]", line)[0] for line in project["dependencies"]}
    known = sys.stdlib_module_names | set(HEIGHT) | {"corpus"}
    for path in MODULES:
        for library in {name.split(".")[0] for name in imported(path)} - known:
            wanted = DISTRIBUTION.get(library, library.replace("_", "-"))
            assert wanted in declared, f"{named(path)} imports {library}"
