"""How does a new site take the place of the old one?  All of it at once, or not at all.

A site is built in a folder beside it, `.NAME.relnotes/site`, which links to all files of the present site, so
that their bytes are neither copied nor touched: what changed is written anew there, and both folders change
places in one step.  Then the old site, which lies at the side now, is brought up to the new one, so that the
next build finds it ready.  A build that is killed leaves the old site, or the new one, and at worst an
unfinished folder at the side, which the next one makes anew.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from ingest.errors import ConfigError
from webapp.tally import Share

MARKER = ".relnotes-site"
UNKNOWN = ""  # the thing that files were made from where nobody has noted it
_AT_FDCWD, _EXCHANGE = -100, 2
Digests = dict[str, bytes]  # file → digest of its bytes


class Made(msgspec.Struct, frozen=True, array_like=True):
    """What was made of one thing: the digest of all it was made from, and the files.

    The files are packed: those of things that stay are not looked at.  `place` is where its fragments lie
    (the first byte, and the length of each), `share` what an entry adds to what is counted.  Where it takes
    long to find what a thing is made from, that stays the same while `near` does, which is found soon.
    """

    key: bytes
    packed: bytes
    place: tuple[int, ...] = ()
    share: Share | None = None
    near: int = 0

    @property
    def files(self) -> Digests:
        return _digests_of(self.packed)

    @property
    def length(self) -> int:
        """Of its fragments, in bytes."""
        return sum(self.place[1:])

    def moved(self, near: int) -> Made:
        """The same beside others."""
        return Made(self.key, self.packed, self.place, self.share, near)


class Manifest(msgspec.Struct, frozen=True):
    """What a site was made from: things by name, none of which makes a file of another.

    `fragments` names the file that their places count in, `end` is where it ends, and `living` how many of
    its bytes they name.  Of all files together it knows how many there are (`count`), a sum that is the same
    for the same files (`mark`), and how many things have files below each name in the site's folder (`tops`).
    """

    things: dict[str, Made] = {}
    fragments: str = ""
    end: int = 0
    living: int = 0
    count: int = 0
    mark: int = 0
    tops: dict[str, int] = {}

    def step(self, things: Mapping[str, Made]) -> Step:
        """What changes when these are the things."""
        others = [(self.things.get(name), made) for name, made in things.items()]
        pairs = [(before, made) for before, made in others if before is not made]
        gone = [self.things[name] for name in self.things.keys() - things.keys()]
        living = sum(made.length - (before.length if before else 0) for before, made in pairs)
        changed = [(before, made) for before, made in pairs if before is None or before.packed != made.packed]
        return Step(
            self,
            [made.files for made in (*gone, *(before for before, _ in changed if before))],
            [made.files for _, made in changed],
            self.living + living - sum(made.length for made in gone),
        )


class Kept(NamedTuple):
    """A manifest as it was written, and by what its file is known."""

    manifest: Manifest
    stamp: object


@dataclass(frozen=True, slots=True)
class Step:
    """From one manifest to the next: the files of each thing that goes, and that comes; one that changes does
    both.  `living` are the bytes of fragments that are of use then."""

    before: Manifest
    gone: Sequence[Digests]
    come: Sequence[Digests]
    living: int

    @property
    def files_gone(self) -> list[str]:
        come = {file for files in self.come for file in files}
        return [file for files in self.gone for file in files if file not in come]

    def manifest(self, things: dict[str, Made], fragments: str = "", end: int = 0) -> Manifest:
        """The next one, of these things."""
        count, mark, tops = self.before.count, self.before.mark, Counter(self.before.tops)
        for sign, files in (*((-1, each) for each in self.gone), *((1, each) for each in self.come)):
            count += sign * len(files)
            mark += sign * sum(_number(file, kept) for file, kept in files.items())
            for top in {file.partition("/")[0] for file in files}:
                tops[top] += sign
        return Manifest(things, fragments, end, self.living, count, mark & _MASK, +tops)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Manifest).decode
_digests_of = msgspec.msgpack.Decoder(Digests).decode
_MASK = (1 << 64) - 1


def packed(files: Digests) -> bytes:
    return _encode(files)


def _number(file: str, kept: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(file.encode() + kept, digest_size=8).digest())


def digest(data: bytes) -> bytes:
    """SHA-256, which processors of today have an instruction for, cut to twelve bytes."""
    return hashlib.sha256(data).digest()[:12]


class SiteFolder:
    """The folder of a site, and the one beside it in which the next site is made.

    Beside the `first` site there is nothing yet for the build that follows: what is written is linked to a
    third folder at once, by as many processes as write.
    """

    def __init__(self, out: Path, first: bool = False) -> None:
        self.out, self.first = out.resolve(), first
        self.work = self.out.parent / f".{self.out.name}.relnotes"
        self.side = self.work / "site"
        self.twin = self.work / "twin"
        self._roots = f"{self.side}/", f"{self.twin}/"  # thousands of paths begin with them
        self._folders: set[str] = set()  # of the next site that are there, as far as is known

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
            try:
                self._recover()
                yield
            finally:
                fcntl.flock(lock, fcntl.LOCK_UN)  # helpers that stay hold the file open

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

    def manifest(self, kept: Kept | None = None) -> Manifest:
        """What the present site was made from; where that is not known, the digests of its files.

        It is not read again where it is the one that was `kept`.
        """
        if not (self.out / MARKER).is_file():
            return Manifest()
        if kept and kept.stamp == _stamp(self._path_of(self._mark_of(self.out))):
            found = kept.manifest
        else:
            found = self._manifest_of(self.out) or _unknown(self.out)
        self._refuse_strangers(found.tops.keys() | {MARKER})
        return found

    def _refuse_strangers(self, known: set[str]) -> None:
        """What no build has made would not be in the new site: nobody's files are thrown away."""
        strangers = sorted({entry.name for entry in os.scandir(self.out)} - known)
        if strangers:
            what = f"the site's folder holds {strangers[0]!r}, which no build has made"
            raise ConfigError(what, str(self.out), "move it elsewhere")

    def _manifest_of(self, site: Path) -> Manifest | None:
        try:
            found = _decode(self._path_of(self._mark_of(site)).read_bytes())
        except (OSError, UnicodeDecodeError, msgspec.DecodeError):
            return None
        older = not found.end and any(made.place for made in found.things.values())
        return None if older else found  # an older program did not tell how long the fragments are

    def _path_of(self, mark: str) -> Path:
        """The file of a manifest."""
        return self.work / f"{mark}.manifest"

    # -- the next site -----------------------------------------------------------------------------

    def prepare(self, present: Manifest) -> None:
        """Make the folder at the side hold the same files as the present site."""
        shutil.rmtree(self.twin, ignore_errors=True)
        self.first = not present.count and self._links()
        if self._mark_of(self.side) != _hex(present.mark):
            self._renew(self._manifest_of(self.side), present)
        (self.side / MARKER).unlink(missing_ok=True)  # from here on it is unfinished

    def _links(self) -> bool:
        """Whether a file can have two names here; some file systems know none."""
        one, other = self.work / "one", self.work / "other"
        try:
            one.touch()
            os.link(one, other)
        except OSError:
            return False
        finally:
            one.unlink(missing_ok=True)
            other.unlink(missing_ok=True)
        return True

    def _renew(self, before: Manifest | None, present: Manifest) -> None:
        """Let the folder at the side, which holds the files of `before`, hold those of the present site."""
        if before is None:
            shutil.rmtree(self.side, ignore_errors=True)
            before = Manifest()
        self._follow(before.step(present.things), present)

    def _follow(self, step: Step, present: Manifest) -> None:
        """The same where it is known what changes."""
        self.side.mkdir(parents=True, exist_ok=True)
        (self.side / MARKER).unlink(missing_ok=True)
        gone, come = (
            {file: kept for files in each for file, kept in files.items()} for each in (step.gone, step.come)
        )
        self.remove(file for file, kept in gone.items() if come.get(file) != kept)
        for file, kept in come.items():
            if gone.get(file) != kept:
                self._link(file)
        (self.side / MARKER).write_text(_marker(present))

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
        side, twin = self._roots
        target, folder = side + file, file.rpartition("/")[0]
        if folder not in self._folders:
            self._folders.add(folder)
            _make(side + folder)
            if self.first:
                _make(twin + folder)
        try:
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            self.remove([file])
            return self.write(file, data)
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(handle, left) :]
        finally:
            os.close(handle)
        if self.first:
            os.link(target, twin + file)

    def remove(self, files: Iterable[str]) -> None:
        """Take files out of the next site, and the folders that they leave empty."""
        for file in files:
            with suppress(FileNotFoundError):
                os.unlink(f"{self.side}/{file}")
            if self.first:
                with suppress(FileNotFoundError):
                    os.unlink(f"{self.twin}/{file}")
            folder = os.path.dirname(file)
            while folder:
                self._folders.discard(folder)
                try:
                    os.rmdir(f"{self.side}/{folder}")
                except OSError:
                    break
                folder = os.path.dirname(folder)

    def swap(self, made: Manifest, step: Step) -> Kept:
        """Put the next site in the place of the present one, from which it is a step."""
        kept = self.remember(made)
        (self.side / MARKER).write_text(_marker(made))
        self._exchange()
        with suppress(OSError):  # the site is there; the next build makes up for what is missing at the side
            if self.first:
                (self.twin / MARKER).write_text(_marker(made))
                shutil.rmtree(self.side, ignore_errors=True)
                os.rename(self.twin, self.side)
            else:
                self._follow(step, made)
            self._forget(made)
        return kept

    def remember(self, made: Manifest) -> Kept:
        """What the files of a site are made from."""
        path = self._path_of(_hex(made.mark))
        _replace(path, _encode(made))
        return Kept(made, _stamp(path))

    def _forget(self, made: Manifest) -> None:
        """Remove the notes on sites before this one."""
        for path in (*self.work.glob("*.manifest"), *self.work.glob("fragments*")):
            if path.name not in (self._path_of(_hex(made.mark)).name, made.fragments):
                path.unlink()

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


def _hex(mark: int) -> str:
    return f"{mark:016x}"


def _marker(made: Manifest) -> str:
    """What stands in the marker of a site: the same for the same files, whatever they were made from."""
    return f"relnotes {_hex(made.mark)}\n"


def _unknown(site: Path) -> Manifest:
    """What can be said of a site by looking at its files."""
    found = (path for path in site.rglob("*") if path.is_file() and path.name != MARKER)
    files = {path.relative_to(site).as_posix(): digest(path.read_bytes()) for path in found}
    things = {UNKNOWN: Made(b"", packed(files))}
    return Manifest().step(things).manifest(things)


def _stamp(path: Path) -> object:
    """What changes whenever a file is written anew; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return str(path), found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


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
