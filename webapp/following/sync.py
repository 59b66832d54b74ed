"""What is new at the sources?  One round: fetch each, read it, keep what it says, bring the index up to it.

    async with Web() as web:
        async for synced in Sync(store, configuration, web).run(configuration.sources):
            print(synced.source, synced.outcome)

Sources are fetched side by side and applied one by one, each with its check in one transaction.  What
goes wrong with one is told in its `Synced` and touches no other.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlsplit

from index.checks import FEW, Check, Outcome
from index.store import IngestReport, Store
from ingest import lexicon
from ingest.errors import FetchError, ParseError, RelnotesError
from ingest.fetch import fetch, shown
from ingest.model import ParseResult
from ingest.plausible import stranger
from ingest.reading import understood
from ingest.web import Validators, Web
from webapp.config import system_clock
from webapp.configuration import Configuration, Source

JOBS = 8  # sources that are fetched side by side


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of one source: ids of entries in `report` where it was applied, else why not."""

    source: str
    outcome: Outcome
    report: IngestReport = field(default_factory=IngestReport)
    error: str | None = None
    moved: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a source's places hold: snapshots that were not applied yet, oldest first; none: nothing new."""

    snapshots: tuple[bytes, ...] = ()
    validators: Validators = field(default_factory=Validators)
    moved: str | None = None


class _RefusedError(Exception):
    """What came is not applied."""

    def __init__(self, outcome: Outcome, why: str) -> None:
        self.outcome, self.why = outcome, why
        super().__init__(why)


