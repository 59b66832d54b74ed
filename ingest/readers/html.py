"""HTML → Document: the page's own text, a block an element, each with the path of its element.

Page furniture (scripts, navigation, cookie banners, footers) is left out.  Headings, list items, table
rows, code and rules keep their kind; a paragraph that is bold as a whole is a heading of level 7; where
the same container repeats (a card an entry), a rule of no length marks each beginning.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PreformattedString, Tag

from ingest.model import PSEUDO_HEADING, Block, BlockKind, Document, Form, Span

LONGEST_PATH = 400  # characters of an element's path; what nests deeper names its ancestor
_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "aside",
        "form",
        "button",
        "select",
        "option",
        "svg",
        "iframe",
        "object",
        "canvas",
        "video",
        "audio",
        "input",
        "head",
        "dialog",
    ]
)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|breadcrumbs?|sidebar|toc|navbar|navigation|nav|menu|skip(?:-?link)?|share|social|pagination|feedback|newsletter|search-?box|site-(?:header|footer)|page-(?:header|footer))(?:$|[\s_-])",
    re.I,
)
_STRONG = frozenset(("strong", "b"))
_MARKING = _STRONG | {"em", "i", "cite"}
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "br",
        "caption",
    ]
)
_STAMPED_IN = frozenset(["article", "details", "div", "header", "p", "section"])
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_LAID_OUT = frozenset([*_HEADINGS, "hr", "table"])  # what no cell of data holds
_BADGE = re.compile(r"(?:^|[\s_-])(?:tag|label|badge|pill|chip|category|kind|type|status)(?:$|[\s_-])", re.I)
_STAMP = re.compile(r"(?:^|[\s_-])(?:date|datetime|time|timestamp|published|pubdate|posted)(?:$|\s)", re.I)
# a remark inside of an entry: its title, whatever its level, titles no entry
_ASIDE = re.compile(r"(?:^|[\s_-])(?:tip|note|important|warning|caution|hint|admonition)(?:$|[\s_-])", re.I)
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:authors?|byline|avatar|users?|read(?:ing)?(?:[_-]time)?|views|comments|duration)(?:$|\s)",
    re.I,
)
_ENTITLED = re.compile(
    r"(?:^|\s)(?:\w*(?:entry|post|item|card|news|release|change|changelog|update|article|story|event|announcement|incident)[_-]+)?"
    r"(?:title|headline|heading)(?:$|\s)",
    re.I,
)
# what is pressed to unfold an entry, and what holds that
_UNFOLDING = re.compile(
    r"(?:^|\s)(?:accordion|collapse|collapsible)[\w-]{0,30}?(?:header|heading|title|button|trigger|toggle)(?:$|\s)",
    re.I,
)
_BETWEEN = " \t\r\n\f\v\u00a0·•|/,–—-"  # what parts the pieces of a line such as "12 May · New"
_DIGIT = re.compile(r"\d")
_NUMBERED = re.compile(r"\d[.,/-]\d|\d{3}")  # a version or a date rather than a product: "TLS 1.0"
LONGEST_NAME, LONGEST_VALUE = 30, 100  # characters of a list's names and values
LONGEST_STAMP = 40  # characters
_BLANK = re.compile(r"[ \t\r\n\f\v]+")


def read(markup: str, source: str) -> Document:
    """The document of a page; never raises, for any text is some HTML."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        soup = BeautifulSoup(markup, "lxml")
    writer = Writer()
    writer.walk(_main(soup))
    html = soup.find("html")
    lang = html.get("lang") if isinstance(html, Tag) else None
    title = soup.title.get_text(" ", strip=True) if soup.title else None
    return Document(
        source, writer.text(), Form.HTML, tuple(writer.blocks), str(lang)[:2].lower() if lang else None, title
    )


