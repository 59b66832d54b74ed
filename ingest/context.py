"""What surrounds a place in the outline?  The entry that is open, and facts of the whole document."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import pairwise, takewhile
from operator import or_

from ingest.dates import Kind
from ingest.grammar import FIELD, NUMBERED, SENTENCE_END, TICKET, TOKEN, WORD
from ingest.lexicon import key
from ingest.model import PSEUDO_HEADING, BlockKind, Cue, EntryType, Form
from ingest.numbering import numbered
from ingest.page import LONG, Page, all_caps, names_product
from ingest.roles import DATED_BIT, Part, Role
from ingest.series import dates_below, dates_under_titles, own_days, records
from ingest.stanzas import stanzas
from ingest.tags import tagged

PRELUDE = frozenset(
    {Role.NAVIGATION, Role.SECTION, Role.DATE, Role.LABEL, Role.RELEASE, Role.TITLE, Role.HEAD_ROW, Role.RULE}
)
PROSE = frozenset({Role.TEXT, Role.ITEM})
MOST_COUNTED, BEFORE_NOUN = 6, 40  # windows or calls of one entry; characters before the noun
OPENING, FEW_WORDS = 70, 5  # characters and words that open a text, or name a part of an entry
TOLD = (Role.TEXT, Role.HEADING)  # between a title that counts windows and the first of them
SUBHEADS = (Role.SUBHEADING, Role.MARKER)
APART = frozenset((Role.DATE, Role.LABEL, Role.RELEASE, Role.SECTION, Role.TITLE))  # between two entries
MAINTENANCE = ("maintenance.title", "maintenance.lead")
ABOVE_ENTRIES = frozenset((Role.NAVIGATION, Role.TITLE, Role.SECTION, Role.DATE, Role.RULE))
MOSTLY = 0.75  # of the places at which a line stands
FEWEST = 3  # headings that tell a structure
DATED = "dates"  # stands among the categories of words for: has a date, an hour or a zone in it
FEW_APART = 4  # texts that stand apart, dates and labels
PRODUCTS = "products"  # and for: names a product of the page's vendor


@dataclass(slots=True)
class Open:
    """The entry under way."""

    first: int
    heading: int | None
    body: int
    cues: tuple[Cue, ...] = ()
    score: float = 9.0
    group: EntryType | None = None
    words: set[str] = field(default_factory=set)
    unheard: list[int] = field(default_factory=list)  # parts whose words are not yet among them


class _Stems(dict[str, str]):
    """A word of small letters, cut to its stem's length; nothing of a short or a common one."""

    def __init__(self, common: Collection[str]) -> None:
        super().__init__()
        self.common = common

    def __missing__(self, word: str) -> str:
        self[word] = stem = word[:6] if len(word) >= 4 and word not in self.common else ""
        return stem


