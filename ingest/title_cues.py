"""What speaks for and against a line being the title of a new entry?"""

from __future__ import annotations

from ingest.context import DATED, MOST_COUNTED, PRELUDE, PRODUCTS, PROSE, SUBHEADS, Context
from ingest.cues import (
    Weighed,
    another_language,
    another_topic,
    at_last,
    carries_on,
    closed_before,
    fused_to_sentence,
    has_levels,
    has_stanzas,
    if_above,
    if_page,
    if_words,
    inside_stanza,
    lead_in_above,
    marker_prefix,
    no_prose_follows,
    only_products,
    prefixed_by_product,
    prose_follows,
    ruled_off,
    same_topic,
    set_off,
    titled_as_news,
)
from ingest.grammar import METHOD_PATH, PREFIX, TICKET, WORD
from ingest.mentions import API_WORDS
from ingest.model import PSEUDO_HEADING, BlockKind
from ingest.outages import UNITS, durations
from ingest.page import LONG, all_caps
from ingest.roles import DATED_BIT, Role
from ingest.row_cues import (
    CELLS,
    ROW_REMARKS,
    before_schedule,
    below_rows,
    between_rows,
    heads_fields,
    heads_hours,
    heads_rows,
    in_cells,
    in_rows,
    remark_of_row,
)
from ingest.sights import SLASH
from ingest.window_cues import (
    counts_windows_below,
    dated_window_follows,
    hours_alone_follow,
    maintenance_title,
    names_window_parts,
    one_of_windows,
    parts_windows,
    states_length,
    tells_parts,
)

TAKEN_UP = 200  # characters below a title that take up its name
TICKETS, LABELS = 3, 3  # how many tell that the document's entries are told by them
MOST_NAME_WORDS = 6  # of a call
MOST_LISTED = 12  # lines or calls that are looked through for what leads in to them
KINDS = ("bugfix", "deprecation", "feature", "policy")

NO_ENTRY = frozenset((Role.NAVIGATION, Role.TITLE, Role.RULE))  # what stands above a page's first entry


def _prefixed(s: Context, at: int) -> bool:
    """ "Product: what is new" -- a name, a colon, and a title of its own."""
    part = s.parts[at]
    match = PREFIX.match(part.text.strip()) if ":" in part.text else None
    if not match or len(WORD.findall(match["prefix"])) > 8:
        return False
    rest = part.text.strip()[match.end() :]
    return WORD.search(rest) is not None and (
        rest[:1].isupper() or rest[:1].isdigit() or (len(WORD.findall(rest)) >= 2 and not rest.endswith("."))
    )


def _prefix_taken_up(s: Context, at: int) -> bool:
    """ "List orders: more filters", and the text below speaks of List orders."""
    match, nxt = PREFIX.match(s.parts[at].text.strip()), s.follows(at)
    if not match or nxt is None or nxt.role is not Role.TEXT or " " not in match["prefix"]:
        return False
    return match["prefix"] in s.page.text[nxt.start : nxt.start + TAKEN_UP]


def _titled_as_kind(s: Context, at: int) -> bool:
    """A heading that opens with the word of a kind of change: "Bugfix …", "End of life for …"."""
    part = s.parts[at]
    kinds = ("bugfix", "deprecation", "feature", "policy")
    return any(s.marks.at(f"{kind}.title", part.start) for kind in kinds)


def _opener_follows(s: Context, at: int) -> bool:
    nxt = s.follows(at)
    if nxt is None or nxt.role is not Role.TEXT or not nxt.words & s.bits(("entry.announce", DATED)):
        return False
    return s.announces(nxt) or s.effective_opening(nxt)


def _change_follows(s: Context, at: int) -> bool:
    nxt = s.follows(at)
    return (
        nxt is not None
        and nxt.role is Role.TEXT
        and nxt.words & s.bits(("entry.changes",)) != 0
        and s.marks.any("entry.changes", nxt.start, s.first_sentence(nxt))
    )


def _shouted(s: Context, at: int) -> bool:
    return all_caps(s.parts[at].text) and len(s.parts[at].text.strip()) > 8


def _unlike_titles(s: Context, at: int) -> bool:
    """In small letters, where the titles right under dates and labels are all in capitals."""
    return s.shouting and not all_caps(s.parts[at].text)


def _repeated_title(s: Context, at: int) -> bool:
    text = s.parts[at].text.strip().lower()
    return s.repeated[text] >= 2 and s.marks.any("maintenance.title", s.parts[at].start, s.parts[at].end)


def _above_opener(s: Context, at: int) -> bool:
    """Right above a sub-heading that opens the texts of this page's entries."""
    nxt = s.follows(at)
    return nxt is not None and nxt.role in SUBHEADS and nxt.text.strip().lower() in s.openers