class Sync:
    """One round over sources.

    `force` applies what looks wrong too and asks unconditionally; `dry` keeps nothing.
    """

    def __init__(
        self,
        store: Store,
        configuration: Configuration,
        web: Web,
        clock: Callable[[], datetime] = system_clock,
        force: bool = False,
        dry: bool = False,
        jobs: int = JOBS,
    ) -> None:
        self.store, self.folder, self.web, self.clock = store, configuration.folder, web, clock
        self.force, self.dry = force, dry
        self._jobs, self._writing = asyncio.Semaphore(jobs), asyncio.Lock()
        self._checks = {check.source: check for check in store.checks()}
        self._live = {source.name: source.live for source in store.sources()}

    async def run(self, sources: Sequence[Source]) -> AsyncGenerator[Synced, None]:
        """What came of each source, as it comes.  Who stops listening lets the source at hand be finished."""
        tasks = [asyncio.create_task(self._one(source)) for source in by_turns(sources)]
        try:
            for done in asyncio.as_completed(tasks):
                yield await done
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, source: Source) -> Synced:
        async with self._jobs:
            known = self._checks.get(source.name)
            try:
                fetched = await self._fetch(source, known)
            except RelnotesError as error:
                return self._failed(source, known, Outcome.UNREAD, error)
            async with self._writing:
                applying = asyncio.ensure_future(asyncio.to_thread(self._apply, source, known, fetched))
                try:
                    return await asyncio.shield(applying)
                except asyncio.CancelledError:
                    await asyncio.wait([applying])  # who is told to stop finishes what is begun
                    raise

    # -- fetching ----------------------------------------------------------------------------------

    async def _fetch(self, source: Source, known: Check | None) -> Fetched:
        if source.url:
            return await self._page(source, source.url, known)
        files = [await asyncio.to_thread(fetch, str(path)) for path in source.files(self.folder)]
        return Fetched(tuple(self._unapplied(files, source, known)))

    async def _page(self, source: Source, url: str, known: Check | None) -> Fetched:
        now = self.clock()
        if known and known.not_before and known.not_before > now and not self.force:
            wait = (known.not_before - now).total_seconds()
            what = f"its server asks to be left alone until {known.not_before:%Y-%m-%d %H:%M} UTC"
            raise FetchError(what, shown(url), "wait, or use --force", wait)
        applied = known if known and known.reading == reading(source) and not self.force else None
        validators = Validators(applied.etag, applied.modified) if applied else Validators()
        page = await self.web.page(url, validators, source.robots == "obey")
        if page.data is None:
            return Fetched((), validators, page.moved)
        same = applied and applied.digest == digest(page.data)
        return Fetched(() if same else (page.data,), page.validators, page.moved)

    def _unapplied(self, files: Sequence[bytes], source: Source, known: Check | None) -> Sequence[bytes]:
        """The snapshots after the one that was applied last; the last one, if that is not among them."""
        if known is None or known.digest is None:
            return files
        if self.force or known.reading != reading(source):
            return files[-1:]
        digests = [digest(data) for data in files]
        return files[digests.index(known.digest) + 1 :] if known.digest in digests else files[-1:]

    # -- applying ----------------------------------------------------------------------------------

    def _apply(self, source: Source, known: Check | None, fetched: Fetched) -> Synced:
        """Keep what was fetched, and what is to be remembered of it."""
        check = self._succeeded(source, known, fetched)
        if not fetched.snapshots:
            self._note(check)
            return Synced(source.name, check.outcome, moved=fetched.moved)
        try:
            results = [self._read(source, data) for data in fetched.snapshots]
            self._doubt(source, results[-1])
        except _RefusedError as error:
            return self._failed(source, known, error.outcome, error)
        except RelnotesError as error:
            outcome = Outcome.NOT_A_LOG if isinstance(error, ParseError) else Outcome.UNREAD
            return self._failed(source, known, outcome, error)
        report = sum_of(self._keep(source, results, check))
        changed = bool(report.new or report.changed or report.gone)
        outcome = Outcome.CHANGED if changed else Outcome.UNCHANGED
        self._note(replace(check, outcome=outcome))
        return Synced(source.name, outcome, report, moved=fetched.moved)

    def _read(self, source: Source, data: bytes) -> ParseResult:
        where = source.url or str(self.folder / source.places[-1])
        return understood(data, shown(where), lexicon.load(), source.hints)

    def _doubt(self, source: Source, result: ParseResult) -> None:
        """Raise _RefusedError where a page has come that is hardly the change log that it was."""
        if self.force:
            return
        where, title = result.document.source, stranger(result, lexicon.load())
        if title:
            why = f"{where}: no longer looks like a change log (“{title}”); look at it, or use --force"
            raise _RefusedError(Outcome.NOT_A_LOG, why)
        before, now = self._live.get(source.name, 0), len(result.entries)
        if before >= FEW and 2 * now < before:
            why = f"{where}: holds {now} entries instead of {before}; look at it, or use --force"
            raise _RefusedError(Outcome.FEWER, why)

    def _keep(self, source: Source, results: Sequence[ParseResult], check: Check) -> list[IngestReport]:
        if self.dry:
            return self.store.rehearse(results, self.clock(), source.name)
        return [self._ingest(source, result, check) for result in results]

    def _ingest(self, source: Source, result: ParseResult, check: Check) -> IngestReport:
        assert result.origin is not None
        applied = replace(check, outcome=Outcome.CHANGED, digest=digest(result.origin.data))
        return self.store.ingest(result, self.clock(), source.name, applied)

    # -- remembering -------------------------------------------------------------------------------

    def _note(self, check: Check) -> None:
        if not self.dry:
            self.store.note(check)

    def _succeeded(self, source: Source, known: Check | None, fetched: Fetched) -> Check:
        now = self.clock()
        kept = known.digest if known else None
        return Check(
            source.name,
            now,
            Outcome.UNCHANGED,
            succeeded=now,
            moved=fetched.moved,
            reading=reading(source),
            etag=fetched.validators.etag,
            modified=fetched.validators.modified,
            digest=digest(fetched.snapshots[-1]) if fetched.snapshots else kept,
        )

    def _failed(self, source: Source, known: Check | None, outcome: Outcome, error: Exception) -> Synced:
        now, why = self.clock(), str(error)
        wait = error.wait if isinstance(error, FetchError) else None
        before = known or Check(source.name, now, outcome)
        self._note(
            replace(
                before,
                checked=now,
                outcome=outcome,
                error=why,
                failures=before.failures + 1,
                not_before=now + timedelta(seconds=wait) if wait else None,
            )
        )
        return Synced(source.name, outcome, error=why)


def by_turns(sources: Sequence[Source]) -> list[Source]:
    """The first source of each host, then the second ones: so that few wait for each other."""
    hosts: Counter[str] = Counter()
    turns = []
    for source in sources:
        host = urlsplit(source.url).netloc if source.url else source.name
        hosts[host] += 1
        turns.append(hosts[host])
    return [source for _, source in sorted(zip(turns, sources, strict=True), key=lambda pair: pair[0])]


def reading(source: Source) -> str:
    """From where and with which hints: what was learnt of one reading does not hold for another."""
    return " ".join([*source.places[:1], f"{source.vendor} {source.lang} {source.form}"])


def digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()


def sum_of(reports: Sequence[IngestReport]) -> IngestReport:
    """All that several snapshots of a source brought; what the last one left unchanged."""
    return IngestReport(
        new=tuple(one for report in reports for one in report.new),
        changed=tuple(one for report in reports for one in report.changed),
        unchanged=reports[-1].unchanged,
        gone=tuple(one for report in reports for one in report.gone),
        reread=tuple(one for report in reports for one in report.reread),
    )
