"""How does a new site take the place of the old one?  All of it at once, or not at all.

A site is built in a folder beside it, `.NAME.relnotes/site`: what stays is linked there, so that its bytes
are neither copied nor touched, what changed is written anew, and in the end both folders change places.  The
old site stays where the new one was built; the next build brings it up to date instead of linking everything.
A build that is killed leaves the old site, and at worst an unfinished folder that the next one throws away.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from ingest.errors import ConfigError

MARKER = ".relnotes-site"
UNKNOWN = ""  # the thing that files were made from where nobody has noted it
_AT_FDCWD, _EXCHANGE = -100, 2
Digests = dict[str, bytes]  # file → digest of its bytes


class Made(msgspec.Struct, frozen=True, array_like=True):
    """What was made of one thing: the digest of all it was made from, and the files.

    `place` is where its fragments lie, `traits` what later steps must know of it.
    """

    key: bytes
    files: Digests
    place: tuple[int, int] | None = None
    traits: str = ""


class Manifest(msgspec.Struct, frozen=True):
    """What a site was made from: things by name.  `fragments` names the file that `place` counts in."""

    things: dict[str, Made] = {}
    fragments: str = ""

    def files(self) -> Digests:
        return {file: digest for made in self.things.values() for file, digest in made.files.items()}


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Manifest).decode


def digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=12).digest()


class SiteFolder:
    """The folder of a site, and the one beside it in which the next site is made."""

    def __init__(self, out: Path) -> None:
        self.out = out.resolve()
        self.work = self.out.parent / f".{self.out.name}.relnotes"
        self.side = self.work / "site"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One build at a time.  Raises ConfigError where `out` is not ours, or another build runs."""
        self._refuse_foreign()
        self.work.mkdir(parents=True, exist_ok=True)
        with (self.work / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise ConfigError(
                    "another build of this site is running", str(self.out), "wait for it"
                ) from None
            self._recover()
            yield

    def _recover(self) -> None:
        """Where folders cannot change places in one step, a build may have been killed between two."""
        if not self.out.exists() and (self.work / "old").is_dir():
            os.rename(self.work / "old", self.out)

    def _refuse_foreign(self) -> None:
        todo = "name a new or empty folder"
        if self.out.exists() and not self.out.is_dir():
            raise ConfigError("this is no folder", str(self.out), todo)
        if os.path.ismount(self.out):
            raise ConfigError("a mounted folder cannot be swapped", str(self.out), "name a folder below it")
        if self.out.exists() and any(self.out.iterdir()) and not (self.out / MARKER).is_file():
            raise ConfigError("this folder holds something else than a site of ours", str(self.out), todo)

    # -- what is there -----------------------------------------------------------------------------

    def manifest(self) -> Manifest:
        """What the present site was made from; where that is not known, the digests of its files."""
        if not (self.out / MARKER).is_file():
            return Manifest()
        found = self._manifest_of(self.out) or Manifest({UNKNOWN: Made(b"", _digests(self.out))})
        self._refuse_strangers({file.partition("/")[0] for file in found.files()} | {MARKER})
        return found

    def _refuse_strangers(self, known: set[str]) -> None:
        """What no build has made would not be in the new site: nobody's files are thrown away."""
        strangers = sorted({entry.name for entry in os.scandir(self.out)} - known)
        if strangers:
            what = f"the site's folder holds {strangers[0]!r}, which no build has made"
            raise ConfigError(what, str(self.out), "move it elsewhere")

    def _manifest_of(self, site: Path) -> Manifest | None:
        try:
            mark = (site / MARKER).read_text().split()[-1]
            return _decode((self.work / f"{mark}.manifest").read_bytes())
        except (OSError, IndexError, UnicodeDecodeError, msgspec.DecodeError):
            return None

    # -- the next site -----------------------------------------------------------------------------

    def prepare(self, present: Manifest) -> None:
        """Make the folder at the side hold the same files as the present site."""
        before = self._manifest_of(self.side)
        if before is None:
            shutil.rmtree(self.side, ignore_errors=True)
        self.side.mkdir(parents=True, exist_ok=True)
        (self.side / MARKER).unlink(missing_ok=True)  # from here on it is unfinished
        there, wanted = before.files() if before else {}, present.files()
        self.remove(file for file, kept in there.items() if wanted.get(file) != kept)
        for file, kept in wanted.items():
            if there.get(file) != kept:
                self._link(file)

    def _link(self, file: str) -> None:
        source, target = f"{self.out}/{file}", f"{self.side}/{file}"
        try:
            os.link(source, target)
        except FileNotFoundError:
            _make(os.path.dirname(target))
            os.link(source, target)

    def digest_of(self, file: str) -> bytes | None:
        """That of a file of the next site."""
        path = self.side / file
        return digest(path.read_bytes()) if path.is_file() else None

    def write(self, file: str, data: bytes) -> None:
        """A file of the next site.  It never writes into one that the present site shares."""
        target = f"{self.side}/{file}"
        try:
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileNotFoundError:
            _make(os.path.dirname(target))
            return self.write(file, data)
        except FileExistsError:
            os.unlink(target)
            return self.write(file, data)
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(handle, left) :]
        finally:
            os.close(handle)

    def remove(self, files: Iterable[str]) -> None:
        """Take files out of the next site, and the folders that they leave empty."""
        for file in files:
            with suppress(FileNotFoundError):
                os.unlink(f"{self.side}/{file}")
            folder = os.path.dirname(file)
            while folder:
                try:
                    os.rmdir(f"{self.side}/{folder}")
                except OSError:
                    break
                folder = os.path.dirname(folder)

    def swap(self, made: Manifest) -> None:
        """Put the next site in the place of the present one."""
        mark = _mark(made.files())
        kept = {f"{mark}.manifest"}
        if before := self._mark_of(self.out):
            kept.add(f"{before}.manifest")
        _replace(self.work / f"{mark}.manifest", _encode(made))
        (self.side / MARKER).write_text(f"relnotes {mark}\n")
        self._exchange()
        for path in self.work.glob("*.manifest"):
            if path.name not in kept:
                path.unlink()

    def remember(self, made: Manifest) -> None:
        """The present site's files stay as they are, but more is known of what they are made from."""
        _replace(self.work / f"{_mark(made.files())}.manifest", _encode(made))

    def _mark_of(self, site: Path) -> str:
        try:
            return (site / MARKER).read_text().split()[-1]
        except (OSError, IndexError):
            return ""

    def _exchange(self) -> None:
        if not self.out.exists():
            os.rename(self.side, self.out)
        elif not any(self.out.iterdir()) or not _exchanged(self.side, self.out):
            away = self.work / "old"
            shutil.rmtree(away, ignore_errors=True)
            os.rename(self.out, away)
            os.rename(self.side, self.out)
            os.rename(away, self.side)


def _make(folder: str) -> None:
    """A folder; most lie in one that is there.  Another process may make it at the same time."""
    try:
        os.mkdir(folder)
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)


def _mark(files: Mapping[str, bytes]) -> str:
    """The same for the same files, whatever they were made from."""
    return digest(b"".join(file.encode() + kept for file, kept in sorted(files.items()))).hex()


def _digests(site: Path) -> Digests:
    found = (path for path in site.rglob("*") if path.is_file() and path.name != MARKER)
    return {path.relative_to(site).as_posix(): digest(path.read_bytes()) for path in found}


def _replace(path: Path, data: bytes) -> None:
    new = path.with_suffix(".new")
    new.write_bytes(data)
    os.replace(new, path)


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system knows no such step."""
    if not sys.platform.startswith("linux"):
        return False
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        return False
    if library.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(other))