def _below_introduction(s: Context, at: int) -> bool:
    """The first title with a text below the page's own title and what introduces the page."""
    if s.open is None or s.open.heading is None or not prose_follows(s, at):
        return False
    title = s.parts[s.open.heading]
    named = title.role is Role.TITLE or s.marks.any("entry.schedule", title.start, title.end)
    return named and all(part.role in NO_ENTRY for part in s.parts[: s.open.heading])


def _new_call(s: Context, at: int) -> bool:
    """The title or the text below names a call of which the open entry has not spoken."""
    nxt = s.follows(at)
    below = nxt if nxt is not None and nxt.role in PROSE else s.parts[at]
    if not (s.parts[at].words | below.words) & s.bits((SLASH,)):
        return False
    end = below.end
    calls = METHOD_PATH.finditer(s.page.text, s.parts[at].start, end)
    start = s.parts[s.open.first].block.span.start if s.open else 0
    return any(s.page.text.find(m.group(), start, s.parts[at].start) < 0 for m in calls)


def _in_contents(s: Context, at: int) -> bool:
    """A title that the page lists at its top."""
    return s.parts[at].rule == "contents"


def _ticketed(s: Context, at: int) -> bool:
    """Opens with a ticket's number, as at least two other titles of the page do."""
    return TICKET.match(s.parts[at].text.strip()) is not None and s.tickets >= TICKETS


def _above_finished(s: Context, at: int) -> bool:
    """The line above ends a sentence, in a document that kept its lists or blank lines or never had any."""
    above = s.parts[at - 1]
    return (
        (s.itemized or s.spaced or s.flat)
        and above.role in PROSE
        and above.text.rstrip().endswith((".", "!"))
    )


def _beside_calls(s: Context, at: int) -> bool:
    """What a call does, below the call, as the line below the call before it: cells of a lost table."""
    if at < 3 or not all(s.parts[above].words & s.bits((SLASH,)) for above in (at - 1, at - 3)):
        return False
    calls = (METHOD_PATH.fullmatch(s.parts[above].text.strip()) for above in (at - 1, at - 3))
    between = s.parts[at - 2]
    return all(calls) and between.role in CELLS and not METHOD_PATH.fullmatch(between.text.strip())


def _names_known_call(s: Context, at: int) -> bool:
    """The name of a call alone, below the title of an entry about the API: its part of that."""
    if s.open is None or s.open.heading is None:
        return False
    part, title = s.parts[at], s.parts[s.open.heading]
    known = s.marks.whole(f"endpoint.{s.page.vendor}", part.start, part.end) is not None
    return known and any(s.marks.any(words, title.start, title.end) for words in API_WORDS)


def _heads_outage(s: Context, at: int) -> bool:
    """Inside a maintenance entry with its window told, what is down for how long below a heading without a
    date: "Issuance", "Certificates cannot be issued for 10 minutes."."""
    nxt = s.follows(at)
    if nxt is None or nxt.role is not Role.TEXT or nxt.words & DATED_BIT or not s.within_maintenance(at):
        return False
    if not s.marks.any("outage.words", nxt.start, nxt.end):
        return False
    return next(durations(s.page.grammar.lexicon).find(s.page.text, nxt.start, nxt.end), None) is not None


def _over_updates(s: Context, at: int) -> bool:
    """A title in a status page's history, above what was said of it."""
    return s.parts[at].rule == "over updates"


def _between_paragraphs(s: Context, at: int) -> bool:
    """Paragraphs above and below, the one above finished, where a page lost its lists and blank lines."""
    above = s.parts[at - 1]
    told = len(above.text) > LONG and above.text.rstrip().endswith((".", "!"))
    return told and s.introduced >= LABELS and not (s.itemized or s.spaced or s.flat) and prose_follows(s, at)


def _cut_from_text(s: Context, at: int) -> bool:
    """A title that ran into its own text, until it was cut from it."""
    if at + 1 == len(s.parts) or s.roles[at + 1] is not Role.TEXT:
        return False
    runs_on = s.parts[at + 1].block.span.start == s.parts[at].end > s.parts[at].start
    return runs_on and s.page.text[s.parts[at].end - 1] not in ".!"


def _long_title(s: Context, at: int) -> bool:
    return s.count(at) >= 6


def _short_title(s: Context, at: int) -> bool:
    return s.count(at) <= 2


def _leans_on_above(s: Context, at: int) -> bool:
    """A short sentence that opens with a word which leans on what was said: "This takes effect on May 2."."""
    return s.parts[at].text.rstrip().endswith(".") and carries_on(s, at)


def _right_below_heading(s: Context, at: int) -> bool:
    """Nothing but the entry's own heading stands above: a sub-heading, or a second line of the title."""
    titled = s.open is not None and s.heading() is not None and s.open.body == at
    return titled and s.roles[at - 1] not in PROSE


