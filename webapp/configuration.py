"""What does `relnotes.toml` say?  Sources to follow and receivers to notify, checked key by key.

docs/configuration.md describes every key.  A mistake is one ConfigError that names file, line and key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from index.outbox import Kind
from index.querylang import parse as parse_query
from ingest import lexicon
from ingest.errors import ConfigError
from ingest.model import Form, Hints

NAME = "relnotes.toml"
PLACES = ("url", "path", "paths", "glob")
SECRETS = ("secret", "secret_file", "secret_env")
SHORTEST_INTERVAL = timedelta(minutes=1)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DURATION = re.compile(r"(\d{1,6})([smhd])")  # 90s, 30m, 6h, 1d
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ELSEWHERE = re.compile(r" - at `\$\.?(.*)`$")  # where msgspec says that something is wrong


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[sources]]` table: a name, where the change log stands, and what is known of it."""

    name: str
    url: str | None = None
    path: str | None = None
    paths: tuple[str, ...] = ()
    glob: str | None = None
    vendor: str | None = None
    lang: str | None = None
    form: Form | None = None
    interval: str | None = None
    robots: Literal["obey", "ignore"] = "obey"

    @property
    def hints(self) -> Hints:
        return Hints(self.vendor, self.lang, self.form)

    @property
    def every(self) -> timedelta | None:
        """How often to look, if that is set."""
        return duration(self.interval) if self.interval else None

    @property
    def places(self) -> tuple[str, ...]:
        """The snapshots, oldest first: one address, or paths as they are written."""
        return tuple(place for place in (self.url, self.path, *self.paths) if place)

    def files(self, folder: Path) -> Iterator[Path]:
        """The snapshots of a source of files, oldest first; paths are relative to `folder`."""
        yield from (folder / path for path in self.places)