def read_fragment(markup: str, writer: Writer) -> None:
    """Append the blocks of a piece of HTML, such as a feed item's content."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        writer.walk(BeautifulSoup(f"<body>{markup}</body>", "lxml"))


def _main(soup: BeautifulSoup) -> Tag:
    """The element that holds the page's own text."""
    mains = soup.find_all("main") or soup.find_all(attrs={"role": "main"})
    if len(mains) == 1 and isinstance(mains[0], Tag):
        return mains[0]
    body = soup.body
    return body if body is not None else soup


class Writer:
    """Collects text and blocks while the tree is walked; offsets count in `text()`."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0

    def text(self) -> str:
        return "".join(self._parts)

    def line(self, content: str, kind: BlockKind, level: int = 0, element: str | None = None) -> None:
        """Append a block of its own line, with a blank line between blocks of running text."""
        self._emit(_Inline(content), kind, level, element, 0)

    def inline(self, markup: str, kind: BlockKind, level: int = 0) -> None:
        """Append a block of inline markup, such as a feed item's title: no block elements in it."""
        run = _Inline()
        body = BeautifulSoup(f"<body><span>{markup}</span></body>", "lxml").body
        if body is not None:
            run.element(body)
        self._emit(run, kind, level, None, 0)

    def rule(self, level: int = 0) -> None:
        self.blocks.append(Block(Span(self._length, self._length), BlockKind.RULE, level))

    def walk(self, root: Tag) -> None:
        # A stack instead of recursion: pages nest deeper than Python likes.
        stack: list[tuple[Iterator[object], _Frame]] = [(iter(root.children), _Frame(root, root.name))]
        run = _Inline()
        while stack:
            children, frame = stack[-1]
            child = next(children, None)
            if child is None:
                self._flush(run, frame)
                run = _Inline()
                stack.pop()
                continue
            if isinstance(child, NavigableString):
                if id(child) not in frame.stamped and (
                    not isinstance(child, PreformattedString) or child.__class__ is NavigableString
                ):
                    run.add(str(child))
                continue
            if not isinstance(child, Tag) or _dropped(child, frame):
                continue
            if child.name not in _BLOCKS and not child.find(_is_block):
                if id(child) in frame.stamped:
                    self._flush(run, frame)
                    run = _Inline()
                    self._stamped(child, frame)
                elif (
                    _is_badge(child)
                    and not run.stripped()
                    and (
                        frame.kind is BlockKind.HEADING
                        or frame.tag.name in ("div", "section", "article", "li", "header", "p")
                    )
                ):
                    self._badge(child, frame)
                else:
                    run.element(child)
                continue
            self._flush(run, frame, broken=child.name == "br")
            run = _Inline()
            if child.name in ("hr", "br"):
                if child.name == "hr":
                    self.rule()
                continue
            if child.name == "tr" and not frame.rows_hold_blocks:
                self._row(child, frame)
                continue
            if child.name == "pre":
                self._code(child, frame)
                continue
            if child.name == "dl" and (pairs := _named_values(child)):
                self._fields(pairs, f"{frame.path}/dl")
                continue
            if child.name == "td" and _labels_next(child):
                self._badge(child, frame)
                continue
            if child.name == "tr" or frame.repeats(child):
                self.rule(level=1)
            stack.append((iter(child.children), frame.into(child)))

    def _badge(self, tag: Tag, frame: _Frame) -> None:
        self.line(tag.get_text(" ", strip=True), BlockKind.LABEL, 0, f"{frame.path}/{tag.name}")

    def _stamped(self, tag: Tag, frame: _Frame) -> None:
        """A piece of a line that says when, what kind and by whom: each is a block of its own."""
        kind = BlockKind.PARAGRAPH
        if _is_badge(tag):
            kind = BlockKind.LABEL
        elif _BYLINE.search(_classes(tag)):
            kind = BlockKind.NAVIGATION
        run = _Inline()
        run.element(tag)
        self._emit(run, kind, 0, f"{frame.path}/{tag.name}", 0)

    def _flush(self, run: _Inline, frame: _Frame, broken: bool = False) -> None:
        """Write what has been collected; `broken` where the page itself ends the line there."""
        if not run.stripped():
            return
        kind, level, lead = frame.kind, frame.level, 0
        if (
            kind is BlockKind.PARAGRAPH
            and run.bold
            and len(run.stripped()) <= 160
            and (broken or frame.tag.name not in ("td", "th"))
        ):
            kind, level = BlockKind.HEADING, PSEUDO_HEADING
        if kind is BlockKind.ITEM:
            frame.used_item()
            prefix = "  " * (level - 1) + "• "
            run.prefix(prefix)
            lead = len(prefix)
        self._emit(run, kind, level, frame.path, lead)

    def _emit(self, run: _Inline, kind: BlockKind, level: int, element: str | None, lead: int) -> None:
        text, links, code, marked = run.finish()
        if not text.strip():
            return
        if self._parts:
            tight = kind in (BlockKind.ITEM, BlockKind.ROW) and self.blocks and self.blocks[-1].kind is kind
            self._append("\n" if tight else "\n\n")
        start = self._length
        self._append(text)
        self.blocks.append(
            Block(
                Span(start, self._length),
                kind,
                level,
                lead,
                element,
                tuple((span.shifted(start), target) for span, target in links),
                tuple(span.shifted(start) for span in code),
                tuple(span.shifted(start) for span in marked),
            )
        )

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _row(self, row: Tag, frame: _Frame) -> None:
        """One line for a table row, its cells parted by bars; header rows have level 1."""
        cells = [cell for cell in row.find_all(["td", "th"], recursive=False) if isinstance(cell, Tag)]
        run = _Inline()
        for number, cell in enumerate(cells):
            if number:
                run.add(" | ")
            run.element(cell)
        head = bool(cells) and all(cell.name == "th" for cell in cells)
        self._emit(run, BlockKind.ROW, int(head), f"{frame.path}/tr", 0)

    def _fields(self, pairs: Sequence[tuple[Tag, Tag]], path: str) -> None:
        """A line for each name and its value, parted by a colon."""
        for name, value in pairs:
            run = _Inline()
            run.element(name)
            run.add(" " if run.stripped().endswith(":") else ": ")
            run.element(value)
            self._emit(run, BlockKind.PARAGRAPH, 0, f"{path}/dd", 0)

    def _code(self, pre: Tag, frame: _Frame) -> None:
        text = pre.get_text().strip("\n").rstrip()
        run = _Inline()
        run.verbatim(text)
        self._emit(run, BlockKind.CODE, 0, f"{frame.path}/pre", 0)


