"""The errors that a user can meet.  Each says what is wrong, where, and what to do, in one line."""

from __future__ import annotations


class RelnotesError(Exception):
    """Base of every error that is meant for the user: `what` happened, `where`, and what to do."""

    def __init__(self, what: str, where: str | None = None, todo: str | None = None) -> None:
        self.what, self.where, self.todo = what, where, todo
        super().__init__(str(self))

    def __reduce__(self) -> tuple[type[RelnotesError], tuple[str | None, ...]]:
        """So that an error keeps its parts on the way from one process to another."""
        return type(self), (self.what, self.where, self.todo)

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        line = f"{line}; {self.todo}" if self.todo else line
        return " ".join(line.split())


class SourceError(RelnotesError):
    """A source cannot be read: missing, a directory, binary, undecodable, too large."""


class FetchError(SourceError):
    """A page cannot be fetched.  `wait` is how many seconds its server asks to be left alone, if it does."""

    def __init__(self, what: str, where: str, todo: str | None = None, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(what, where, todo)


class ParseError(RelnotesError):
    """A source was read, but holds nothing that is a change log."""


class PackError(RelnotesError):
    """A language or vendor pack is malformed."""


class StoreError(RelnotesError):
    """The store cannot be opened, read or written."""


class SearchIndexError(RelnotesError):
    """The search index cannot be opened or written; it can always be rebuilt from the store."""


class QueryError(RelnotesError):
    """A query or one of its filters makes no sense."""


class ConfigError(RelnotesError):
    """`relnotes.toml` or an option is malformed."""