class Receiver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[notify]]` table: who is told of what, and how its receiver knows that it was us."""

    name: str
    url: str | None = None
    exec: tuple[str, ...] = ()
    secret: str | None = None
    secret_file: str | None = None
    secret_env: str | None = None
    query: str = ""
    events: tuple[Kind, ...] = (Kind.NEW, Kind.CHANGED)
    timeout: str = "10s"
    tries: int = 15
    site: str | None = None

    @property
    def patience(self) -> timedelta:
        """How long one delivery may take."""
        return duration(self.timeout)


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of the file, before what they say together is checked."""

    contact: str | None = None
    sources: tuple[Source, ...] = ()
    notify: tuple[Receiver, ...] = ()


@dataclass(frozen=True, slots=True)
class Configuration:
    """The whole of `relnotes.toml`, which stands at `place`; `sources` has one for each file of a glob."""

    place: Path
    contact: str | None = None
    sources: tuple[Source, ...] = ()
    receivers: tuple[Receiver, ...] = ()

    @property
    def folder(self) -> Path:
        """What the paths in it are relative to."""
        return self.place.parent

    def named(self, names: Sequence[str]) -> tuple[Source, ...]:
        """The sources with these names, all without any.  A glob's name stands for all of its files."""
        if not names:
            return self.sources
        asked = {
            name: [s for s in self.sources if s.name == name or s.name.startswith(f"{name}/")]
            for name in names
        }
        for name, found in asked.items():
            if not found:
                listed = _listed(source.name for source in self.sources)
                raise ConfigError(f"there is no source {name!r}", str(self.place), f"it lists {listed}")
        wanted = {source.name for found in asked.values() for source in found}
        return tuple(source for source in self.sources if source.name in wanted)


def load(place: Path) -> Configuration:
    """The configuration in the file `place`.

    Raises ConfigError where it is missing or malformed, naming the line and the key.
    """
    try:
        text = place.read_bytes().decode("utf-8")
        table = tomllib.loads(text)
    except FileNotFoundError:
        todo = "write one (see docs/configuration.md) or name another with --config"
        raise ConfigError("no such file", str(place), todo) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ConfigError(f"cannot be read ({reason})", str(place), "mend the file") from error
    return _Reader(place, text).read(table)


def duration(text: str) -> timedelta:
    """`90s`, `30m`, `6h` or `1d`.  Raises ValueError for anything else, and for nothing at all."""
    found = _DURATION.fullmatch(text)
    if not found or not int(found[1]):
        raise ValueError(f"{text!r} is no length of time; write 90s, 30m, 6h or 1d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


class _Reader:
    """Reads one file and says of every mistake where in it it stands."""

    def __init__(self, place: Path, text: str) -> None:
        self.place, self.lines = place, text.splitlines()

    def read(self, table: dict[str, Any]) -> Configuration:
        try:
            found = msgspec.convert(table, File)
        except msgspec.ValidationError as error:
            raise self._misfit(str(error)) from error
        if found.contact and not (found.contact.isascii() and found.contact.isprintable()):
            line = self._line_of("contact", range(len(self.lines)))
            todo = "write a web page or a mail address in ASCII"
            raise ConfigError("contact cannot be sent in a header", self._where(line), todo)
        for number, source in enumerate(found.sources):
            self._check_source(source, number)
        for number, receiver in enumerate(found.notify):
            self._check_receiver(receiver, number)
        self._refuse_twice("sources", "name", [source.name for source in found.sources])
        self._refuse_twice("sources", "url", [source.url for source in found.sources])
        self._refuse_twice("notify", "name", [receiver.name for receiver in found.notify])
        sources = tuple(each for n, source in enumerate(found.sources) for each in self._spread(source, n))
        return Configuration(self.place, found.contact, sources, found.notify)

    def _check_source(self, source: Source, number: int) -> None:
        self._check_name(source.name, "sources", number)
        given = [key for key in PLACES if getattr(source, key)]
        if len(given) != 1:
            what = f"has {' and '.join(given)}" if given else "names no place"
            todo = f"give it one of {', '.join(PLACES)}"
            raise self._error(f"source {source.name!r} {what}", "sources", number, given[-1:], todo)
        if source.url:
            self._check_address(source.url, "sources", number)
        elif source.robots == "ignore":
            raise self._error("robots is for a url", "sources", number, ["robots"], "leave it out")
        if source.interval and self._duration(source, "interval", "sources", number) < SHORTEST_INTERVAL:
            raise self._error("interval is too short", "sources", number, ["interval"], "1m is the shortest")
        self._check_packs(source, number)

    def _check_receiver(self, receiver: Receiver, number: int) -> None:
        self._check_name(receiver.name, "notify", number)
        if bool(receiver.url) == bool(receiver.exec):
            what = "has url and exec" if receiver.url else "names no receiver"
            raise self._error(
                f"{receiver.name!r} {what}", "notify", number, ["exec"], "give it one of url, exec"
            )
        for key in ("url", "site"):
            if getattr(receiver, key):
                self._check_address(getattr(receiver, key), "notify", number, key)
        secrets = [key for key in SECRETS if getattr(receiver, key)]
        if len(secrets) > 1 or (secrets and not receiver.url):
            what = "several secrets" if len(secrets) > 1 else "a secret signs what is sent to a url"
            todo = f"give it one of {', '.join(SECRETS)}" if receiver.url else "leave it out"
            raise self._error(what, "notify", number, secrets[-1:], todo)
        self._duration(receiver, "timeout", "notify", number)
        if receiver.tries < 1 or not receiver.events:
            key = "tries" if receiver.tries < 1 else "events"
            raise self._error(f"{key} must not be empty", "notify", number, [key], "leave it out or raise it")
        for hint in parse_query(receiver.query).hints:
            raise self._error(f"query: {hint}", "notify", number, ["query"], "mend the query")

    def _check_name(self, name: str, table: str, number: int) -> None:
        if not name.strip() or _CONTROL.search(name):
            raise self._error("name is empty or not of one line", table, number, ["name"], "give it a name")

    def _check_address(self, url: str, table: str, number: int, key: str = "url") -> None:
        try:
            parts = urlsplit(url)
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            sound = False
        if not sound:
            raise self._error(
                f"{key} {url!r} is no web address", table, number, [key], "begin it with https:// or http://"
            )

    def _check_packs(self, source: Source, number: int) -> None:
        """A vendor may do without a pack, but what is nearly the name of one was meant to be it."""
        packs = lexicon.load() if source.vendor or source.lang else None
        if packs and source.lang and source.lang not in packs.languages:
            what = f"lang: there is no pack {source.lang!r}"
            raise self._error(what, "sources", number, ["lang"], f"there are {_listed(packs.languages)}")
        if packs and source.vendor and source.vendor not in packs.vendors:
            for near in get_close_matches(source.vendor, packs.vendors, 1):
                what = f"vendor: there is no pack {source.vendor!r}"
                raise self._error(what, "sources", number, ["vendor"], f"write {near!r}, or another name")

    def _duration(self, owner: Source | Receiver, key: str, table: str, number: int) -> timedelta:
        try:
            return duration(getattr(owner, key))
        except (ValueError, OverflowError) as error:
            what, _, todo = str(error).partition("; ")
            raise self._error(f"{key}: {what}", table, number, [key], todo) from None

    def _refuse_twice(self, table: str, key: str, values: Sequence[str | None]) -> None:
        for number, value in enumerate(values):
            if value and value in values[:number]:
                what = f"{key} {value!r} stands twice in {table}"
                raise self._error(what, table, number, [key], "change or remove one")

    def _spread(self, source: Source, number: int) -> Iterator[Source]:
        """A source for each file that a glob matches, named after it; any other source as it is."""
        if not source.glob:
            yield source
            return
        try:
            found = sorted(path for path in self.place.parent.glob(source.glob) if path.is_file())
        except (ValueError, NotImplementedError, OSError) as error:
            raise self._error(
                f"glob: {error}", "sources", number, ["glob"], "write it as notes/*.md"
            ) from error
        if not found:  # so that reading it says that there is no such file
            yield msgspec.structs.replace(source, path=source.glob, glob=None)
        for path in found:
            local = path.relative_to(self.place.parent)
            name = f"{source.name}/{local.with_suffix('').as_posix()}"
            yield msgspec.structs.replace(source, name=name, path=local.as_posix(), glob=None)

    # -- where in the file -------------------------------------------------------------------------

    def _misfit(self, said: str) -> ConfigError:
        """What msgspec says about a value, with the place of the table and the key in the file."""
        found = _ELSEWHERE.search(said)
        what, path = (said[: found.start()], found[1]) if found else (said, "")
        at = re.match(r"(sources|notify)\[(\d+)\]\.?(\w*)", path)
        unknown = re.search(r"unknown field `(.*)`", what)
        key = unknown[1] if unknown else at[3] if at else path
        what = f"unknown key {key!r}" if unknown else f"{key}: {what}" if key else what
        todo = "docs/configuration.md lists the keys" if unknown else "mend the value"
        if at:
            return self._error(what, at[1], int(at[2]), [key], todo)
        return ConfigError(what, self._where(self._line_of(key, range(len(self.lines)))), todo)

    def _error(self, what: str, table: str, number: int, keys: Sequence[str], todo: str) -> ConfigError:
        lines = self._lines_of(table, number)
        line = next((at for key in keys if (at := self._line_of(key, lines)) is not None), None)
        if line is None and lines:
            line = lines.start
        return ConfigError(what, self._where(line), todo)

    def _where(self, line: int | None) -> str:
        return str(self.place) if line is None else f"{self.place}:{line + 1}"

    def _lines_of(self, table: str, number: int) -> range:
        """The lines of the table with that number (0-based), none where it is written inline."""
        heads = [n for n, line in enumerate(self.lines) if re.match(r"\s*\[", line)]
        own = [n for n in heads if re.match(rf"\s*\[\[\s*{table}\s*\]\]", self.lines[n])]
        if number >= len(own):
            return range(0)
        return range(own[number], next((n for n in heads if n > own[number]), len(self.lines)))

    def _line_of(self, key: str, lines: range) -> int | None:
        return next((n for n in lines if re.match(rf"\s*{re.escape(key)}\s*=", self.lines[n])), None)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