class Context:
    """The outline, the entry that is open, and what the cues ask of both."""

    def __init__(self, page: Page, parts: Sequence[Part]) -> None:
        self.page, self.parts, self.marks = page, parts, page.marks
        self.roles = [part.role for part in parts]
        self.open: Open | None = None
        self.level = _entry_level(page, parts)
        self._words: dict[int, frozenset[str]] = {}
        self._stems = _Stems(self.common)
        self._counts: dict[int, int] = {}
        self._sentences: dict[int, int] = {}
        self._languages: dict[tuple[int, int], str | None] = {}
        self._bits: dict[tuple[str, ...], int] = {(DATED,): DATED_BIT, (): 0}
        self._cohesion: dict[int, float] = {}
        self._places: dict[str, defaultdict[str, list[int]]] = {}
        self._next: dict[tuple[Role, ...], list[int | None]] = {}

    def bits(self, categories: tuple[str, ...]) -> int:
        """Those of `Part.words` that stand for the categories."""
        if categories not in self._bits:
            named = {DATED: DATED_BIT, PRODUCTS: self.marks.bit(f"product.{self.page.vendor}")}
            bits = (named[c] if c in named else self.marks.bit(c) for c in categories)
            self._bits[categories] = reduce(or_, bits, 0)
        return self._bits[categories]

    def next(self, at: int, skip: tuple[Role, ...] = (Role.RULE,)) -> int | None:
        """The part after `at` that has none of the roles in `skip`."""
        if skip not in self._next:
            self._next[skip] = self._following(skip)
        return self._next[skip][at]

    def _following(self, skip: Collection[Role]) -> list[int | None]:
        """For each part, the next one that has none of the roles."""
        found: list[int | None] = []
        after: int | None = None
        for index in range(len(self.parts) - 1, -1, -1):
            found.append(after)
            if self.roles[index] not in skip:
                after = index
        found.reverse()
        return found

    def heading(self) -> int | None:
        return self.open.heading if self.open else None

    def ends(self, at: int) -> tuple[int, int]:
        """Where the text of a part begins and ends."""
        return self.parts[at].start, self.parts[at].end

    def leads_in(self, at: int) -> bool:
        """Whether a text ends with a colon."""
        return self.roles[at] is Role.TEXT and self.parts[at].text.rstrip().endswith(":")

    def tells_below(self, at: int) -> bool:
        """Whether running text stands right below a part."""
        below = self.next(at)
        if below is None or self.roles[below] is not Role.TEXT:
            return False
        text = self.parts[below].text.rstrip()
        return len(text) > LONG or text.endswith(".")

    def heads_hours(self, at: int) -> bool:
        """Whether a row of hours stands right below a part, and running text below that."""
        row = self.next(at)
        return row is not None and self.roles[row] is Role.DATED_ROW and self.tells_below(row)

    def speaks_of_first(self, at: int) -> bool:
        """Whether a part opens by speaking of the first of several: "During the first night, …"."""
        start, end = self.ends(at)
        opening = WORD.findall(self.page.text, start, min(end, start + OPENING))[:FEW_WORDS]
        first = self.page.grammar.lexicon.lower("units.first")
        return not first.isdisjoint(map(str.lower, opening))

    def blank_above(self, at: int) -> bool:
        """Whether a blank line stands above a part, or nothing at all."""
        return at == 0 or self.page.breaks(self.parts[at - 1].block, self.parts[at].block) > 1

    def underlines(self, at: int) -> bool:
        """Whether a rule stands right below the title of the open entry."""
        return self.open is not None and self.open.heading == at - 1

    def words(self, at: int) -> frozenset[str]:
        """The telling words of a part, cut to their stems' length."""
        if at not in self._words:
            words = WORD.findall(self.parts[at].text.lower())
            self._words[at] = frozenset(filter(None, map(self._stems.__getitem__, words)))
        return self._words[at]

    def count(self, at: int) -> int:
        """The number of words in a part."""
        if at not in self._counts:
            self._counts[at] = len(WORD.findall(self.parts[at].text))
        return self._counts[at]

    @cached_property
    def common(self) -> frozenset[str]:
        lexicon = self.page.grammar.lexicon
        return lexicon.lower(*(f"stop.{code}" for code in lexicon.languages))

    def cohesion(self, at: int) -> float:
        """How much of what the part (and the text after it) says has been said in the open entry: 0 to 1."""
        if at not in self._cohesion:
            self._cohesion[at] = self._overlap(at)
        return self._cohesion[at]

    def _overlap(self, at: int) -> float:
        words = self.words(at)
        nxt = at + 1
        if nxt < len(self.parts) and self.parts[at].role is Role.HEADING and self.parts[nxt].role in PROSE:
            words = words | self.words(nxt)
        if not words or self.open is None:
            return 0.0
        return len(words & self._said(self.open)) / len(words)

    def _said(self, entry: Open) -> set[str]:
        """The telling words of the open entry so far."""
        for at in entry.unheard:
            entry.words |= self.words(at)
        entry.unheard.clear()
        return entry.words

    def follows(self, at: int) -> Part | None:
        index = self.next(at)
        return self.parts[index] if index is not None else None

    @cached_property
    def titled(self) -> bool:
        """Whether the document's entries have titles: headings with text under them, or under a row of
        hours that stands between, are common."""
        stated = (
            part
            for at, part in enumerate(self.parts)
            if part.role is not Role.DATED_ROW or self.roles[at - 1] is not Role.HEADING
        )
        pairs = pairwise(stated)
        headed = sum(a.role is Role.HEADING and b.role in PROSE and len(b.text) > LONG for a, b in pairs)
        return headed * 5 >= sum(p.role is Role.TEXT and len(p.text) > LONG for p in self.parts)

    @cached_property
    def openers(self) -> frozenset[str]:
        """Sub-headings that come again, mostly right below what may be a title: "Background"."""
        pairs = [(a, b.text.strip().lower()) for a, b in pairwise(self.parts) if b.role in SUBHEADS]
        often = Counter(said for _, said in pairs)
        titled = Counter(said for above, said in pairs if above.role is Role.HEADING)
        return frozenset(said for said, n in often.items() if n >= FEWEST and titled[said] >= MOSTLY * n)

    @cached_property
    def field_names(self) -> Counter[str]:
        """The names before the colons of headings, as often as each comes: "Platform: …"."""
        headings = (part for part in self.parts if part.role is Role.HEADING)
        named = (FIELD.match(self.page.text, part.start, part.end) for part in headings)
        return Counter(match["name"] for match in named if match)

    @cached_property
    def set_apart(self) -> bool:
        """Whether no titles but blank lines part the texts below the page's dates."""
        if self.titled or self.page.document.form is not Form.TEXT:
            return False
        pairs = [at for at in range(1, len(self.parts)) if self.roles[at - 1] is self.roles[at] is Role.TEXT]
        apart = sum(map(self.blank_above, pairs))
        return apart >= FEW_APART and self.introduced >= FEW_APART

    @cached_property
    def introduced(self) -> int:
        return sum(p.role in (Role.LABEL, Role.DATE, Role.RELEASE) for p in self.parts)

    @cached_property
    def labelled(self) -> bool:
        """Whether labels stand right over texts, and over most of those that begin anything."""
        below = [self.roles[at - 1] for at, role in enumerate(self.roles) if at and role is Role.TEXT]
        labels = sum(role is Role.LABEL for role in below)
        dates = sum(role in (Role.DATE, Role.RELEASE) for role in below)
        return labels >= 3 and labels >= 2 * dates

    @cached_property
    def begins_labelled(self) -> bool:
        """Whether a label is the first thing on the page, what leads to its entries left out, and labels
        stand over further titles."""
        first = next((role for role in self.roles if role not in ABOVE_ENTRIES), None)
        pairs = pairwise(self.roles)
        return first is Role.LABEL and sum(pair == (Role.LABEL, Role.HEADING) for pair in pairs) > 1

    @cached_property
    def labels_titles(self) -> bool:
        """Whether labels stand right over titles, and over no text."""
        below = Counter(below for above, below in pairwise(self.roles) if above is Role.LABEL)
        return below[Role.HEADING] >= FEWEST and not below[Role.TEXT]

    @cached_property
    def dates_titles(self) -> bool:
        """Whether dates stand right over titles, and over no text, on a page whose texts blank lines part."""
        below = Counter(below for above, below in pairwise(self.roles) if above in (Role.DATE, Role.RELEASE))
        return below[Role.HEADING] >= FEWEST and not below[Role.TEXT] and self.parted

    @cached_property
    def parted(self) -> bool:
        """Whether blank lines stand above most texts."""
        pairs = enumerate(pairwise(self.roles), 1)
        texts = [at for at, (above, here) in pairs if here is Role.TEXT and above in (Role.HEADING, *PROSE)]
        return 2 * sum(map(self.blank_above, texts)) > len(texts)

    @cached_property
    def dated_texts(self) -> bool:
        """Whether several texts stand right below dates, as entries without titles do."""
        pairs = zip(self.roles, self.roles[1:], strict=False)
        return sum(above is Role.DATE and below is Role.TEXT for above, below in pairs) >= 3

    @cached_property
    def schedule(self) -> range:
        """From the first to the last row of a page whose rows are its entries; empty of any other page."""
        rows = [at for at, role in enumerate(self.roles) if role is Role.DATED_ROW]
        dated, headed = Role.DATE in self.roles, Role.HEAD_ROW in self.roles
        if len(rows) < (3 if headed else 5) or dated or self.stanzas:
            return range(0)
        return range(rows[0], rows[-1] + 1)

    @cached_property
    def below_sections(self) -> frozenset[int]:
        """Markup headings deeper than those of entries that are entries all the same, each section's first
        right below the section's own: "API", then "Batches can be paused"."""
        return _below_sections(self.parts, self.level) if self.level is not None else frozenset()

    def heads_section(self, at: int) -> bool:
        """Whether a markup heading is a section's own, with entries one level deeper, or labelled ones in
        the cells of a table."""
        if self.parts[at].block.kind is not BlockKind.HEADING or at in self.below_sections:
            return False
        below = self.next(at, skip=(Role.RULE, Role.HEAD_ROW))
        in_cells = self.next(at) != below is not None and self.roles[below] is Role.LABEL
        return in_cells or self.next(at) in self.below_sections

    def asks_as_title(self, at: int) -> bool:
        """Whether a question that no pack knows as a sub-heading stands in the markup as titles do."""
        part = self.parts[at]
        if part.role is not Role.SUBHEADING or part.block.kind is not BlockKind.HEADING:
            return False
        known = self.marks.any("entry.subheadings", part.start, part.end)
        return part.block.level == self.level != PSEUDO_HEADING and not known

    @cached_property
    def tells_counts(self) -> bool:
        """Whether any text may say how many windows an entry announces."""
        bits = self.bits(("entry.windows", "entry.portions"))
        return any(part.words & bits for part in self.parts)

    def names_one_of_windows(self, at: int) -> bool:
        """Whether a line tells, or stands above, one of the windows that the open entry has counted in its
        title or below it: "We plan two maintenances", then "Global maintenance" and its hours, and so on."""
        role = self.roles[at]
        told = role is Role.HEADING or (role is Role.TEXT and self.parts[at].words & DATED_BIT)
        if not told or not self._brings_window(at):
            return False
        return any(self._counts_part(counting, at) for counting in self.opening())

    def opening(self) -> list[int]:
        """The parts that may say how many windows the open entry has: its title and what is right below, or
        the text that begins it."""
        title = self.heading()
        if title is None:
            return [self.open.body - 1] if self.open is not None else []
        below = self.next(title)
        return [title, *([below] if below is not None else ())] if self.roles[title] is Role.HEADING else []

    def _counts_part(self, counting: int, at: int) -> bool:
        """Whether what brings a window is one of as many as a line above it counts."""
        if not counting < at <= counting + 2 * MOST_COUNTED:
            return False
        role, between = self.roles[at], range(counting + 1, at)
        told = [one for one in between if self.roles[one] is role and self._brings_window(one)]
        first = told[0] if told else at
        if self.has_window(self.parts[counting].start, self.parts[first].start):
            return False
        if not told and (len(between) > 1 or any(self.roles[one] not in TOLD for one in between)):
            return False
        return len(told) < self.counted_windows(counting, at)

    def _brings_window(self, at: int) -> bool:
        """Whether a text has a window, or the text below a heading has one."""
        below = self.parts[at] if self.roles[at] is not Role.HEADING else self.follows(at)
        return below is not None and self.has_window(below.start, below.end)

    def counted_windows(self, counting: int, at: int) -> int:
        """How many windows a part says that there are, one of which another part tells; steps and regions
        count where the entry is titled as a maintenance or has no title but that part, a short text, or the
        other is numbered."""
        untitled = self.heading() is None
        if untitled and not self.announces_windows(counting):
            return 0
        if untitled or self.titled_as_maintenance or NUMBERED.match(self.page.text, *self.ends(at)):
            return self.counted(counting, "entry.windows") or self.counted(counting, "entry.portions")
        return self.counted(counting, "entry.windows")

    def announces_windows(self, at: int) -> bool:
        """Whether a text that opens with a short sentence and tells no change stands over several windows."""
        part = self.parts[at]
        changes = part.words & self.bits(("entry.changes",)) and not part.words & self.bits(MAINTENANCE)
        if changes or self.first_sentence(part) - part.start > LONG:
            return False
        below = range(at + 1, min(len(self.parts), at + 1 + 2 * MOST_COUNTED))
        near = takewhile(lambda one: self.roles[one] not in APART, below)
        return sum(self.has_window(*self.ends(one)) for one in near) > 1

    def counted(self, at: int, category: str) -> int:
        """How many things of a category a text says that there are, "two maintenances"; 0 if it does not."""
        part, lexicon = self.parts[at], self.page.grammar.lexicon
        if not part.words & self.bits((category,)):
            return 0
        numbers, nouns = lexicon.numbers, lexicon.words(category)
        for mark in self.marks.find(category, part.start, part.end):
            noun = self.page.text[mark.start : mark.end]
            if not noun[0].islower() and noun not in nouns:
                continue  # "three Windows servers", but "two Saturdays"
            start = max(part.start, mark.start - BEFORE_NOUN)
            before = TOKEN.findall(self.page.text[start : mark.start])[-2:]
            counts = [numbers[key(word)] for word in before if key(word) in numbers]
            counts = counts or [int(word) for word in before if word.isdecimal()]
            if counts and 2 <= counts[-1] <= MOST_COUNTED:
                return counts[-1]
        return 0

    @cached_property
    def numbered(self) -> frozenset[int]:
        """The parts that begin the entries of a page that counts them."""
        return numbered(self.page, [part.block for part in self.parts])

    @cached_property
    def tagged(self) -> dict[int, str | None]:
        """The parts that open with the tag of a change, where most do; the kind that each names."""
        return tagged(self.page, self.parts)

    @cached_property
    def records(self) -> frozenset[int]:
        """The parts that open a record, field by field, each an entry."""
        return records(self.page, self.parts)

    @cached_property
    def stanzas(self) -> frozenset[int]:
        """The parts that open a stanza, where the page is made of titled ones."""
        if self.page.document.form is not Form.TEXT:
            return frozenset()
        return stanzas(self.page, [part.block for part in self.parts])

    @cached_property
    def stanza_tops(self) -> list[int]:
        """For each part, the part at the top of its stanza: above it stands a blank line."""
        found: list[int] = []
        for at in range(len(self.parts)):
            found.append(at if self.blank_above(at) else found[-1])
        return found

    def inside_stanza(self, at: int) -> bool:
        """Whether a part stands in a stanza that a title opens, and so is an entry, and not at its top."""
        if not self.stanzas or self.roles[at - 1] in PRELUDE:
            return False
        top = self.stanza_tops[at]
        return top < at and top in self.stanzas and self.roles[top] is Role.HEADING

    @cached_property
    def dates_below(self) -> bool:
        """Whether a line of a date closes the entry above it."""
        return dates_below(self.page, self.parts)

    @cached_property
    def under_titles(self) -> frozenset[int]:
        """The parts that say when an entry was published, right below its title."""
        return dates_under_titles(self.page, self.parts)

    @cached_property
    def own_days(self) -> Collection[int]:
        """The parts that are entries and say on which day."""
        return own_days(self.page, self.parts).keys()

    @cached_property
    def shouting(self) -> bool:
        """Whether the titles right below dates, labels and releases are all in capitals."""
        below = [self.follows(at) for at, p in enumerate(self.parts) if p.role in (Role.DATE, Role.LABEL)]
        titles = [p.text for p in below if p is not None and p.role is Role.HEADING]
        return len(titles) >= 3 and all(map(all_caps, titles))

    @cached_property
    def set_in(self) -> bool:
        """Whether the page sets its texts in, below titles that begin at the margin."""
        if self.page.document.form is not Form.TEXT:
            return False
        leads = [part.block.lead for part in self.parts if part.role is Role.TEXT and len(part.text) > LONG]
        titles = sum(part.role is Role.HEADING and part.block.lead == 0 for part in self.parts)
        return titles >= FEWEST and 10 * sum(lead > 0 for lead in leads) >= 8 * len(leads) > 0

    @cached_property
    def tickets(self) -> int:
        return sum(p.role is Role.HEADING and TICKET.match(p.text.strip()) is not None for p in self.parts)

    @cached_property
    def itemized(self) -> bool:
        return any(p.role is Role.ITEM for p in self.parts)

    @cached_property
    def spaced(self) -> bool:
        """Whether blank lines part most of the blocks."""
        text = self.page.text
        pairs = list(zip(self.parts, self.parts[1:], strict=False))
        blank = sum("\n\n" in text[a.end : b.block.span.start + 1] for a, b in pairs)
        return 10 * blank >= 6 * len(pairs)

    @cached_property
    def flat(self) -> bool:
        """Whether titles and texts alternate, and nothing is told to be a sub-heading or a remark."""
        roles = [p.role for p in self.parts]
        if any(role in (Role.SUBHEADING, Role.MARKER, Role.GROUP) for role in roles):
            return False
        headings = [
            at for at, role in enumerate(roles) if role is Role.HEADING and not self._heads_product(at)
        ]
        told = sum(at + 1 < len(roles) and roles[at + 1] in PROSE for at in headings)
        return len(headings) >= 4 and told >= 0.8 * len(headings)

    def _heads_product(self, at: int) -> bool:
        """Whether a part is the name of a product right above a title."""
        above = self.roles[at + 1 : at + 2] == [Role.HEADING]
        return above and names_product(self.page, self.parts[at])

    def language(self, start: int, end: int) -> str | None:
        """The language of text[start:end] where its common words leave no doubt."""
        end = min(end, start + 600)
        if (start, end) not in self._languages:
            self._languages[start, end] = self._language(start, end)
        return self._languages[start, end]

    def _language(self, start: int, end: int) -> str | None:
        counts = self.page.common.count(start, end)
        (best, most), (_, second) = counts[0], (counts[1] if len(counts) > 1 else ("", 0))
        return best if most >= 3 and most >= 3 * second else None

    def days(self, start: int, end: int) -> set[tuple[int, int, int]]:
        """The full dates that text[start:end] names, as year, month and day."""
        tokens = (token for token in self.page.tokens_in(start, end) if token.kind is Kind.DATE)
        return {(t.year, t.month, t.day) for t in tokens if t.year and t.month and t.day}

    def has_window(self, start: int, end: int) -> bool:
        """Whether text[start:end] holds a full date with two hours and a zone among the next few tokens."""
        starts, windows = self.page.token_starts, self._windows
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        for at in range(bisect_left(windows, (first, 0)), len(windows)):
            day, done = windows[at]
            if done < last:
                return True
            if day >= last:
                break
        return False

    @cached_property
    def _windows(self) -> list[tuple[int, int]]:
        """(token of a full date, token by which two hours and a zone have followed it), in order."""
        found = []
        tokens = self.page.tokens
        for index, token in enumerate(tokens):
            if token.kind is Kind.DATE and token.day and token.year:
                hours = zones = 0
                for after in range(index + 1, min(index + 6, len(tokens))):
                    hours += tokens[after].kind is Kind.TIME
                    zones += tokens[after].kind is Kind.ZONE
                    if hours >= 2 and zones:
                        found.append((index, after))
                        break
        return found

    def named(self, category: str, value: str, start: int, end: int) -> bool:
        """Whether a mark of the category with this value begins in text[start:end]."""
        if category not in self._places:
            places = self._places[category] = defaultdict(list)
            for mark in self.marks.find(category, 0, len(self.page.text)):
                places[mark.value].append(mark.start)
        starts = self._places[category][value]
        at = bisect_left(starts, start)
        return at < len(starts) and starts[at] < end

    def announces(self, part: Part) -> bool:
        return self.marks.any("entry.announce", part.start, min(part.end, part.start + 120))

    def effective_opening(self, part: Part) -> bool:
        """The text opens with "From 5 April 2022, …"."""
        tokens = self.page.tokens_in(part.start, min(part.end, part.start + 50))
        if not tokens or tokens[0].kind is not Kind.DATE or tokens[0].day is None:
            return False
        opening = self.page.grammar.lexicon.opening
        return tokens[0].span.start - part.start <= 24 and any(
            opening(f"dates.{kind}", self.page.text, part.start) for kind in ("effective", "since", "on")
        )

    def first_sentence(self, part: Part) -> int:
        start = part.start
        if start not in self._sentences:
            match = SENTENCE_END.search(self.page.text, start, part.end)
            self._sentences[start] = match.end() if match else part.end
        return self._sentences[start]

    def within_maintenance(self, at: int) -> bool:
        """Whether the open entry, above a place, is of a maintenance."""
        if self.open is None:
            return False
        start = self.parts[self.open.first].block.span.start
        end = self.parts[min(self.open.body + 3, at - 1)].end
        return self.has_window(start, end) or self.titled_as_maintenance

    @property
    def titled_as_maintenance(self) -> bool:
        """Whether the open entry has a title that says so."""
        title = self.heading()
        return title is not None and self.marks.any("maintenance.title", *self.ends(title))

    @cached_property
    def repeated(self) -> Counter[str]:
        return Counter(p.text.strip().lower() for p in self.parts if p.role is Role.HEADING)


