"""Entries as Markdown pages: what a site generator makes of them says what the source says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import build as store
from conftest import log
from sitemaker import announcement, stored

from ingest.errors import ConfigError
from ingest.model import Block, BlockKind, EntryType, Form, Span
from webapp import fragment
from webapp.config import SiteConfig
from webapp.export import Report
from webapp.labels import labels_in

MKDOCS = shutil.which("mkdocs")
HUGO = shutil.which("hugo") or shutil.which("hugo", path=str(Path.home() / "go/bin"))
HOSTILE = (
    '<script>alert("1")</script> & [link](javascript:x) **stars** _lines_ `code` #5 a|b ~~gone~~',
    "1. no list, {{< figure >}} and {{% note %}} and {% raw %}{{ 7 * 7 }}",
    "- no list either; domain_locking_status, filters[validation] and /v2/order/{id}",
    "\\escaped\\ {++added++} ==marked== :smile: $x$ <https://example.com>",
)


def said(path: Path) -> str:
    return " ".join(BeautifulSoup(path.read_text(encoding="utf-8"), "lxml").get_text(" ").split())


@pytest.fixture
def config(tmp_path: Path) -> SiteConfig:
    hostile = announcement("Hostile {{< title >}}", "\n".join(HOSTILE), dated="2022-04-21")
    return store(tmp_path / "data", hostile, *log())


def write(config: SiteConfig, out: Path) -> Path:
    out.parent.mkdir(parents=True, exist_ok=True)
    fragment.write(config, out)
    return out


def test_a_page_an_entry_and_a_list(config: SiteConfig, tmp_path: Path) -> None:
    out = write(config, tmp_path / "pages")
    names = {path.relative_to(out).as_posix() for path in out.rglob("*.md")}
    listed = set(re.findall(r"\(entries/(\w+)\.md\)", (out / "log.md").read_text()))
    assert names == {"log.md", *(f"entries/{one}.md" for one in listed)}
    assert len(listed) == 8
    assert fragment.write(config, out) == Report(9, 0, 0)


def test_front_matter_is_yaml_of_json_values() -> None:
    made = announcement(
        "Upcoming: work",
        "On June 4, 2022, 22:00 – 24:00 MDT, on CIS.",
        type=EntryType.MAINTENANCE,
        dated="2022-06-05",
        windows=[("2022-06-05T04:00", "2022-06-05T06:00", "June 4, 2022, 22:00 – 24:00 MDT")],
        products=["CIS"],
    )
    page = fragment.page(stored(made), Form.TEXT, labels_in("en"))
    front = dict(line.split(": ", 1) for line in page.split("---\n")[1].splitlines())
    values = {name: json.loads(value) for name, value in front.items()}
    assert values["title"] == "Upcoming: work"
    assert values["date"] == "2022-06-05"
    assert values["tags"] == ["CIS"]
    assert values["categories"] == ["Maintenance"]
    assert values["relnotes"]["date"] == "stated"
    assert values["relnotes"]["windows"] == [["2022-06-05T04:00Z", "2022-06-05T06:00Z"]]


def test_lists_code_and_links_are_markdown() -> None:
    text = "Title\nSee docs now\nfirst\nsecond\nrun --it"
    at = {word: text.index(word) for word in ("See", "docs", "first", "second", "run")}
    blocks = (
        Block(Span(0, 5), BlockKind.HEADING),
        Block(Span(6, 18), BlockKind.PARAGRAPH, links=((Span(10, 14), "https://example.com/a_b"),)),
        Block(Span(at["first"], at["first"] + 5), BlockKind.ITEM, level=1),
        Block(Span(at["second"], at["second"] + 6), BlockKind.ITEM, level=2),
        Block(Span(at["run"], len(text)), BlockKind.CODE),
    )
    made = announcement("Title", text[6:], blocks=blocks)
    page = fragment.page(stored(made), Form.HTML, labels_in("en"))
    body = page.split("---\n")[2].strip()
    lines = [
        "See [docs](<https://example.com/a_b>) now",
        "",
        "- first",
        "    - second",
        "",
        "```",
        "run --it",
        "```",
    ]
    assert body.splitlines() == lines


@pytest.mark.skipif(MKDOCS is None, reason="mkdocs is not installed")
def test_mkdocs_shows_what_the_source_says(config: SiteConfig, tmp_path: Path) -> None:
    docs = tmp_path / "site" / "docs"
    write(config, docs / "changes")
    (docs / "index.md").write_text("# Home\n\n[Changes](changes/log.md)\n")
    (tmp_path / "site" / "mkdocs.yml").write_text("site_name: Test\ntheme:\n  name: mkdocs\n")
    command = [str(MKDOCS), "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=tmp_path / "site", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    _holds(tmp_path / "out" / "changes")


@pytest.mark.skipif(HUGO is None, reason="hugo is not installed")
def test_hugo_shows_what_the_source_says(config: SiteConfig, tmp_path: Path) -> None:
    site = tmp_path / "site"
    write(config, site / "content" / "changes")
    (site / "layouts" / "_default").mkdir(parents=True)
    (site / "layouts" / "_default" / "single.html").write_text("<h1>{{ .Title }}</h1>{{ .Content }}")
    (site / "layouts" / "_default" / "list.html").write_text("{{ range .Pages }}{{ .Title }}{{ end }}")
    goldmark = "[markup.goldmark."
    settings = f'{goldmark}renderHooks.link]\nuseEmbedded = "always"\n'
    settings += f"{goldmark}extensions.typographer]\ndisable = true\n"
    (site / "hugo.toml").write_text(f'baseURL = "https://example.com/"\n{settings}')
    command = [str(HUGO), "--quiet", "--panicOnWarning", "--destination", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=site, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    _holds(tmp_path / "out" / "changes")


def _holds(changes: Path) -> None:
    """Every entry has its page, the list leads there, and hostile text is shown as it is."""
    soup = BeautifulSoup((changes / "log" / "index.html").read_text(encoding="utf-8"), "lxml")
    targets = {str(a["href"]) for a in soup.select("li a") if "entries" in str(a["href"])}
    assert len(targets) == 8
    for target in targets:
        path = target.removeprefix("/changes/").removeprefix("../").strip("/")
        assert (changes / path / "index.html").is_file(), target
    hostile = next(path for path in changes.rglob("index.html") if "no list either" in said(path))
    shown = said(hostile)
    for one in HOSTILE:
        assert " ".join(one.split()) in shown
    page = BeautifulSoup(hostile.read_text(encoding="utf-8"), "lxml")
    assert not [script for script in page.find_all("script") if "alert" in script.get_text()]
    assert not [a for a in page.find_all("a") if str(a.get("href", "")).startswith("javascript")]


def test_the_folder_of_somebody_else_is_left_alone(config: SiteConfig, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("mine")
    with pytest.raises(ConfigError, match="holds something else"):
        fragment.write(replace(config), tmp_path / "docs")
