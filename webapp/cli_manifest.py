"""Which sources does a folder of change logs hold?  Reads its `relnotes.toml`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ingest.errors import ConfigError
from ingest.model import Form
from webapp.cli_reading import Hints

NAME = "relnotes.toml"


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One `[[sources]]` table: a name, its file or its snapshots in order, and what is known of them."""

    name: str
    path: str | None = None
    paths: tuple[str, ...] = ()
    vendor: str | None = None
    lang: str | None = None
    form: Form | None = None

    @property
    def hints(self) -> Hints:
        return Hints(self.vendor, self.lang, self.form)

    def files(self, folder: Path) -> Iterator[Path]:
        """The snapshots, oldest first; paths are relative to the folder of the manifest."""
        yield from (folder / path for path in ((self.path, *self.paths) if self.path else self.paths))


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole `relnotes.toml`."""

    sources: tuple[Source, ...] = ()


def sources(folder: Path) -> tuple[Source, ...]:
    """The sources that the manifest in `folder` lists, in its order.

    Raises ConfigError where the manifest is missing or malformed, or a source names no file.
    """
    place = folder / NAME
    try:
        found = msgspec.toml.decode(place.read_bytes(), type=Manifest).sources
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(f"cannot be read ({error})", str(place), "mend the file") from error
    for source in found:
        if not source.path and not source.paths:
            raise ConfigError(
                f"source {source.name!r} names no file", str(place), "give it `path` or `paths`"
            )
    return found