def _turns_to_api(s: Context, at: int) -> bool:
    """A title that says API, below an entry that has not spoken of any."""
    part = s.parts[at]
    if s.open is None or not any(s.marks.any(words, part.start, part.end) for words in API_WORDS):
        return False
    start = s.parts[s.open.first].block.span.start
    return not any(s.marks.any(words, start, part.start) for words in API_WORDS)


def _sentence_over_nothing(s: Context, at: int) -> bool:
    """A short sentence that tells of news, with no text of its own below it."""
    return s.parts[at].text.rstrip().endswith(".") and not prose_follows(s, at)


def _listed_under_lead_in(s: Context, at: int) -> bool:
    """One of several short lines below a text that ends with a colon, with no text right below: items of a
    list that lost their marks."""
    above = at - 1
    while above > max(0, at - MOST_LISTED) and s.roles[above] is Role.HEADING:
        above -= 1
    listed, below = above < at - 1 and s.leads_in(above), s.next(at)
    if not listed or below is None or s.roles[below] in SUBHEADS:
        return listed
    return s.roles[below] is Role.HEADING and prose_follows(s, below)


def _call_under_lead_in(s: Context, at: int) -> bool:
    """ "Endpoint concerned:", and below it names with their calls: items that lost their marks."""
    above = at
    while above > max(0, at - MOST_LISTED) and METHOD_PATH.search(s.parts[above].text):
        above -= 1
    if above < at:
        return s.parts[above].text.rstrip().endswith(":")
    return _one_of_calls(s, at)


def _one_of_calls(s: Context, at: int) -> bool:
    """ "Two endpoints are deprecated:", a call, and the name of the other one."""
    above = at - 1
    while above > max(0, at - MOST_COUNTED) and _is_call(s, above):
        above -= 1
    lead = s.parts[above]
    if at == 0 or s.count(at) > MOST_NAME_WORDS or not lead.text.rstrip().endswith(":"):
        return False
    return at - above <= s.counted(above, "api.endpoint_nouns")


def _is_call(s: Context, at: int) -> bool:
    """Whether a line is a call, or a name that no sentence is."""
    part = s.parts[at]
    short = part.role is Role.HEADING and s.count(at) <= MOST_NAME_WORDS
    return short or METHOD_PATH.fullmatch(part.text.strip()) is not None


def _opens_stanza(s: Context, at: int) -> bool:
    return at in s.stanzas


def _at_margin(s: Context, at: int) -> bool:
    """Begins at the margin, with a text below it that is set in."""
    nxt = s.next(at)
    below = nxt is not None and s.roles[nxt] in (*PROSE, Role.DATED_ROW) and s.parts[nxt].block.lead > 0
    return below and s.parts[at].block.lead == 0


def _set_in(s: Context, at: int) -> bool:
    return s.parts[at].block.lead > 0


def _like_a_label(s: Context, at: int) -> bool:
    """A word or two right above a text, where labels that the packs know stand so."""
    above = s.blank_above(at) or s.roles[at - 1] is Role.DATE
    return above and s.count(at) <= 2 and prose_follows(s, at) and not s.blank_above(at + 1)


def _below_listed(s: Context, at: int) -> bool:
    """Below the items of a group, each an entry: such an entry has no sub-headings."""
    entry = s.open
    listed = entry is not None and entry.heading is None and entry.group is not None
    return listed and s.roles[at - 1] is Role.ITEM and prose_follows(s, at)


def _among_groups(s: Context, at: int) -> bool:
    """A title over a text between two groups of changes, all of which have their names alone."""
    entry, below = s.open, s.next(at, skip=(Role.TEXT, Role.RULE))
    grouped = entry is not None and s.roles[entry.body - 1] is Role.GROUP
    return grouped and below is not None and s.roles[below] is Role.GROUP and s.follows(at) is not None


def _labels_elsewhere(s: Context, at: int) -> bool:
    """Entries of this document are introduced by labels or dates; this heading is not."""
    return s.introduced >= LABELS and s.parts[at].block.kind is not BlockKind.HEADING


def _begins_labelled(s: Context, at: int) -> bool:
    """The page's first entry is introduced by a label; this heading is not."""
    return s.roles[at - 1] not in PRELUDE


def _marked_level(s: Context, at: int) -> bool:
    part = s.parts[at]
    marked = part.block.kind is BlockKind.HEADING and s.level is not None
    return marked and (part.block.level <= (s.level or 0) or at in s.below_sections)


def _marked_deeper(s: Context, at: int) -> bool:
    part = s.parts[at]
    marked = part.block.kind is BlockKind.HEADING and s.level is not None
    if part.block.level == PSEUDO_HEADING and _opens_container(s, at):
        return False
    return marked and part.block.level > (s.level or 0) and at not in s.below_sections