class _Frame:
    """Where the walk stands: the block kind in force, its level, and the path of the element."""

    def __init__(
        self,
        tag: Tag,
        path: str,
        kind: BlockKind = BlockKind.PARAGRAPH,
        level: int = 0,
        depth: int = 0,
        around: _Frame | None = None,
    ) -> None:
        self.around = around if kind is BlockKind.ITEM and tag.name != "li" else None
        self.tag, self.path, self.kind, self.level, self.depth = tag, path, kind, level, depth
        self.rows_hold_blocks = tag.name in ("tbody", "table") and _rows_hold_blocks(tag)
        self.stamped = _stamped(tag)
        self._seen: Counter[str] = Counter()
        self._repeated = _repeated(tag)

    def into(self, child: Tag) -> _Frame:
        self._seen[child.name] += 1
        step = f"/{child.name}[{self._seen[child.name]}]"
        path = self.path + step if len(self.path) < LONGEST_PATH else self.path
        kind, level, depth = self.kind, self.level, self.depth
        if child.name in _HEADINGS:
            level = PSEUDO_HEADING if _ASIDE.search(_classes(self.tag)) else _HEADINGS[child.name]
            kind = BlockKind.HEADING
        elif child.name == "dt" or child.name == "summary":
            kind, level = BlockKind.HEADING, PSEUDO_HEADING
        elif child.name in ("ul", "ol"):
            kind, level, depth = BlockKind.PARAGRAPH, 0, depth + 1
        elif child.name == "li":
            kind, level = BlockKind.ITEM, max(1, depth)
        elif child.name in ("div", "p") and kind is BlockKind.PARAGRAPH and _entitled(child):
            kind, level = BlockKind.HEADING, PSEUDO_HEADING
        return _Frame(child, path, kind, level, depth, self)

    def used_item(self) -> None:
        """Only the first text of an item bears its bullet, in whichever of its elements that stands."""
        frame: _Frame | None = self
        while frame is not None:
            frame.kind, frame.level = BlockKind.PARAGRAPH, 0
            frame = frame.around

    def repeats(self, child: Tag) -> bool:
        return _signature(child) in self._repeated


