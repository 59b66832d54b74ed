"""How do entries become Markdown pages of somebody else's site?  A page for each entry, and a list of them.

The pages suit MkDocs, Sphinx with MyST, and Hugo: front matter as YAML, a body without raw HTML, links to
`.md` files.  Every character that means something in Markdown, in HTML or to Hugo's shortcodes is escaped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from index.store import StoredEntry
from ingest.model import Block, BlockKind, Form, Span
from webapp.config import SiteConfig
from webapp.excerpt import title_of
from webapp.export import Report
from webapp.labels import Labels, labels_in
from webapp.library import Library
from webapp.markup import blocks_of, parts, source_notes
from webapp.notes import Note, nested
from webapp.sitefolder import Made, SiteFolder, digest, packed
from webapp.text import line, shown

LOG = "log.md"
_SPECIAL = re.compile(r"([\\`*_{}\[\]#])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "~": "&#126;", "\t": " "}
_ENTITY = re.compile(r"[&<>|~\t]")
_OPENING = re.compile(r"^(\d+)([.)])|^([-+=:])")  # what would begin a list, a rule or a definition
_FENCE = re.compile(r"\A[ \t]*(?:```|~~~)[^\n]*|(?:\n|\A)[ \t]*(?:```|~~~)[ \t]*\Z")
_SHORTCODE = re.compile(r"\{\{[<%]")


def write(config: SiteConfig, out: Path) -> Report:
    """Write the stored entries to `out` as Markdown.  Raises ConfigError where it holds something else."""
    folder, labels = SiteFolder(out), labels_in("en")
    library = Library(config.data_dir, config.aliases)
    with folder.locked():
        before = folder.manifest()
        pages = dict(_pages(library, config.title, labels))
        files = {file: digest(data) for file, data in pages.items()}
        old = {file: kept for made in before.things.values() for file, kept in made.files.items()}
        changed = [file for file in files if old.get(file) != files[file]]
        things = {"fragment": Made(b"", packed(files))}
        step = before.step(things)
        gone = step.files_gone
        if changed or gone:
            folder.prepare(before)
            folder.remove(gone)
            for file in changed:
                folder.write(file, pages[file])
            folder.swap(step.manifest(things), step)
    return Report(len(files), len(changed), len(gone))


def _pages(library: Library, title: str, labels: Labels) -> Iterator[tuple[str, bytes]]:
    listed = []
    for stored in library.store.all():
        listed.append(stored)
        yield f"entries/{stored.id}.md", page(stored, library.form(stored), labels).encode()
    yield LOG, log(listed, title, labels).encode()


def page(stored: StoredEntry, form: Form, labels: Labels) -> str:
    """An entry as a Markdown page."""
    text = shown(stored.text)
    split = parts(stored.entry, text)
    body = Writer(text, tuple(source_notes(blocks_of(stored.entry, text), text, form))).blocks(split.body)
    return f"{_front(_facts(stored, labels))}\n{body}\n"


def log(entries: Iterable[StoredEntry], title: str, labels: Labels) -> str:
    """The list of all entries, newest first, by month."""
    out = [_front({"title": title})]
    for month, group in groupby(entries, key=_month):
        out.append(f"\n## {labels.month(month) if month else labels.gettext('No date known')}\n")
        for stored in group:
            link = f"[{escaped(title_of(stored))}](entries/{stored.id}.md)"
            out.append(f"- {link} ({labels.type(stored.entry.type)})")
    return "\n".join(out) + "\n"


def _month(stored: StoredEntry) -> date | None:
    return stored.entry.dated.middle.replace(day=1) if stored.entry.dated else None


def _facts(stored: StoredEntry, labels: Labels) -> dict[str, Any]:
    """What site generators know of a page, and below `relnotes` what only we do."""
    entry = stored.entry
    windows = ((w.start, w.end) for w in entry.current_windows)
    own = {
        "id": stored.id,
        "type": entry.type.value,
        "language": entry.lang,
        "source": line(stored.source),
        "status": entry.status.status.value if entry.status else None,
        "windows": [[f"{at:%Y-%m-%dT%H:%MZ}" for at in window] for window in windows],
        "effective": [each.day.isoformat() for each in entry.effective],
        "endpoints": [line(each.name) for each in entry.endpoints],
        "parameters": [line(each.name) for each in entry.parameters],
        "date": entry.dated.basis.value if entry.dated else None,
        "gone": stored.gone,
    }
    facts: dict[str, Any] = {"title": title_of(stored)}
    if entry.dated:
        facts["date"] = entry.dated.middle.isoformat()
    facts |= {
        "lastmod": f"{stored.last_changed:%Y-%m-%dT%H:%M:%SZ}",
        "categories": [labels.type(entry.type)],
        "tags": [line(product.name) for product in entry.products],
        "relnotes": {key: value for key, value in own.items() if value},
    }
    return facts


def _front(facts: dict[str, Any]) -> str:
    """YAML, each value in the part of it that is JSON."""
    lines = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in facts.items())
    return f"---\n{lines}---\n"


def escaped(text: str) -> str:
    """The text with nothing in it that Markdown, HTML or a shortcode would take for its own."""
    plain = _SPECIAL.sub(r"\\\1", text)
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], plain)


def _at_start(text: str) -> str:
    """Text that begins a line: `1.` and `-` begin no list."""
    return _OPENING.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", text)


@dataclass(frozen=True)
class Writer:
    """Writes one entry's blocks as Markdown; `notes` lie over `text`."""

    text: str
    notes: tuple[Note, ...]

    def blocks(self, blocks: Sequence[Block]) -> str:
        """Blocks with blank lines between them, but for the items of a list."""
        out = []
        for item, group in groupby(blocks, key=lambda block: block.kind is BlockKind.ITEM):
            found = [self._block(block) for block in group]
            out.append(("\n" if item else "\n\n").join(one for one in found if one))
        return "\n\n".join(one for one in out if one)

    def _block(self, block: Block) -> str:
        if block.kind is BlockKind.RULE:
            return "---"
        if block.kind is BlockKind.CODE:
            return self._code(_FENCE.sub("", block.content.of(self.text)).strip("\n"))
        said = _at_start(self.inline(block.content))
        if not said:
            return ""
        if block.kind is BlockKind.ITEM:
            return f"{'    ' * max(block.level - 1, 0)}- {said}"
        return f"## {said}" if block.kind in (BlockKind.HEADING, BlockKind.SUBHEADING) else said

    def _code(self, code: str) -> str:
        """A fenced block; one with a shortcode in it as text, for Hugo would run it even there."""
        if _SHORTCODE.search(code):
            return "\\\n".join(_at_start(escaped(one)) for one in code.split("\n"))
        fence = "```" + "`" * max((len(run) - 2 for run in re.findall("`{3,}", code)), default=0)
        return f"{fence}\n{code}\n{fence}"

    def inline(self, span: Span) -> str:
        """The characters of one line, with links, code and emphasis."""
        inside = [note for note in self.notes if span.start <= note.span.start and note.span.end <= span.end]
        return " ".join(self._run(span, nested(inside)).split())

    def _run(self, span: Span, notes: list[Note]) -> str:
        out, at, number = [], span.start, 0
        while number < len(notes):
            note, after = notes[number], number + 1
            while after < len(notes) and notes[after].span.start < note.span.end:
                after += 1
            out += [escaped(self.text[at : note.span.start]), self._wrapped(note, notes[number + 1 : after])]
            at, number = note.span.end, after
        return "".join((*out, escaped(self.text[at : span.end])))

    def _wrapped(self, note: Note, inside: list[Note]) -> str:
        if note.tag == "hide":
            return ""
        raw, inner = note.span.of(self.text), self._run(note.span, inside)
        if note.tag == "code" and not note.href and "`" not in raw and not _SHORTCODE.search(raw):
            return f"`{raw}`"
        if note.href:
            return f"[{inner}](<{note.href.replace('<', '%3C').replace('>', '%3E')}>)"
        mark = {"strong": "**", "em": "*"}.get(note.tag, "")
        return f"{mark}{inner}{mark}"
