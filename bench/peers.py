"""How do tantivy, SQLite's FTS5 and plain Whoosh do the same work?  The peers of the search benchmark.

A page is the best 20, how many there are in all, and the counts of four facets.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import ID, KEYWORD, NUMERIC, TEXT, Schema
from whoosh.index import create_in

from bench.corpus import Made
from bench.queries import Asked

FACETS = ("type", "product", "endpoint", "lang")
LIMIT = 20


class Engine(Protocol):
    """A search engine under test."""

    name: str

    def page(self, asked: Asked) -> int:
        """Answer one page; how many entries match."""
        ...


class Tantivy:
    """tantivy: facets by terms aggregations over fast fields; ids are not fetched, to its advantage."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        import tantivy

        self.tantivy = tantivy
        self.index = tantivy.Index.open(str(folder)) if folder.exists() else None
        self.searcher = self.index.searcher() if self.index else None
        self.aggregation = {f: {"terms": {"field": f, "size": 50}} for f in FACETS}

    @classmethod
    def build(cls, folder: Path, entries: Iterable[Made]) -> Tantivy:
        import tantivy

        schema = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="en_stem")
        for facet in FACETS:
            schema = schema.add_text_field(facet, tokenizer_name="raw", fast=True, index_option="basic")
        schema = schema.add_integer_field("day", fast=True, indexed=True).add_text_field("id", stored=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        writer = tantivy.Index(schema.build(), str(folder)).writer(256_000_000)
        for number, made in enumerate(entries):
            writer.add_document(tantivy.Document(**_fields(made), id=str(number)))
        writer.commit()
        writer.wait_merging_threads()
        return cls(folder)

    def page(self, asked: Asked) -> int:
        query = self._query(asked)
        assert self.searcher is not None
        order: dict[str, Any] = {"order_by_field": "day"} if asked.by_date else {}
        found = self.searcher.search(query, limit=LIMIT, count=True, **order)
        self.searcher.aggregate(query, self.aggregation)
        return int(found.count)

    def _query(self, asked: Asked) -> Any:
        make, must = self.tantivy.Query, self.tantivy.Occur.Must
        schema = self.index.schema if self.index else None
        stem = self._stem
        if asked.kind == "phrase":
            parts = [make.phrase_query(schema, "text", [stem(word) for word in asked.words])]
        elif asked.kind == "prefix":
            parts = [make.regex_query(schema, "text", f"{asked.words[0]}.*")]
        else:
            parts = [make.term_query(schema, "text", stem(word)) for word in asked.words]
        parts += [make.term_query(schema, facet, value) for facet, value in asked.filters]
        return parts[0] if len(parts) == 1 else make.boolean_query([(must, part) for part in parts])

    def _stem(self, word: str) -> str:
        builder = self.tantivy.TextAnalyzerBuilder(self.tantivy.Tokenizer.simple())
        if not hasattr(self, "_analyzer"):
            stemming = builder.filter(self.tantivy.Filter.lowercase())
            self._analyzer = stemming.filter(self.tantivy.Filter.stemmer("english")).build()
        return str(self._analyzer.analyze(word)[0])


class Fts5:
    """SQLite FTS5: BM25 with the title weighing more, facets by GROUP BY."""

    name = "fts5"

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute("PRAGMA mmap_size = 2000000000")

    @classmethod
    def build(cls, path: Path, entries: Iterable[Made]) -> Fts5:
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path)
        connection.executescript(
            "CREATE VIRTUAL TABLE words USING fts5(title, body, content='', prefix='3 4',"
            " tokenize='porter unicode61 remove_diacritics 2');"
            "CREATE TABLE entries (id INTEGER PRIMARY KEY, day INTEGER);"
            "CREATE TABLE tags (facet TEXT, value TEXT, id INTEGER, PRIMARY KEY (id, facet, value))"
            " WITHOUT ROWID;"
        )
        for number, made in enumerate(entries):
            connection.execute(
                "INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)", (number, made.title, made.body)
            )
            connection.execute("INSERT INTO entries VALUES (?, ?)", (number, made.day.toordinal()))
            tags = [(f, value, number) for f in FACETS for value in _tags(made)[f]]
            connection.executemany("INSERT INTO tags VALUES (?, ?, ?)", tags)
        connection.execute("CREATE INDEX by_tag ON tags (facet, value, id)")
        connection.execute("INSERT INTO words (words) VALUES ('optimize')")
        connection.execute("ANALYZE")
        connection.commit()
        connection.close()
        return cls(path)

    def page(self, asked: Asked) -> int:
        match = self._match(asked)
        where, values = self._where(asked)
        order = "e.day DESC" if asked.by_date else "bm25(words, 3.0, 1.0)"
        run = self.connection.execute
        run(
            f"SELECT e.id FROM words JOIN entries e ON e.id = words.rowid WHERE words MATCH ? {where}"
            f" ORDER BY {order} LIMIT {LIMIT}",
            (match, *values),
        ).fetchall()
        joined = "words JOIN entries e ON e.id = words.rowid"
        found = f"SELECT words.rowid AS id FROM {joined} WHERE words MATCH ? {where}"
        (total,) = run(f"SELECT count(*) FROM ({found})", (match, *values)).fetchone()
        run(
            f"SELECT facet, value, count(*) FROM tags WHERE id IN ({found}) GROUP BY facet, value",
            (match, *values),
        ).fetchall()
        return int(total)

    def _match(self, asked: Asked) -> str:
        if asked.kind == "phrase":
            return f'"{" ".join(asked.words)}"'
        star = "*" if asked.kind == "prefix" else ""
        return " AND ".join(f'"{word}"{star}' for word in asked.words)

    def _where(self, asked: Asked) -> tuple[str, list[str]]:
        clause = "AND e.id IN (SELECT id FROM tags WHERE facet = ? AND value = ?) "
        return clause * len(asked.filters), [one for pair in asked.filters for one in pair]


class PlainWhoosh:
    """Whoosh as in its docs; only built, for its pages cost a hundred times ours."""

    @classmethod
    def build(cls, folder: Path, entries: Iterable[Made]) -> None:
        stemmed = StemmingAnalyzer()
        tags = {facet: KEYWORD(commas=True, stored=True) for facet in FACETS}
        schema = Schema(id=ID(stored=True), title=TEXT(stemmed), body=TEXT(stemmed), day=NUMERIC, **tags)
        folder.mkdir(parents=True)
        index = create_in(str(folder), schema)
        with index.writer(procs=os.cpu_count(), multisegment=True, limitmb=128) as writer:
            for number, made in enumerate(entries):
                values = {facet: ",".join(found) for facet, found in _tags(made).items()}
                day = made.day.toordinal()
                writer.add_document(id=str(number), title=made.title, body=made.body, day=day, **values)


def _tags(made: Made) -> dict[str, list[str]]:
    return {
        "type": [made.type],
        "product": list(made.products),
        "endpoint": list(made.endpoints),
        "lang": [made.lang],
    }


def _fields(made: Made) -> dict[str, Any]:
    return {"text": f"{made.title}\n{made.text}", "day": made.day.toordinal(), **_tags(made)}