class _Inline:
    """A run of inline content: collapsed text, links and code as slices of it."""

    def __init__(self, text: str = "") -> None:
        self._text: list[str] = [text] if text else []
        self._length = len(text)
        self._links: list[tuple[Span, str]] = []
        self._code: list[Span] = []
        self._marked: list[Span] = []
        self._plain = 0
        self._strong = 0

    @property
    def bold(self) -> bool:
        return self._strong > 0 and self._plain == 0

    def stripped(self) -> str:
        return "".join(self._text).strip()

    def prefix(self, text: str) -> None:
        self._text.insert(0, text)
        self._length += len(text)
        self._links = [(span.shifted(len(text)), target) for span, target in self._links]
        self._code = [span.shifted(len(text)) for span in self._code]
        self._marked = [span.shifted(len(text)) for span in self._marked]

    def verbatim(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)

    def add(self, text: str, strong: bool = False) -> None:
        text = _BLANK.sub(" ", text)
        if not self._length or (self._text and self._text[-1].endswith(" ")):
            text = text.lstrip(" ")
        if text:
            self._text.append(text)
            self._length += len(text)
            if text.strip(" :"):
                self._strong += strong
                self._plain += not strong

    def element(self, tag: Tag, strong: bool = False) -> None:
        """Append the text of an inline element; nested ones are followed without recursion limits."""
        stack: list[tuple[Tag, Iterator[object], bool, int]] = [
            (tag, iter(tag.children), strong or _is_strong(tag), self._length)
        ]
        while stack:
            current, children, bold, start = stack[-1]
            child = next(children, None)
            if child is None:
                stack.pop()
                self._close(current, start)
            elif isinstance(child, NavigableString):
                if not isinstance(child, PreformattedString):
                    self.add(str(child), bold)
            elif isinstance(child, Tag) and child.name not in _DROPPED and not _is_permalink(child):
                if child.name == "br" or (child.name in _BLOCKS and self._length):
                    self.add(" ", bold)
                stack.append((child, iter(child.children), bold or _is_strong(child), self._length))

    def _close(self, tag: Tag, start: int) -> None:
        span = Span(min(start, self._length), self._length)
        if not len(span):
            return
        if tag.name == "a" and tag.get("href"):
            self._links.append((span, str(tag["href"])))
        elif tag.name in ("code", "kbd", "samp", "tt", "var") and tag.name != "kbd":
            self._code.append(span)
        elif tag.name in _MARKING:
            self._marked.append(span)

    def finish(self) -> tuple[str, list[tuple[Span, str]], list[Span], list[Span]]:
        """The text, its links, and what of it is set as code, or marked."""
        text = "".join(self._text).rstrip()
        clip = len(text)
        links = [(Span(s.start, min(s.end, clip)), target) for s, target in self._links if s.start < clip]
        code, marked = (
            [Span(s.start, min(s.end, clip)) for s in spans if s.start < clip]
            for spans in (self._code, self._marked)
        )
        return text, links, code, marked


def _is_permalink(tag: Tag) -> bool:
    """Whether it is the sign by which a heading links to itself: "¶", "#", or nothing that shows."""
    if tag.name != "a" or "#" not in str(tag.get("href", "")) or tag.find("img"):
        return False
    return not any(map(str.isalnum, tag.get_text()))


def _is_block(tag: Tag) -> bool:
    return tag.name in _BLOCKS and tag.name != "br"


def _is_strong(tag: Tag) -> bool:
    return tag.name in _STRONG