def _opens_container(s: Context, at: int) -> bool:
    """Whether a heading is the first line of one of several containers of the page that are alike."""
    above = s.parts[at - 1].block if at else None
    return above is not None and above.kind is BlockKind.RULE and above.level == 1


HEADING_CUES: tuple[Weighed, ...] = (
    if_page(_marked_level, 9.0, has_levels),
    if_page(_marked_deeper, -9.0, has_levels),
    if_words(prefixed_by_product, 4.0, PRODUCTS, "api.api_nouns", "labels"),
    Weighed(_prefixed, 1.0),
    Weighed(_prefix_taken_up, 1.5),
    if_words(marker_prefix, -6.0, "entry.markers"),
    if_words(titled_as_news, 1.0, "entry.title_words"),
    if_words(_titled_as_kind, 1.5, *(f"{kind}.title" for kind in KINDS)),
    if_words(maintenance_title, 0.5, "maintenance.title"),
    Weighed(dated_window_follows, 3.0),
    if_page(counts_windows_below, 2.0, lambda context: context.tells_counts),
    if_words(tells_parts, 3.0, "maintenance.title"),
    Weighed(_opener_follows, 1.5),
    Weighed(_change_follows, 1.0),
    Weighed(closed_before, 1.5),
    Weighed(_shouted, 2.5),
    if_page(_unlike_titles, -4.0, lambda context: context.shouting),
    if_words(_repeated_title, 1.0, "maintenance.title"),
    at_last(another_topic, 1.5),
    at_last(same_topic, -1.5),
    Weighed(prose_follows, 0.75),
    if_page(_above_opener, 4.0, lambda context: bool(context.openers)),
    Weighed(_below_introduction, 1.5),
    Weighed(_long_title, 0.75),
    if_page(_ticketed, 4.0, lambda context: context.tickets >= TICKETS),
    Weighed(_in_contents, 5.0),
    Weighed(_over_updates, 6.0),
    Weighed(_names_known_call, -4.0),
    Weighed(_heads_outage, -3.0),
    if_above(_beside_calls, -6.0, CELLS),
    at_last(_new_call, 1.25),
    if_above(_between_paragraphs, 1.25, {Role.TEXT}),
    if_above(_above_finished, 1.25, PROSE),
    Weighed(below_rows, 1.5),
    Weighed(set_off, 1.0),
    Weighed(_cut_from_text, 2.0),
    Weighed(fused_to_sentence, 1.5),
    if_page(_opens_stanza, 4.0, has_stanzas),
    if_page(inside_stanza, -3.0, has_stanzas),
    if_page(_at_margin, 3.0, lambda context: context.set_in),
    if_page(_set_in, -3.0, lambda context: context.set_in),
    if_page(_like_a_label, 4.0, lambda context: context.labelled),
    Weighed(heads_rows, 2.0),
    if_page(heads_hours, 1.5, lambda context: Role.DATED_ROW in context.roles),
    if_page(one_of_windows, -9.0, lambda context: context.tells_counts),
    Weighed(heads_fields, 4.0),
    if_above(_below_listed, 3.0, {Role.ITEM}),
    if_page(_among_groups, 2.0, lambda context: Role.GROUP in context.roles),
    Weighed(_short_title, -0.5),
    Weighed(no_prose_follows, -2.0),
    Weighed(_right_below_heading, -4.0),
    if_words(_leans_on_above, -3.0, "entry.continuation"),
    if_words(only_products, -4.0, PRODUCTS),
    Weighed(parts_windows, -6.0),
    if_words(states_length, -8.0, *(f"units.{unit}" for unit in UNITS)),
    if_words(names_window_parts, -3.0, "maintenance.title"),
    Weighed(lead_in_above, -2.0),
    Weighed(_listed_under_lead_in, -6.0),
    Weighed(_call_under_lead_in, -4.0),
    Weighed(hours_alone_follow, -3.0),
    if_words(_turns_to_api, 1.0, *API_WORDS),
    if_page(before_schedule, -2.0, lambda context: bool(context.schedule)),
    Weighed(_sentence_over_nothing, -1.0),
    Weighed(in_cells, -2.5),
    Weighed(in_rows, -3.0),
    if_page(between_rows, -4.0, lambda context: bool(context.schedule)),
    if_words(remark_of_row, -6.0, *ROW_REMARKS),
    if_page(_labels_elsewhere, -0.5, lambda context: context.introduced >= LABELS),
    if_page(_begins_labelled, -1.0, lambda context: context.begins_labelled),
    if_above(ruled_off, 3.0, {Role.RULE}),
    at_last(another_language, 2.5),
)
