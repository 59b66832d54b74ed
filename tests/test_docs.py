"""Does the documentation name what there is, and nothing that there is not?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from commandline import FRENCH, LOG

from index.query import FACETS
from index.search import Searcher
from index.store import Store
from ingest import lexicon
from ingest.contract import as_json
from ingest.model import DateBasis, DiagnosticCode, EntryType, Form, Status
from ingest.pipeline import parse
from ingest.readers import read
from webapp.cli import COMMANDS, relnotes

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def named(name: str) -> set[str]:
    """Every word that a page sets as code."""
    spans = re.findall(r"`([^`\n]+)`", page(name))
    return {word for span in spans for word in (span, *re.split(r"[\s,=]+", span))}


def section(command: str) -> str:
    """What docs/commands.md says of one command."""
    parts = re.split(r"^## `relnotes (\w+)", page("commands.md"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[command]


def options(command: click.Command) -> set[str]:
    return {name for option in command.params if isinstance(option, click.Option) for name in option.opts}


def commands() -> dict[str, click.Command]:
    context = click.Context(relnotes)
    return {name: found for name in COMMANDS if (found := relnotes.get_command(context, name))}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_is_documented_and_no_other(command: str) -> None:
    cells = re.findall(r"^\| (`--.+?) \|", section(command), re.M)
    assert {name for cell in cells for name in re.findall(r"--\w[\w-]*", cell)} == options(
        commands()[command]
    )


def test_every_option_of_the_group_is_documented() -> None:
    head = page("commands.md").split("\n## ")[0]
    assert options(relnotes) == {"--data", "--packs", "--version"}
    variables = ("RELNOTES_DATA", "RELNOTES_PACKS")
    assert all(f"`{name}" in head for name in (*options(relnotes), "--help", *variables))


def test_every_filter_of_the_query_language_is_documented() -> None:
    language = section("search").split("### The query language")[1]
    assert all(f"{facet}:" in language for facet in (*FACETS, "since", "until"))


def keys(value: Any) -> Iterator[str]:
    """Every field name in a JSON value, at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def test_every_field_of_the_parse_is_documented() -> None:
    from webapp.commands.explain import evidence_json

    wrong = LOG.replace("04:00 - 06:00 UTC", "05:00 - 07:00 UTC")
    result = parse(read(wrong.encode(), "log.txt"), lexicon.load())
    evidence = [evidence_json(result.document, entry) for entry in result.entries]
    fields = {*keys(as_json(result)), *keys(evidence), "evidence"}
    assert "message" in fields, "the sample must raise a diagnostic"
    assert fields - named("contract.md") == set()


def test_every_field_of_a_search_is_documented(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from index.build import update
    from index.query import SearchRequest
    from webapp.commands.search import answer

    with Store.open(tmp_path) as store:
        result = parse(read((LOG + FRENCH).encode(), "log.txt"), lexicon.load())
        store.ingest(result, datetime(2024, 1, 1, tzinfo=UTC), "log")
        update(store, tmp_path / "index")
        found = Searcher(store, tmp_path / "index").search(SearchRequest("maintenance"))
        fields = set(keys(answer(found)))
    assert {"passage", "marks", "windows", "count"} <= fields
    assert fields - named("contract.md") == set()


def test_every_field_of_a_sync_is_documented() -> None:
    from index.checks import Outcome
    from webapp.commands.sync import as_json as synced_json
    from webapp.following.sync import Synced

    told = {*keys(synced_json(Synced("a", Outcome.CHANGED))), *map(str, Outcome), "sources"}
    assert told - named("contract.md") == set()


def test_every_field_of_a_notification_is_documented(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from index.outbox import Event, Kind
    from webapp.commands.notify import heard_json
    from webapp.configuration import Receiver
    from webapp.following.notification import headers, notification
    from webapp.following.notify import Told

    now = datetime(2024, 1, 1, tzinfo=UTC)
    with Store.open(tmp_path) as store:
        (one, *_) = store.ingest(parse(read(LOG.encode(), "log.txt"), lexicon.load()), now, "log").new
        stored = store.get(one)
        assert stored
        event = Event(1, Kind.NEW, one, 1, now)
        body = notification(Receiver("team"), event, stored, store.revisions(one))
    fields = {*keys(body), *keys(heard_json(Told("team"))), *map(str, Kind), *headers("1", b"", now, b"s")}
    assert fields - named("contract.md") == {"Content-Type"}


@pytest.mark.parametrize("values", [EntryType, Status, Form, DateBasis, DiagnosticCode])
def test_every_value_of_a_closed_list_is_documented(values: Any) -> None:
    assert {*map(str, values)} - named("contract.md") == set()


def test_every_key_of_the_configuration_is_documented_and_no_other() -> None:
    from webapp import configuration

    kinds = {
        "The file": configuration.File,
        "sources": configuration.Source,
        "notify": configuration.Receiver,
    }
    for title, kind in kinds.items():
        (part,) = re.findall(
            rf"^## `?\[*{title}\]*`?$(.*?)(?=^## |\Z)", page("configuration.md"), re.M | re.S
        )
        cells = re.findall(r"^\| (`.+?) \|", part, re.M)
        assert {key for cell in cells for key in re.findall(r"`(\w+)`", cell)} == set(kind.__struct_fields__)


def test_the_configuration_in_the_docs_is_sound(tmp_path: Path) -> None:
    from webapp.configuration import load

    (example,) = re.findall(r"^```toml\n(.*?)^```", page("configuration.md"), re.M | re.S)
    (tmp_path / "relnotes.toml").write_text(example, encoding="utf-8")
    assert len(load(tmp_path / "relnotes.toml").sources) == 2


def modules() -> set[str]:
    found = (path for package in ("ingest", "index", "webapp") for path in (ROOT / package).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix() for path in found if path.name != "__init__.py"}


def test_the_architecture_names_every_module() -> None:
    assert modules() - named("architecture.md") == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_files_that_the_docs_name_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    ours = r"`((?:ingest|index|webapp|corpus|tests|docs|bench|\.ci)/[\w./-]*)`"
    assert [name for name in re.findall(ours, text) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([\w-]+))?\)", text):
        aim = path.parent / target if target else path
        assert aim.exists(), target
        if anchor:
            assert anchor in anchors(aim), f"{target}#{anchor}"


def anchors(path: Path) -> set[str]:
    """The anchors that a page's headings make."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


def code(readme: str) -> list[str]:
    """The lines of the README's shell blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```", readme, re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_the_first_two_lines_of_code_set_up_and_test() -> None:
    first, second, *_ = code((ROOT / "README.md").read_text(encoding="utf-8"))
    assert first.startswith("python3.11 -m venv")
    assert ".[test]" in first
    assert first.endswith("relnotes demo")
    assert second.endswith("pytest --cov --numprocesses auto")
    assert 'pytest" --cov --numprocesses auto' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_commands_of_the_readme_are_real() -> None:
    for line in code((ROOT / "README.md").read_text(encoding="utf-8")):
        words = line.split("#")[0].split()
        if words[0] != "relnotes":
            continue
        words = words[3:] if words[1] == "--data" else words[1:]
        assert words[0] in COMMANDS, line
        assert {word for word in words if word.startswith("--")} <= options(commands()[words[0]]), line


def test_every_test_that_the_docs_name_is_there() -> None:
    told = {name for path in PAGES for name in re.findall(r"`(test_\w+)`", path.read_text("utf-8"))}
    written = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert {name for name in told if f"def {name}(" not in written} == set()
    assert len(told) > 15