def _is_badge(tag: Tag) -> bool:
    text = tag.get_text(" ", strip=True)
    return 0 < len(text) <= 30 and bool(_BADGE.search(_classes(tag)))


def _classes(tag: Tag) -> str:
    return " ".join(tag.get("class") or ())


def _is_stamp(tag: Tag) -> bool:
    """Whether an element says when: a time, or what is called a date and has a digit in it."""
    if tag.name != "time" and not (
        tag.name in ("span", "small", "em", "i", "b", "strong") and tag.has_attr("class")
    ):
        return False
    if tag.name != "time" and not _STAMP.search(_classes(tag)):
        return False
    text = tag.get_text(" ", strip=True)
    return len(text) <= LONGEST_STAMP and any(character.isdigit() for character in text)


def _stamped(parent: Tag) -> frozenset[int]:
    """The children of lines that say when, of what kind and by whom: elements only, a date among them,
    with nothing but dots or dashes between them.  By identity."""
    if parent.name not in _STAMPED_IN:
        return frozenset()
    found: set[int] = set()
    line: list[Tag | NavigableString] = []
    for child in (*parent.children, None):
        if isinstance(child, NavigableString) or (isinstance(child, Tag) and child.name not in _BLOCKS):
            line.append(child)
        elif child is None or isinstance(child, Tag):
            found.update(map(id, line) if _is_stamped_line(line) else ())
            line = []
    return frozenset(found)


def _is_stamped_line(line: Sequence[Tag | NavigableString]) -> bool:
    tags = [child for child in line if isinstance(child, Tag)]
    if not any(map(_is_stamp, tags)) or any(tag.find(_is_block) for tag in tags):
        return False
    return not any(str(child).strip(_BETWEEN) for child in line if not isinstance(child, Tag))


def _entitled(tag: Tag) -> bool:
    """Whether an element is a title by its class, or holds but a button that unfolds what it titles."""
    button = tag.find("button", recursive=False) if _UNFOLDING.search(_classes(tag)) else None
    if isinstance(button, Tag) and _unfolds(button, tag) and not button.find(list(_HEADINGS)):
        return True
    return _ENTITLED.search(_classes(tag)) is not None


def _unfolds(button: Tag, parent: Tag) -> bool:
    """Whether a button is an entry's title, pressed to unfold its text: it holds the heading, or is all
    that a heading says; no "Copy" or "Show more" beside one."""
    if button.find(list(_HEADINGS)):
        return True
    unfolds = _UNFOLDING.search(f"{_classes(button)} {_classes(parent)}") is not None
    said = button.get_text(" ", strip=True).split()
    titles = parent.name in _HEADINGS and (len(said) > 1 or button.has_attr("aria-expanded"))
    if not unfolds and not titles:
        return False  # "Share"
    others = (other for other in parent.children if other is not button)
    return not any(str(one.get_text() if isinstance(one, Tag) else one).strip() for one in others)


def _dropped(tag: Tag, frame: _Frame) -> bool:
    if tag.has_attr("hidden") or _is_permalink(tag):
        return True
    if tag.name in _DROPPED and not (tag.name == "button" and _unfolds(tag, frame.tag)):
        return True
    if tag.get("aria-hidden") == "true":
        return True
    if tag.get("role") in ("navigation", "search", "dialog", "contentinfo"):
        return True
    if tag.name in ("header", "footer"):
        return not any(
            parent.name in ("main", "article", "section") for parent in [frame.tag, *frame.tag.parents]
        )
    names = " ".join([str(tag.get("id") or ""), *(tag.get("class") or ())])
    return bool(names.strip()) and tag.name in _BLOCKS | {"span", "a"} and bool(_FURNITURE.search(names))


def _rows_hold_blocks(table: Tag) -> bool:
    """Whether a table lays out the page, or entries in cells: headings, rules and tables stand in it, or
    paragraphs and lists in some of its rows."""
    rows = [row for row in table.find_all("tr", recursive=False) if isinstance(row, Tag)]
    if any(_lays_out(cell) or _titles_lines(cell) for row in rows for cell in row.children):
        return True
    holding = [row for row in rows if any(_holds_text(cell) for cell in row.find_all("td", recursive=False))]
    return len(holding) >= 2 and 2 * len(holding) >= len(rows)


