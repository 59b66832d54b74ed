"""What does a user see of each command?"""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from commandline import FRENCH, LOG, environment
from webserver import WebServer, reply

import corpus
from webapp.cli import COMMANDS, run

CORPUS = Path(corpus.__file__).parent
Run = Callable[..., str]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command that must succeed, in a folder with two change logs; gives what it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RELNOTES_DATA", raising=False)
    (tmp_path / "log.txt").write_text(LOG, encoding="utf-8")
    (tmp_path / "journal.txt").write_text(FRENCH, encoding="utf-8")

    def call(*arguments: str) -> str:
        status = run([*arguments])
        said = capsys.readouterr()
        assert status == 0, said.err
        return said.out

    return call


@pytest.fixture
def stored(cli: Run) -> Run:
    """The same, with both logs ingested into `./data`."""
    cli("ingest", "log.txt", "journal.txt")
    return cli


def search(cli: Run, *arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(cli("search", *arguments, "--json"))
    return answer


def titles(cli: Run, *arguments: str) -> list[str]:
    return [hit["title"] for hit in search(cli, *arguments)["hits"]]


# -- parse -----------------------------------------------------------------------------------------


def test_parse_shows_what_an_entry_states(cli: Run) -> None:
    said = cli("parse", "log.txt")
    assert "5:1     maintenance  en  Scheduled maintenance on April 20, 2024\n" in said
    assert "windows    2024-04-21 04:00 to 2024-04-21 06:00 UTC\n" in said
    assert "parameters domain_locking_status\n" in said
    assert said.endswith("log.txt: 3 entries\n")


def test_parse_explains_with_rule_place_and_characters(cli: Run) -> None:
    said = cli("parse", "log.txt", "--explain")
    assert re.search(r"window: 2024-04-21T04:00Z/2024-04-21T06:00Z  .+ at 6:\d+: April 20, 2024, 22:00", said)
    assert re.search(r"parameter: domain_locking_status  .+ at 2:14: domain_locking_status\n", said)
    assert re.search(r"cue: type:maintenance \+\d", said)


def test_parse_reads_packs_of_ones_own(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "packs").mkdir()
    pack = 'vendor = "acme"\ndetect = ["Acme Foundry"]\n[products]\n"Anvil Cloud" = {}\n'
    (tmp_path / "packs" / "acme.toml").write_text(pack, encoding="utf-8")
    (tmp_path / "acme.txt").write_text("Acme Foundry: Anvil Cloud\nYou can now order from Anvil Cloud.\n")
    assert "products   Anvil Cloud" in cli("--packs", "packs", "parse", "acme.txt", "--vendor", "acme")
    assert "Anvil Cloud\n" not in cli("parse", "acme.txt").partition("products")[2]


def test_a_broken_pack_is_told_in_one_line(
    cli: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "packs").mkdir()
    assert run(["--packs", "packs", "parse", "log.txt"]) == 1
    said = capsys.readouterr().err
    assert said == f"relnotes: {tmp_path}/packs: holds no pack; put packs in it: NAME.toml\n"
    (tmp_path / "packs" / "acme.toml").write_text('vendor = "acme"\nprice = 3\n', encoding="utf-8")
    assert run(["--packs", "packs", "parse", "log.txt"]) == 1
    assert re.fullmatch(r"relnotes: acme\.toml: unknown key 'price'; .+\n", capsys.readouterr().err)


def test_parse_prints_json_with_the_evidence(cli: Run) -> None:
    explained = json.loads(cli("parse", "log.txt", "--json", "--explain"))
    (window,) = [e for e in explained["entries"][1]["evidence"] if e["field"] == "window"]
    assert window["value"] == "2024-04-21T04:00Z/2024-04-21T06:00Z"
    assert window["start"][0] == window["end"][0] == 6
    assert window["text"].startswith("April 20, 2024")
    assert window["text"] in LOG
    for entry in explained["entries"]:
        del entry["evidence"]
    assert explained == json.loads(cli("parse", "log.txt", "--json"))


def test_parse_writes_nothing(cli: Run, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    cli("parse", "log.txt", "--json")
    assert sorted(tmp_path.rglob("*")) == before


def test_parse_takes_the_form_as_told(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "page").write_text("# Fixed\nA <b>bug</b>\n\n# Added\nA feature\n", encoding="utf-8")
    assert json.loads(cli("parse", "page", "--json"))["form"] == "markdown"
    assert json.loads(cli("parse", "page", "--form", "text", "--json"))["form"] == "text"


def test_parse_takes_the_language_as_told(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("API v2\nPATCH /v2/keys\n", encoding="utf-8")
    for lang in ("en", "fr"):
        (entry,) = json.loads(cli("parse", "short.txt", "--lang", lang, "--json"))["entries"]
        assert entry["lang"] == lang


# -- ingest, reindex, doctor -----------------------------------------------------------------------


def test_ingest_says_what_changed(cli: Run, tmp_path: Path) -> None:
    assert cli("ingest", "log.txt") == "log: 3 new\n"
    assert cli("ingest", "log.txt") == "log: 3 unchanged\n"
    (tmp_path / "log.txt").write_text(LOG.replace("April 20", "April 27").replace("April 21", "April 28"))
    assert cli("ingest", "log.txt") == "log: 1 changed, 2 unchanged\n"
    (tmp_path / "log.txt").write_text(LOG.split("\n\n")[0])
    assert cli("ingest", "log.txt") == "log: 2 gone, 1 unchanged\n"


def test_ingesting_again_leaves_every_byte_of_the_index(stored: Run, tmp_path: Path) -> None:
    index = tmp_path / "data" / "index"
    before = {path: path.read_bytes() for path in index.rglob("*") if path.is_file()}
    stored("ingest", "log.txt")
    assert {path: path.read_bytes() for path in index.rglob("*") if path.is_file()} == before


def test_snapshots_of_one_source(cli: Run, tmp_path: Path) -> None:
    (tmp_path / "later.txt").write_text(LOG.replace("still counted", "wrongly counted"))
    assert cli("ingest", "log.txt", "later.txt", "--source", "vendor") == (
        "vendor: 3 new\nvendor: 1 changed, 2 unchanged\n"
    )


FRENCH_PAGE = (
    "<html><body><h1>Journal</h1><h2>2 mai 2024</h2><h3>Correction : clé ajoutée à l’été</h3>"
    "<p>Nous avons corrigé un défaut.</p></body></html>"
)


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "windows-1252", "shift_jis", "nonsense"])
@pytest.mark.parametrize("actual", ["utf-8", "cp1252"])
def test_a_web_page_is_read_whatever_encoding_is_declared(actual: str, declared: str, cli: Run) -> None:
    with WebServer() as server:
        kind = f"text/html; charset={declared}"
        server.answers["/log"] = [reply(200, FRENCH_PAGE.encode(actual), Content_Type=kind)]
        said = cli("parse", server.url("/log"), "--json")
    assert "Correction : clé ajoutée à l’été" in [entry["title"] for entry in json.loads(said)["entries"]]


def test_a_page_in_an_encoding_that_only_its_server_names(cli: Run) -> None:
    page = "<html><body><h2>2024-05-02</h2><h3>Новый метод API</h3><p>Ключ добавлен.</p></body></html>"
    with WebServer() as server:
        kind = "text/html; charset=koi8-r"
        server.answers["/log"] = [reply(200, page.encode("koi8-r"), Content_Type=kind)]
        said = cli("parse", server.url("/log"), "--json")
    assert "Новый метод API" in [entry["title"] for entry in json.loads(said)["entries"]]


@pytest.mark.parametrize(
    ("path", "name"), [("/docs/change-log.html?lang=en", "change-log"), ("/", "127.0.0.1:{port}")]
)
def test_a_web_page_is_ingested_under_its_own_name(path: str, name: str, cli: Run) -> None:
    with WebServer() as server:
        server.answers[path] = [reply(200, LOG.encode())]
        assert cli("ingest", server.url(path)) == f"{name.format(port=server.port)}: 3 new\n"
        assert cli("ingest", server.url(path)).endswith(": 3 unchanged\n")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://example.org/log", "http:/etc/passwd"])
def test_only_the_web_is_fetched(address: str, cli: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["parse", address]) == 1
    said = capsys.readouterr().err
    assert "name a file, or an http or https address" in said
    assert said.count("\n") == 1


def test_pages_of_one_host_are_fetched_one_after_the_other(
    cli: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    with WebServer() as server:
        server.answers |= {f"/{name}": [reply(200, LOG.encode())] for name in "abc"}
        said = cli("ingest", *(server.url(f"/{name}") for name in "abc"), "journal.txt", "--jobs", "4")
        assert said == "a: 3 new\nb: 3 new\nc: 3 new\njournal: 2 new\n"
        assert server.most_open == 1
        assert run(["ingest", server.url("/a"), server.url("/gone"), "--jobs", "2"]) == 1
        assert capsys.readouterr().err.count("\n") == 1


def test_a_page_that_cannot_be_fetched_is_one_line(cli: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with WebServer() as server:
        assert run(["ingest", server.url("/gone")]) == 1
        said = capsys.readouterr().err
    assert said == f"relnotes: {server.url('/gone')}: HTTP 404 Status; check the address\n"


def test_reindex_and_doctor(stored: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert stored("doctor") == "data: 5 entries from 2 sources; store and index agree\n"
    shutil.rmtree(tmp_path / "data" / "index")
    assert run(["doctor"]) == 1
    assert "reindex" in capsys.readouterr().err
    assert stored("reindex") == f"{Path('data', 'index')}: 5 entries indexed\n"
    assert "agree" in stored("doctor")


def test_doctor_names_what_the_index_lacks_and_still_shows(
    stored: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own,) = [hit["id"] for hit in search(stored, "dashboard")["hits"]]
    shutil.copytree(tmp_path / "data" / "index", tmp_path / "old")
    (tmp_path / "more.txt").write_text("Bug fix for exports\nWe fixed a bug where an export was empty.\n")
    stored("ingest", "more.txt")
    (new,) = [hit["id"] for hit in search(stored, "export")["hits"]]
    shutil.rmtree(tmp_path / "data" / "index")
    shutil.move(tmp_path / "old", tmp_path / "data" / "index")
    assert run(["doctor"]) == 1
    said = capsys.readouterr().err
    assert f"lacks 1 entry ({new})" in said
    assert own not in said


@pytest.mark.parametrize("place", ["before", "environment"])
def test_the_data_folder(place: str, cli: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if place == "environment":
        monkeypatch.setenv("RELNOTES_DATA", "elsewhere")
    option = ["--data", "elsewhere"] if place == "before" else []
    cli(*option, "ingest", "log.txt")
    assert (tmp_path / "elsewhere").is_dir()
    assert not (tmp_path / "data").exists()
    assert search_total(cli, *option) == 3


def search_total(cli: Run, *option: str) -> int:
    total: int = json.loads(cli(*option, "search", "--json"))["total"]
    return total


# -- search ----------------------------------------------------------------------------------------


def test_search_in_the_terminal(stored: Run) -> None:
    said = stored("search", "domain", "locking")
    assert said.startswith("1 entry for domain locking\n")
    assert "api_change   en\nCertCentral Services API: Domain locking on List orders\n" in said
    assert re.search(r"^type +api_change 1$", said, re.M)
    assert "\x1b" not in said


def test_search_shows_windows_and_dates(stored: Run) -> None:
    said = stored("search", "--type", "maintenance", "--lang", "en")
    assert "2024-04-2" in said.splitlines()[2]
    assert "window 2024-04-21 04:00 to 2024-04-21 06:00 UTC\n" in said


def test_an_empty_query_lists_everything_newest_first(stored: Run) -> None:
    answer = search(stored)
    assert answer["query"] == ""
    assert answer["total"] == len(answer["hits"]) == 5
    days = [hit["dated"]["first"] for hit in answer["hits"] if hit["dated"]]
    assert days == sorted(days, reverse=True)


def test_limit_and_offset_page_through_all(stored: Run) -> None:
    every = titles(stored)
    pages = [titles(stored, "--limit", "2", "--offset", str(offset)) for offset in (0, 2, 4, 6)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert [title for page in pages for title in page] == every
    assert "5 entries, 3 to 4 shown" in stored("search", "--limit", "2", "--offset", "2")


FRENCH_TITLES = {"Maintenance planifiée le 6 février 2021", "CertCentral : correction d’un défaut"}


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (["--lang", "fr"], FRENCH_TITLES),
        (["--year", "2021"], FRENCH_TITLES),
        (["--since", "2021-02", "--until", "2021-02"], FRENCH_TITLES),
        (["--since", "2021-03", "--until", "2024-03"], set()),
        (["--until", "2021", "--type", "maintenance"], {"Maintenance planifiée le 6 février 2021"}),
        (
            ["--param", "domain_locking_status"],
            {"CertCentral Services API: Domain locking on List orders"},
        ),
        (["--endpoint", "List orders"], {"CertCentral Services API: Domain locking on List orders"}),
        (["--product", "CertCentral", "--lang", "fr"], {"CertCentral : correction d’un défaut"}),
        (["--type", "bugfix", "--type", "maintenance", "--lang", "fr"], FRENCH_TITLES),
        (["--status", "cancelled"], set()),
    ],
)
def test_filters(filters: list[str], found: set[str], stored: Run) -> None:
    assert set(titles(stored, *filters)) == found


def test_facets_are_counted_without_their_own_filter(stored: Run) -> None:
    facets = search(stored, "--lang", "fr")["facets"]
    assert {"value": "en", "count": 3, "selected": False} in facets["lang"]
    assert {"value": "fr", "count": 2, "selected": True} in facets["lang"]
    assert sum(value["count"] for value in facets["type"]) == 2


def test_a_misspelt_word_gets_suggestions(stored: Run) -> None:
    answer = search(stored, "dashbord")
    assert "dashboard" in answer["suggestions"]
    assert "Did you mean: dashboard" in stored("search", "dashbord")


def test_marks_point_at_the_words_that_were_found(stored: Run) -> None:
    (hit,) = search(stored, "dashboard")["hits"]
    text = hit["passage"]["text"]
    assert [text[start:end] for start, end in hit["passage"]["marks"]] == ["dashboard"]


def test_an_endpoint_is_found_by_its_name_in_the_other_language(cli: Run) -> None:
    cli("demo", "--no-serve")
    languages = {hit["lang"] for hit in search(cli, "--endpoint", "List domains")["hits"]}
    assert languages == {"en", "fr"}


# -- demo and serve --------------------------------------------------------------------------------


def test_demo_says_what_it_found(cli: Run) -> None:
    said = cli("demo", "--no-serve")
    entries, windows = re.findall(r"^(\d+) entries from \d+ sources, (\d+) maintenance windows$", said, re.M)[
        0
    ]
    assert int(entries) >= 60
    assert int(windows) >= 10
    types = dict(re.findall(r"(\w+) (\d+)", re.findall(r"^type +(.+)$", said, re.M)[0]))
    assert sum(map(int, types.values())) == int(entries)
    assert set(types) == {
        *("maintenance", "api_change", "feature", "bugfix", "deprecation", "policy", "notice"),
    }
    assert re.search(r"^lang +en \d+ · fr \d+$", said, re.M)
    assert re.search(r"^diagnostics +\w+ \d+", said, re.M)
    assert re.search(r"^portal: \d+ new, \d+ changed, \d+ gone, \d+ unchanged$", said, re.M)


def test_demo_twice_changes_nothing(cli: Run) -> None:
    cli("demo", "--no-serve")
    before = search(cli, "--limit", "1000")
    cli("demo", "--no-serve")
    after = search(cli, "--limit", "1000")
    assert [hit["id"] for hit in after["hits"]] == [hit["id"] for hit in before["hits"]]


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_the_served_site_answers(command: str, stored: Run, tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-u", "-m", "webapp.cli", command, "--port", "0"],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    with running:
        assert running.stdout is not None
        try:
            said = next(line for line in running.stdout if "http://" in line)
            address = re.findall(r"http://127\.0\.0\.1:\d+/", said)[0]
            with urllib.request.urlopen(f"{address}search?q=dashboard", timeout=60) as answer:
                assert "expired orders" in answer.read().decode()
        finally:
            running.terminate()


def test_a_port_that_is_taken(stored: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert run(["serve", "--port", str(taken.getsockname()[1])]) == 1
    said = capsys.readouterr().err
    assert "choose another --port" in said
    assert said.count("\n") == 1


# -- the command line itself -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        ["unknown"],
        ["parse"],
        ["parse", "log.txt", "--form", "pdf"],
        ["parse", "log.txt", "--lang", "xx"],
        ["parse", "log.txt", "--vendor", "nobody"],
        ["ingest"],
        ["ingest", "-"],
        ["ingest", "log.txt", "folder/log.txt"],
        ["search", "--since", "2024-13"],
        ["search", "--until", "yesterday"],
        ["search", "--limit", "many"],
        ["search", "--sort", "size"],
        ["serve", "--port", "http"],
        ["search", "x", "--data", "late"],
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_exits_2_with_one_line(
    wrong: list[str], cli: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(wrong) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert re.search(r"see `relnotes.* --help`$", said.err)


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_help(command: list[str], cli: Run) -> None:
    said = cli(*command, "--help")
    assert said.startswith(" ".join(["Usage: relnotes", *command]))


def test_no_command_shows_the_help(cli: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    assert "demo" in capsys.readouterr().err


def test_the_version(cli: Run) -> None:
    assert re.fullmatch(r"relnotes, version \d+\.\d+\.\d+\n", cli("--version"))