def _entry_level(page: Page, parts: Sequence[Part]) -> int | None:
    """The level of markup headings on which entries stand: the first that is not made of sections."""
    heads = [p for p in parts if p.block.kind is BlockKind.HEADING]
    if not heads:
        return None
    for level in sorted({p.block.level for p in heads}):
        here = [
            i for i, p in enumerate(parts) if p.block.kind is BlockKind.HEADING and p.block.level == level
        ]
        own = [i for i in here if parts[i] is not heads[0]]  # the page's own title does not count
        if not own and any(p.block.level > level for p in heads):
            continue
        own = own or here
        if len(own) == 1 and (_ruled_off_below(parts, level) or _dated_below(parts, level)):
            continue  # an introduction, with the entries below it
        if 2 * sum(_is_section(parts, i) for i in own) < len(own):
            return level
    return max(p.block.level for p in heads)


def _ruled_off_below(parts: Sequence[Part], level: int) -> bool:
    """Whether lines are drawn above most of the markup headings below a level, as between entries."""
    heads = [(a, b.block) for a, b in pairwise(parts) if b.block.kind is BlockKind.HEADING]
    deeper = [above for above, block in heads if block.level > level]
    ruled = sum(above.role is Role.RULE for above in deeper)
    return ruled >= FEWEST and 2 * ruled > len(deeper)