def _labels_next(cell: Tag) -> bool:
    """Whether a cell of a word or two stands beside one that opens with a heading, in a table that explains
    no text above it."""
    table = cell.find_parent("table")
    above = table.find_previous_sibling(True) if table else None
    if isinstance(above, Tag) and above.name not in _HEADINGS:
        return False
    beside = cell.find_next_sibling(True)
    opening = beside.find(True) if isinstance(beside, Tag) else None
    if not isinstance(opening, Tag) or opening.name not in _HEADINGS or cell.find(_is_block):
        return False
    return 0 < len(cell.get_text(strip=True)) <= LONGEST_NAME


def _lays_out(cell: object) -> bool:
    """Whether a heading, a rule or a table stands anywhere in a cell.

    The first one ends the search, and nothing is looked up at the cell's end: tables nest deep.
    """
    stack: list[Iterator[object]] = [iter([cell])] if isinstance(cell, Tag) and cell.name == "td" else []
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
        elif isinstance(element, Tag):
            if element.name in _LAID_OUT:
                return True
            stack.append(iter(element.children))
    return False


def _titles_lines(cell: object) -> bool:
    """Whether several lines of a cell that breaks its lines are bold: titles of what stands below them."""
    if not isinstance(cell, Tag) or cell.name != "td" or cell.find("br", recursive=False) is None:
        return False
    bold = (child for child in cell.children if isinstance(child, Tag) and _is_strong(child))
    return sum(_ends_line(child) for child in bold) >= 2


def _ends_line(tag: Tag) -> bool:
    """Whether nothing but a break follows in an element's line."""
    after = next((one for one in tag.next_siblings if isinstance(one, Tag) or str(one).strip()), None)
    return isinstance(after, Tag) and after.name == "br"


def _holds_text(cell: object) -> bool:
    """Whether a cell holds more than a paragraph: several blocks, or a bold title over one."""
    if not isinstance(cell, Tag):
        return False
    blocks = [child for child in cell.children if isinstance(child, Tag) and _is_block(child)]
    return len(blocks) >= 2 or (len(blocks) == 1 and cell.find(["strong", "b"], recursive=False) is not None)


def _named_values(tag: Tag) -> list[tuple[Tag, Tag]]:
    """The pairs of a list of names and values ("Date", "June 4"), where all are short, some value has a
    digit and few names have: no list of terms that are explained, of dates, or of what has changed."""
    own = [child for child in tag.children if isinstance(child, Tag)]
    names, values = own[::2], own[1::2]
    if len(names) < 2 or [child.name for child in own] != ["dt", "dd"] * len(names):
        return []
    if any(one.find(_is_block) for one in own):
        return []
    said = [name.get_text(strip=True) for name in names]
    told = [value.get_text(strip=True) for value in values]
    short = max(map(len, said)) <= LONGEST_NAME and max(map(len, told)) <= LONGEST_VALUE
    few = 2 * sum(_DIGIT.search(name) is not None for name in said) <= len(said)
    few = few and not any(_NUMBERED.search(name) for name in said)
    plain = few and not any(one.endswith(".") for one in told)
    numbered = any(_DIGIT.search(one) for one in told)
    return list(zip(names, values, strict=True)) if short and plain and numbered else []


def _signature(tag: Tag) -> str:
    return f"{tag.name}.{'.'.join(tag.get('class') or ())}"


def _repeated(parent: Tag) -> frozenset[str]:
    """The kinds of container that stand at least three times, with content of their own, in `parent`."""
    if parent.name in ("ul", "ol", "table", "tbody", "thead", "tr", "dl"):
        return frozenset()
    counts = Counter(
        _signature(child)
        for child in parent.children
        if isinstance(child, Tag) and child.name in ("div", "article", "section", "details")
    )
    return frozenset(signature for signature, count in counts.items() if count >= 3)
