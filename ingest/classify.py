"""What kind of announcement is it?  Weighs cues by where they stand: label, title, first sentence, text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from ingest.lexicon import Marks
from ingest.model import Cue, EntryType, Mention, Span
from ingest.wording import Said

T = EntryType


class Spoken(NamedTuple):
    """Of which types an entry has words, by where the packs say that they tell."""

    title: tuple[EntryType, ...]
    lead: tuple[EntryType, ...]
    text: tuple[EntryType, ...]
    weak: tuple[EntryType, ...]


class Vocabulary:
    """Which types the words of an entry speak of, found out once for each combination of words."""

    def __init__(self, marks: Marks) -> None:
        self.bits = [[(kind, marks.bit(f"{kind}.{key}")) for kind in EntryType] for key in Spoken._fields]
        self.telling = sum(bit for pairs in self.bits for _, bit in pairs)
        self.known: dict[int, Spoken] = {}

    def spoken(self, words: int) -> Spoken:
        words &= self.telling
        if words not in self.known:
            self.known[words] = Spoken(*(tuple(k for k, bit in pairs if bit & words) for pairs in self.bits))
        return self.known[words]


class Statement(Struct, frozen=True, gc=False):
    """What is known of an entry when its type is asked for; spans point into the document."""

    span: Span
    title: Span | None
    prefix: Span | None  # of the title, what stands before its colon
    body: Span
    opening: Span  # the first sentence of the body
    label: EntryType | None
    group: EntryType | None
    windows: int
    outages: int
    effective: int
    deadlines: int
    dates: int
    endpoints: Sequence[Mention]
    parameters: Sequence[Mention]
    product: bool  # a product stands before the colon of the title
    api: bool  # an API does
    row: bool  # a schedule's row
    banner: bool  # at the top of the page, before the first dated or labelled entry
    before_rows: bool  # the rows of a schedule come right after
    page_title: bool  # titled by the page or a release
    heads_groups: bool  # by a release, whose groups of changes come right after
    pages_own: bool  # by the page
    spoken: Spoken
    said: Sequence[Said]  # what its words say, by what was learned from labelled texts


Rule = Callable[[Statement, Marks], Iterator[tuple[EntryType, float, Span]]]

TITLE, LEAD, TEXT, WEAK = 3.0, 2.5, 0.6, 0.25
# Most that speaks of an API or of something new is about that; what else it may be speaks more seldom.
MOST = {T.API_CHANGE: 3.75, T.FEATURE: 3.75}
MOST_TEXT = 1.5  # what loose words in the text can add up to
# What a unit of log probability of the learned words counts; less where the vendor's own label speaks.
WORDING, WORDING_LABELLED = 1.5, 0.5


def classify(statement: Statement, marks: Marks) -> tuple[EntryType, tuple[Cue, ...], float]:
    """The type, every cue that spoke, and a confidence from 0.5 (a tie) to 1."""
    cues = []
    sums = dict.fromkeys(_PRIORITY, 0.0)
    for name, rule in _NAMED:
        for kind, weight, span in rule(statement, marks):
            cues.append(Cue(_DECISIONS[kind], name, weight, span))
            weight += sums[kind]
            sums[kind] = min(weight, MOST[kind]) if kind in MOST else weight
    unit = WORDING_LABELLED if statement.label or statement.group else WORDING
    for kind, spoken, span in statement.said:
        weight = round(unit * spoken, 2)
        cues.append(Cue(_DECISIONS[kind], "wording", weight, span))
        sums[kind] += weight
    first = max(sums, key=sums.__getitem__)
    best, second = sums.pop(first), max(sums.values())
    if best <= 0:
        return (T.NOTICE if statement.banner and statement.title else T.FEATURE), tuple(cues), 0.5
    return first, tuple(cues), round(0.5 + 0.5 * min(1.0, (best - second) / 3.0), 2)


# of types with the same weight the first wins
_PRIORITY = (T.MAINTENANCE, T.BUGFIX, T.DEPRECATION, T.API_CHANGE, T.POLICY, T.FEATURE, T.NOTICE)
_KINDS = tuple(EntryType)
_DECISIONS = {kind: f"type:{kind}" for kind in EntryType}


def _label(s: Statement, marks: Marks) -> Iterator[tuple[EntryType, float, Span]]:
    """What the vendor itself calls it; "new" and "enhancement" may be said of an API too."""
    if not s.label and not s.group:
        return
    weights = {
        T.FEATURE: 0.25 if s.endpoints else 1.5,
        T.BUGFIX: 6.0,
        T.MAINTENANCE: 5.0,
        T.NOTICE: 3.0,
        T.POLICY: 6.0,
        T.DEPRECATION: 6.0,
        T.API_CHANGE: 4.0,
    }
    for kind in (s.label, s.group):
        if kind:
            yield kind, weights[kind], Span(s.span.start, s.body.start)


def _window(s: Statement, marks: Marks) -> Iterator[tuple[EntryType, float, Span]]:
    if s.windows:
        yield T.MAINTENANCE, 6.0, s.span
    elif s.row:
        yield T.MAINTENANCE, 4.0, s.span


def _outage(s: Statement, marks: Marks) -> Iterator[tuple[EntryType, float, Span]]:
    if s.outages:
        yield T.MAINTENANCE, 1.5, s.span


def _title(s: Statement, marks: Marks) -> Iterator[tuple[EntryType, float, Span]]:
    if s.title is None or (s.pages_own and s.banner):
        return  # what the page is called says nothing of its introduction
    for kind in s.spoken.title:
        found = marks.find(f"{kind}.title", s.title.start, s.title.end)
        if found:
            first = found[0]
            of_product = s.product and not s.api
            api = 0.5 if of_product else 1.5
            weight = {T.FEATURE: 1.2, T.API_CHANGE: api, T.POLICY: 2.0}.get(kind, TITLE)
            opens = first.start <= (s.prefix.end + 4 if s.prefix else s.title.start)
            if opens and kind not in (T.FEATURE, T.API_CHANGE):
                weight += 1.0 if first.start == s.title.start else 2.0
            if kind is T.BUGFIX and T.FEATURE in (s.label, s.group):
                weight *= _LATER_ASIDE
            yield kind, weight, Span(first.start, first.end)


def _named_kind(s: Statement, marks: Marks) -> Iterator[tuple[EntryType, float, Span]]:
    """ "Bugfix: …", "Services API fix: …": the title itself names the kind before its colon."""
    if s.prefix is None:
        return
    for mark in marks.find("labels", s.prefix.start, s.prefix.end):
        kind = EntryType(mark.value)
        if kind not in (T.FEATURE, T.API_CHANGE, T.MAINTENANCE):
            yield kind, 4.0, Span(mark.start, mark.end)


def _lead(s: Statement, marks: Marks) -> Iterator[tuple[EntryType, float, Span]]:
    """Telling phrases, worth more in the first sentence than further down."""
    for kind in s.spoken.lead:
        opening = marks.find(f"{kind}.lead", s.opening.start, s.opening.end)
        later = marks.find(f"{kind}.lead", s.opening.end, s.body.end)
        weight = {T.FEATURE: 1.2, T.BUGFIX: 3.5}.get(kind, LEAD)
        if opening:
            yield kind, weight + (0.5 if len(opening) > 1 else 0.0), Span(opening[0].start, opening[0].end)
        elif later:
            share = _LATER_ASIDE if kind is T.BUGFIX and _is_news(s) else _LATER.get(kind, 0.4)
            yield kind, weight * share, Span(later[0].start, later[0].end)


def _is_news(s: Statement) -> bool:
    """Whether its label or its title calls it something new or better, and no mended defect."""
    titled = T.FEATURE in s.spoken.title and T.BUGFIX not in s.spoken.title
    return s.label is T.FEATURE or titled


# how much a phrase counts below the first sentence: that a defect is mended is often said at the end
_LATER = {T.BUGFIX: 1.0, T.MAINTENANCE: 0.3, T.NOTICE: 0.6, T.DEPRECATION: 0.6, T.POLICY: 0.6}
_LATER_ASIDE = 0.4  # of what is new or better, that it mends a defect too


def _text(s: Statement, marks: Marks) -> Iterator[tuple[EntryType, float, Span]]:
    for kind in _KINDS if s.spoken.text or s.spoken.weak else ():
        strong = marks.find(f"{kind}.text", *s.span.ends) if kind in s.spoken.text else []
        weak = marks.find(f"{kind}.weak", *s.span.ends) if kind in s.spoken.weak else []
        if strong or weak:
            weight = min(MOST_TEXT, TEXT * len({m.start for m in strong[:3]}) + WEAK * len(weak[:2]))
            first = (strong or weak)[0]
            yield kind, weight, Span(first.start, first.end)


def _product(s: Statement, marks: Marks) -> Iterator[tuple[EntryType, float, Span]]:
    """ "Services API: …" speaks of the API, "CertCentral: …" of the product."""
    if s.title is None:
        return
    if s.api:
        yield T.API_CHANGE, 3.0, s.title
    elif s.product:
        yield T.FEATURE, 0.5, s.title


def _endpoints(s: Statement, marks: Marks) -> Iterator[tuple[EntryType, float, Span]]:
    if s.endpoints:
        first = s.endpoints[0]
        in_head = first.span.start < s.opening.end
        yield T.API_CHANGE, 2.0 if in_head else 1.0, first.span
    if s.parameters:
        yield T.API_CHANGE, 1.0 if s.endpoints else 0.6, s.parameters[0].span


def _announced_day(s: Statement, marks: Marks) -> Iterator[tuple[EntryType, float, Span]]:
    """A day to come is set for what ends and for rules, seldom for what is new."""
    if s.effective:
        yield T.DEPRECATION, 1.0 + 0.75 * bool(s.deadlines), s.span
        yield T.POLICY, 0.75, s.span


def _introduction(s: Statement, marks: Marks) -> Iterator[tuple[EntryType, float, Span]]:
    """Schedules' prose, page introductions and banners, which announce nothing by themselves."""
    if s.windows or s.row:
        return
    head = s.title or s.opening
    planned = s.banner or s.before_rows or marks.any("maintenance.title", head.start, head.end)
    if planned and marks.any("entry.schedule", head.start, head.end) and not s.endpoints:
        yield T.NOTICE, 5.0, head
    if s.page_title:
        yield T.NOTICE, 5.0 if s.heads_groups else 2.0, head
    elif s.banner and s.title is not None and (s.api or not s.product):
        yield T.NOTICE, 1.5 if s.endpoints or s.parameters or s.effective else 2.5, head
    if s.before_rows:
        yield T.NOTICE, 5.0, head
    elif (
        s.title is not None
        and not s.outages
        and not s.dates
        and marks.any("maintenance.title", s.title.start, s.title.end)
    ):
        yield T.NOTICE, 3.0, head  # work without any date announces itself only


RULES: tuple[Rule, ...] = (
    _label,
    _window,
    _outage,
    _title,
    _named_kind,
    _lead,
    _text,
    _product,
    _endpoints,
    _announced_day,
    _introduction,
)
_NAMED = tuple((rule.__name__.strip("_"), rule) for rule in RULES)
