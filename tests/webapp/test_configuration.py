"""What does `relnotes.toml` mean, and what is said of each mistake in it?"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from index.outbox import Kind
from ingest.errors import ConfigError
from ingest.model import Form
from webapp.configuration import Configuration, duration, load

GOOD = """\
contact = "mailto:ops@example.org"

[[sources]]
name = "portal"
url = "https://docs.example.com/log.html"
vendor = "digicert"
lang = "fr"
form = "html"
interval = "6h"

[[sources]]
name = "notes"
glob = "notes/*.md"

[[notify]]
name = "team"
url = "http://127.0.0.1:9/hook"
secret = "s3cret"
query = "type:maintenance"
events = ["gone"]
"""


def written(folder: Path, text: str) -> Configuration:
    (folder / "relnotes.toml").write_text(text, encoding="utf-8")
    return load(folder / "relnotes.toml")


def test_what_is_written_is_what_is_meant(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    for name in ("2024.md", "2023.md", "aside.txt"):
        (tmp_path / "notes" / name).write_text("# Notes")
    found = written(tmp_path, GOOD)
    portal, older, newer = found.sources
    assert found.contact == "mailto:ops@example.org"
    assert (portal.places, portal.every, portal.form) == (
        ("https://docs.example.com/log.html",),
        timedelta(hours=6),
        Form.HTML,
    )
    assert (older.name, newer.name) == ("notes/notes/2023", "notes/notes/2024")
    assert list(newer.files(found.folder)) == [tmp_path / "notes" / "2024.md"]
    (team,) = found.receivers
    assert (team.events, team.patience) == ((Kind.GONE,), timedelta(seconds=10))


def test_sources_are_chosen_by_name_and_a_glob_by_its_own(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    for name in ("a.md", "b.md"):
        (tmp_path / "notes" / name).write_text("# Notes")
    found = written(tmp_path, GOOD)
    assert [s.name for s in found.named(["notes"])] == ["notes/notes/a", "notes/notes/b"]
    assert [s.name for s in found.named(["portal"])] == ["portal"]
    assert found.named([]) == found.sources
    with pytest.raises(ConfigError, match=r"there is no source 'prtal'.*it lists notes"):
        found.named(["prtal"])


S, N = '[[sources]]\nname = "a"\n', '[[notify]]\nname = "r"\n'
MISTAKES = [
    ("[[sources]\n", "cannot be read"),
    (S, "toml:1: source 'a' names no place; give it one of url, path, paths, glob"),
    (S + 'path = "x"\npth = "y"\n', "toml:4: unknown key 'pth'"),
    (S + 'path = "x"\nurl = "https://e.org/"\n', "toml:3: source 'a' has url and path"),
    (S + "path = 3\n", "toml:3: path: Expected `str"),
    ('[[sources]]\npath = "x"\n', "toml:1: .*missing required field `name`"),
    (S + 'path = "x"\n' + S + 'path = "y"\n', "toml:5: name 'a' stands twice"),
    (S + 'url = "https://e.org/"\n[[sources]]\nname = "b"\nurl = "https://e.org/"\n', "toml:6: url .* twice"),
    (S + 'url = "file:///etc/passwd"\n', "toml:3: url 'file:///etc/passwd' is no web address"),
    (S + 'url = "https://"\n', "toml:3: .*is no web address"),
    (S + 'url = "http://[::1"\n', "toml:3: .*is no web address"),
    (S + 'path = "x"\ninterval = "10s"\n', "toml:4: interval is too short"),
    (S + 'path = "x"\ninterval = "hourly"\n', "toml:4: interval: 'hourly' is no length of time"),
    (S + 'path = "x"\nvendor = "digicret"\n', "toml:4: vendor: .* 'digicret'; write 'digicert'"),
    (S + 'path = "x"\nlang = "xx"\n', "toml:4: lang: there is no pack 'xx'"),
    (S + 'path = "x"\nform = "pdf"\n', "toml:4: form: Invalid enum value"),
    (S + 'path = "x"\nrobots = "ignore"\n', "toml:4: robots is for a url"),
    (S + 'url = "https://e.org/"\nrobots = "yes"\n', "toml:4: robots: "),
    ('[[sources]]\nname = " "\npath = "x"\n', "toml:2: name is empty"),
    ('sources = [{name = "a", path = "x", y = 1}]\n', "toml: unknown key 'y'"),
    ('contcat = "me"\n', "toml:1: unknown key 'contcat'"),
    ('contact = "mé"\n', "toml:1: contact cannot be sent in a header"),
    ('contact = "me\\r\\nX-Other: 1"\n', "toml:1: contact cannot be sent in a header"),
    (N, "toml:1: 'r' names no receiver; give it one of url, exec"),
    (N + 'url = "https://e.org/"\nexec = ["x"]\n', "toml:4: 'r' has url and exec"),
    (N + 'url = "e.org/hook"\n', "toml:3: url 'e.org/hook' is no web address"),
    (N + 'exec = ["x"]\nsecret = "s"\n', "toml:4: a secret signs what is sent to a url"),
    (N + 'url = "https://e.org/"\nsecret = "s"\nsecret_env = "S"\n', "toml:5: several secrets"),
    (N + 'exec = ["x"]\nquery = "type:unheard("\n', "toml:4: query: "),
    (N + 'exec = ["x"]\nevents = ["old"]\n', "toml:4: events: Invalid enum value 'old'"),
    (N + 'exec = ["x"]\nevents = []\n', "toml:4: events must not be empty"),
    (N + 'exec = ["x"]\ntries = 0\n', "toml:4: tries must not be empty"),
    (N + 'exec = ["x"]\ntimeout = "0s"\n', "toml:4: timeout: '0s' is no length of time"),
    (N + 'exec = ["x"]\n' + N + 'exec = ["y"]\n', "toml:5: name 'r' stands twice in notify"),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES, ids=[said for _, said in MISTAKES])
def test_a_mistake_is_one_line_that_says_where(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=said) as error:
        written(tmp_path, text)
    assert "\n" not in str(error.value)
    assert str(tmp_path / "relnotes.toml") in str(error.value)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such file; write one .*--config"):
        load(tmp_path / "relnotes.toml")


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "relnotes.toml").write_bytes(b'contact = "\xff"\n')
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "relnotes.toml")


def test_lengths_of_time() -> None:
    assert [duration(text).total_seconds() for text in ("90s", "30m", "6h", "1d")] == [90, 1800, 21600, 86400]
    for wrong in ("", "1", "h", "-1h", "1.5h", "1 h", "0m", "1w"):
        with pytest.raises(ValueError, match="no length of time"):
            duration(wrong)