def _dated_below(parts: Sequence[Part], level: int) -> bool:
    """Whether at least two markup headings stand below a level, each above a text with a date or hours."""
    deeper = [
        (part, below)
        for part, below in pairwise(parts)
        if part.block.kind is BlockKind.HEADING and level < part.block.level != PSEUDO_HEADING
    ]
    return len(deeper) >= 2 and all(below.words & DATED_BIT for _, below in deeper)


def _below_sections(parts: Sequence[Part], entries: int) -> frozenset[int]:
    """The headings below `entries`' level where they stand below sections only: headings with nothing but
    deeper ones under them.  Sub-headings stand in entries that have a text of their own, or repeat; but
    below groups ("New") nothing else stands."""
    found: list[int] = []
    grouped: list[int] = []
    section = group = mixed = False
    for at, part in enumerate(parts):
        if part.block.kind is not BlockKind.HEADING:
            continue
        if part.block.level <= entries:
            section = part.role in (Role.HEADING, Role.GROUP) and _is_section(parts, at)
            group = section and part.role is Role.GROUP
        elif part.block.level == entries + 1:
            mixed |= not section or part.role is not Role.HEADING
            found.append(at)
            if group and part.role is Role.HEADING:
                grouped.append(at)
    if not mixed and len(found) >= FEWEST and not _repeats(parts, found):
        return frozenset(found)
    return frozenset(grouped if len(grouped) > 1 and not _repeats(parts, grouped) else ())


def _repeats(parts: Sequence[Part], headings: Sequence[int]) -> bool:
    return len({parts[at].text for at in headings}) < len(headings)


def _is_section(parts: Sequence[Part], at: int) -> bool:
    """Whether a markup heading only introduces: a date, a release, or a heading right below it."""
    if parts[at].role in PRELUDE:
        return True
    level = parts[at].block.level
    for index in range(at + 1, len(parts)):
        part = parts[index]
        if part.role not in (Role.RULE, Role.DATE, Role.LABEL):
            return (
                part.block.kind is BlockKind.HEADING
                and part.block.level > level
                and part.role is not Role.SUBHEADING
            )
    return False
