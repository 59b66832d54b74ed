"""What speaks for and against an entry without a title beginning with a text?"""

from __future__ import annotations

import re
from itertools import islice

from ingest.context import DATED, FEW_WORDS, OPENING, PRELUDE, PRODUCTS, PROSE, Context
from ingest.cues import (
    COLON,
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
    opens_with_change,
    ruled_off,
    same_topic,
    titled_as_news,
)
from ingest.dates import Kind
from ingest.grammar import WORD
from ingest.mentions import API_WORDS
from ingest.model import BlockKind
from ingest.outages import UNITS
from ingest.page import LONG, bare
from ingest.roles import DATED_BIT, Role
from ingest.row_cues import before_schedule, under_row
from ingest.window_cues import (
    LISTED,
    among_hours,
    below_update,
    counts_windows_below,
    leads_to_windows,
    listed_window,
    numbered_window,
    one_of_windows,
    opens_with_window,
    states_length,
    titled_with_window,
    window_of_title,
)

COMMA = re.compile(r", ")
HEADED = frozenset({*PRELUDE, Role.HEADING, Role.SUBHEADING, Role.GROUP, Role.MARKER})
MOST_TOLD, WORDS_BETWEEN = 600, 2  # characters of a text above, words from an article to its noun
FEW_UNTITLED = 2  # texts that open as entries do, on a page that has titles
LEADS = ("bugfix.lead", "deprecation.lead", "policy.lead", "api_change.lead", "feature.lead")


def _unmarked_among_marked(s: Context, at: int) -> bool:
    unmarked = s.level is not None and s.parts[at].block.kind is not BlockKind.HEADING
    return unmarked and not _opens_with_label(s, at)


def _opens_with_announcement(s: Context, at: int) -> bool:
    return s.announces(s.parts[at])


def _changes_at_once(s: Context, at: int) -> bool:
    """ "We fixed …", "Nous avons ajouté …": the first words tell of a change, and nothing titles them."""
    part = s.parts[at]
    told = s.marks.at("entry.changes", part.start)
    return told is not None and s.roles[at - 1] not in HEADED and not _goes_on_with_title(s, at)


def _goes_on_with_title(s: Context, at: int) -> bool:
    """ "You can now …", on a page with titles, in an entry that has one: more of what the title has told."""
    addressed = s.marks.at("entry.addresses", s.parts[at].start) is not None
    return addressed and s.titled and s.heading() is not None


def _holds_from(s: Context, at: int) -> bool:
    """ "Starting October 1, 2021, …" without hours, and with no title right above."""
    part = s.parts[at]
    if s.roles[at - 1] in HEADED or not s.page.grammar.lexicon.opening(
        "dates.effective", s.page.text, part.start
    ):
        return False
    tokens = s.page.tokens_in(part.start, s.first_sentence(part))
    return bool(tokens) and s.effective_opening(part) and all(t.kind is Kind.DATE for t in tokens)


def _opens_with_label(s: Context, at: int) -> bool:
    """ "Maintenance: On June 4 …", "Fix: …": a label, a colon, and what it labels."""
    part = s.parts[at]
    start = bare(s.page, part.block).start
    label = s.marks.at("labels", start)
    return label is not None and COLON.match(s.page.text, label.end, part.end) is not None


def _opens_with_date(s: Context, at: int) -> bool:
    return s.effective_opening(s.parts[at])


def _leans_behind_day(s: Context, at: int) -> bool:
    """ "From June 4, its successor …": what follows the day takes up what was said."""
    part = s.parts[at]
    if not _opens_with_date(s, at):
        return False
    behind = s.page.tokens_in(part.start, part.end)[0].span.end
    word = WORD.search(s.page.text, behind, part.end)
    lead = s.page.text[behind : word.start()] if word else ""
    return (
        word is not None
        and lead.strip() == ","
        and (s.page.grammar.lexicon.opening("entry.referring", s.page.text, word.start()) > 0)
    )


def _dates_title(s: Context, at: int) -> bool:
    """The day of what the title announces, below its text, which names none, with a word of the title."""
    title = s.heading()
    if title is None or title != at - 2 or s.roles[at - 1] is not Role.TEXT or not _opens_with_date(s, at):
        return False
    told = s.days(s.parts[title].start, s.parts[at - 1].end)
    return not told and not s.words(at).isdisjoint(s.words(title))


def _breaks_off_above(s: Context, at: int) -> bool:
    """Goes on in small letters where the line above, a literal set apart, ended no sentence."""
    above = s.parts[at - 1]
    return (
        s.parts[at].text[:1].islower()
        and above.role in PROSE
        and not above.text.rstrip().endswith((".", "!", "?"))
    )


def _below_heading(s: Context, at: int) -> bool:
    """The first text under a heading, be it the entry's or a sub-heading; what announces something new stands
    below none but the entry's."""
    if s.parts[at - 1].role is Role.HEADING and s.heading() != at - 1 and _opens_with_announcement(s, at):
        return False
    return s.parts[at - 1].role in (Role.HEADING, Role.SUBHEADING, Role.GROUP)


def _below_invitation(s: Context, at: int) -> bool:
    """Under "See for yourself", whose steps were lost: the text below need not belong to it."""
    above = s.parts[at - 1]
    return above.role is Role.SUBHEADING and s.marks.any("entry.invitations", above.start, above.end)


def _new_kind(s: Context, at: int) -> bool:
    """The first sentence speaks as a kind of change of which the open entry has not spoken."""
    part = s.parts[at]
    start, end = s.parts[s.open.first].block.span.start if s.open else 0, part.start
    return any(
        s.parts[at].words & s.bits((lead,))
        and s.marks.any(lead, part.start, s.first_sentence(part))
        and not s.marks.any(lead, start, end)
        for lead in LEADS
    )


def _leads_in_further_list(s: Context, at: int) -> bool:
    """ "The request may contain:", between two lists, where no change is told."""
    part = s.parts[at]
    told = s.marks.any("entry.changes", part.start, part.end) or s.announces(part)
    between = at + 1 < len(s.parts) and s.roles[at - 1] is s.roles[at + 1] is Role.ITEM
    return between and not told and part.text.rstrip().endswith(":") and len(part.text) <= 2 * LONG


def _new_product(s: Context, at: int) -> bool:
    """The first sentence names a product of which the open entry has not spoken."""
    part = s.parts[at]
    start = s.parts[s.open.first].block.span.start if s.open else 0
    products = f"product.{s.page.vendor}"
    named = s.marks.find(products, part.start, s.first_sentence(part))
    return any(not s.named(products, m.value, start, part.start) for m in named)


def _new_endpoint(s: Context, at: int) -> bool:
    """The first sentence names a call of which the open entry, which speaks of no API, has not spoken."""
    part = s.parts[at]
    start = s.parts[s.open.first].block.span.start if s.open else 0
    if any(s.marks.any(words, start, part.start) for words in API_WORDS):
        return False
    known = s.marks.any(f"endpoint.{s.page.vendor}", part.start, s.first_sentence(part))
    return known or s.marks.any("api.endpoint_nouns", part.start, min(part.end, part.start + OPENING))


def _titles_elsewhere(s: Context, at: int) -> bool:
    return s.titled and not _no_titles(s, at)


def mixes(s: Context) -> bool:
    """Whether titles are lost here and there: on a page that has some, at least two texts with none right
    above open as entries do.  It is asked before any entry is open."""
    if not s.titled:
        return False
    texts = (
        at for at in range(1, len(s.parts)) if s.roles[at] is Role.TEXT and s.roles[at - 1] not in HEADED
    )
    opening = (at for at in texts if _opens_as_entry(s, at))
    return len([*islice(opening, FEW_UNTITLED)]) == FEW_UNTITLED


def _opens_as_entry(s: Context, at: int) -> bool:
    if carries_on(s, at) or marker_prefix(s, at) or lead_in_above(s, at):
        return False
    mends = s.marks.at("bugfix.lead", s.parts[at].start) is not None
    return mends or _opens_with_announcement(s, at) or _opens_with_date(s, at)


def _among_untitled(s: Context, at: int) -> bool:
    """On a page that mixes both, below no title: there a title elsewhere tells nothing.

    What points back at once ("Your programs must handle this code …") says more of the entry above.
    """
    part = s.parts[at]
    opening = min(s.first_sentence(part), part.start + OPENING)
    points_back = s.marks.any("entry.pointing", part.start, opening)
    dated = _opens_with_date(s, at)  # which tells enough by itself
    return _titles_elsewhere(s, at) and s.roles[at - 1] not in HEADED and not (points_back or dated)


def _takes_up(s: Context, at: int) -> bool:
    """Opens with what the text above has introduced: "… as a report", then "The report lists …"."""
    part, above, lexicon = s.parts[at], s.parts[at - 1], s.page.grammar.lexicon
    end = min(part.end, part.start + OPENING)
    opening = list(islice(WORD.finditer(s.page.text, part.start, end), 2))
    introducing = lexicon.lower("entry.indefinite")
    if len(opening) < 2 or opening[0].group().lower() not in lexicon.lower("entry.definite"):
        return False
    noun = opening[1].group()
    if noun.lower() in introducing or opens_with_change(s, at):
        return False
    if _named_above(s, opening[1].start(), at):
        return True
    told = WORD.findall(s.page.text, max(above.start, above.end - MOST_TOLD), above.end)
    places = (n for n, word in enumerate(told) if word == noun)
    articles = ({*map(str.lower, told[max(0, n - WORDS_BETWEEN) : n])} for n in places)
    return any(not introducing.isdisjoint(words) for words in articles)


def _named_above(s: Context, start: int, at: int) -> bool:
    """Whether the product named at a place in a text is one that the text above it announces."""
    above, kind = s.parts[at - 1], f"product.{s.page.vendor}"
    named, end = s.marks.at(kind, start), s.first_sentence(above)
    if named is None or not s.marks.any("entry.announce", above.start, end):
        return False
    return s.named(kind, named.value, above.start, end)


def _goes_through(s: Context, at: int) -> bool:
    """Speaks at once of what is listed above: "On the first evening, …", "We answer both calls …"."""
    part = s.parts[at]
    if s.marks.any("entry.both", part.start, min(part.end, part.start + OPENING)):
        return not opens_with_change(s, at)
    listed = s.open is not None and s.has_window(s.parts[s.open.first].start, part.start)
    return listed and s.speaks_of_first(at)


def _tells_purpose(s: Context, at: int) -> bool:
    """ "To restore the old view, click Reset": what the reader does with what is told above."""
    part, lexicon = s.parts[at], s.page.grammar.lexicon
    if part.words & DATED_BIT or not lexicon.opening("entry.purpose", s.page.text, part.start):
        return False
    comma = s.page.text.find(", ", part.start, s.first_sentence(part))
    if comma < 0 or opens_with_change(s, at):
        return False
    asks = _asks(s, comma + 2) or s.marks.at("entry.continuation", comma + 2) is not None
    return asks or s.marks.any("entry.pointing", part.start, comma)


def _asks(s: Context, start: int) -> bool:
    """Whether the word here asks the reader to do something, in a language whose verbs tell by their end."""
    asked = WORD.match(s.page.text, start)
    endings = tuple(s.page.grammar.lexicon.lower("entry.asking_endings"))
    return asked is not None and bool(endings) and asked.group().endswith(endings)


def _tells_steps(s: Context, at: int) -> bool:
    """ "In your account, in the menu on the left, select Reports": where to find what is told above."""
    part, lexicon = s.parts[at], s.page.grammar.lexicon
    if part.words & DATED_BIT or titled_as_news(s, at) or opens_with_change(s, at):
        return False
    end = s.first_sentence(part)
    commas = [comma.end() for comma in COMMA.finditer(s.page.text, part.start, end)]
    return any(
        _asks(s, start) or lexicon.opening("api.pressing_verbs", s.page.text, start) for start in commas
    )


def _says_aside(s: Context, at: int) -> bool:
    """Says in its first sentence what a change does not touch, or what holds until the day told above."""
    part = s.parts[at]
    if _opens_with_date(s, at) or opens_with_change(s, at):
        return False
    return s.marks.any("entry.aside", part.start, min(s.first_sentence(part), part.start + 2 * OPENING))


def _names_part(s: Context, at: int) -> bool:
    """A few words with a colon behind them that tell no news, above a text that is no change either."""
    below = s.next(at)
    if s.count(at) > FEW_WORDS or not s.leads_in(at) or titled_as_news(s, at):
        return False
    return not leads_to_windows(s, at) and not (below is not None and opens_with_change(s, below))


def _no_titles(s: Context, at: int) -> bool:
    """Texts stand below the dates of this page, or of this part of it, without any titles."""
    return not s.titled or (
        s.dated_texts and s.blank_above(at) and s.roles[at - 1] in PROSE and _below_date(s)
    )


def _below_date(s: Context) -> bool:
    return s.open is not None and s.open.heading is None and s.roles[s.open.body - 2] is Role.DATE


def _labelled_elsewhere(s: Context, at: int) -> bool:
    """Below a labelled text, where labels stand over the page's texts: it says more of the same."""
    return s.roles[at - 1] in PROSE and s.labelled


def _day_of_titled(s: Context, at: int) -> bool:
    """Opens with a day below a text, where every label of the page stands over a title: when that holds."""
    return s.roles[at - 1] in PROSE and _opens_with_date(s, at)


def _below_titled(s: Context, at: int) -> bool:
    """Anywhere on a page whose dates all stand over titles: further texts of an entry follow its first."""
    return s.open is not None and s.heading() is not None


def _among_labelled_titles(s: Context, at: int) -> bool:
    """Below a text, on a page where every label stands over a title and blank lines part the texts."""
    return s.roles[at - 1] in PROSE


def _below_release(s: Context, at: int) -> bool:
    """Among the texts right below a release's heading, which introduce it."""
    entry = s.open
    if entry is None or entry.heading is None or s.roles[entry.heading] is not Role.RELEASE:
        return False
    other = s.next(entry.heading, skip=(Role.TEXT,))
    return other is None or other >= at


def _asks_at_once(s: Context, at: int) -> bool:
    """ "Does your software read it? Then …": who asks speaks of what was said above."""
    part = s.parts[at]
    first = s.page.text[part.start : s.first_sentence(part)].rstrip()
    return first.endswith("?") and s.roles[at - 1] not in HEADED


def _tight_below(s: Context, at: int) -> bool:
    """Right below a text or a list, on a page without titles whose texts stand apart by blank lines."""
    return s.set_apart and s.roles[at - 1] in (Role.TEXT, Role.ITEM) and not s.blank_above(at)


def _short_text(s: Context, at: int) -> bool:
    return len(s.parts[at].text) <= LONG


def _untouched_entry(s: Context, at: int) -> bool:
    """The open entry has no text of its own yet."""
    return s.open is not None and s.open.body == at and s.heading() is not None


def _tells_nothing_new(s: Context, at: int) -> bool:
    """No product, day or change is named, nor what kinds of news are known by: it explains what is above."""
    return not s.parts[at].words & s.bits(("entry.announce", "entry.changes", *LEADS, PRODUCTS, DATED))


TEXT_CUES: tuple[Weighed, ...] = (
    if_words(_opens_with_announcement, 2.0, "entry.announce"),
    if_words(opens_with_change, 1.5, "entry.changes"),
    if_words(_changes_at_once, 1.5, "entry.changes"),
    if_words(_goes_on_with_title, -1.0, "entry.addresses"),
    if_words(_holds_from, 1.0, DATED),
    if_words(_opens_with_label, 3.0, "labels"),
    if_words(_opens_with_date, 2.0, DATED),
    if_words(_leans_behind_day, -2.5, DATED),
    if_words(below_update, -6.0, DATED),
    if_words(_dates_title, -1.5, DATED),
    if_words(opens_with_window, 3.0, DATED),
    if_page(one_of_windows, -9.0, lambda context: context.tells_counts),
    if_words(titled_with_window, 2.0, "maintenance.title"),
    if_words(window_of_title, -2.0, DATED),
    Weighed(closed_before, 1.0),
    if_above(ruled_off, 3.0, {Role.RULE}),
    at_last(another_topic, 1.5),
    at_last(same_topic, -1.5),
    if_words(carries_on, -2.5, "entry.continuation"),
    if_above(_takes_up, -3.0, PROSE),
    Weighed(_breaks_off_above, -4.0),
    Weighed(among_hours, -3.0),
    if_above(_leads_in_further_list, -3.0, {Role.ITEM}),
    if_above(_goes_through, -3.0, LISTED),
    if_words(marker_prefix, -6.0, "entry.markers"),
    if_words(states_length, -3.0, *(f"units.{unit}" for unit in UNITS)),
    at_last(another_language, 3.0),
    if_above(_below_heading, -3.0, {Role.HEADING, Role.SUBHEADING, Role.GROUP}),
    if_above(_below_invitation, 3.0, {Role.SUBHEADING}),
    Weighed(_untouched_entry, -6.0),
    if_page(_titles_elsewhere, -1.0, lambda context: context.titled),
    if_page(_among_untitled, 1.5, mixes),
    if_page(_labelled_elsewhere, -2.0, lambda context: context.labelled),
    if_page(_below_titled, -6.0, lambda context: context.dates_titles),
    if_page(_among_labelled_titles, -1.5, lambda context: context.labels_titles and context.parted),
    if_page(_day_of_titled, -2.0, lambda context: context.labels_titles),
    if_page(before_schedule, -2.0, lambda context: bool(context.schedule)),
    if_page(_no_titles, 2.0, lambda context: not context.titled or context.dated_texts),
    if_above(_tells_nothing_new, -1.0, {Role.ITEM}),
    at_last(_new_kind, 1.0, *LEADS),
    at_last(_new_product, 1.0, PRODUCTS),
    if_words(_new_endpoint, 1.0, *API_WORDS),
    Weighed(lead_in_above, -3.0),
    Weighed(_short_text, -1.0),
    Weighed(_names_part, -3.0),
    Weighed(_tells_purpose, -2.5),
    Weighed(_tells_steps, -2.5),
    if_words(_says_aside, -2.0, "entry.aside"),
    if_page(leads_to_windows, 3.0, lambda context: not context.titled),
    if_page(counts_windows_below, 2.0, lambda context: context.tells_counts),
    if_words(numbered_window, -4.0, DATED),
    if_words(listed_window, -6.0, DATED),
    if_page(_asks_at_once, -2.5, lambda context: context.set_apart),
    if_page(inside_stanza, -3.0, has_stanzas),
    if_page(_tight_below, -3.0, lambda context: context.set_apart),
    Weighed(fused_to_sentence, 2.0),
    if_page(_below_release, -2.0, lambda context: Role.RELEASE in context.roles),
    Weighed(under_row, -3.0),
    if_page(_unmarked_among_marked, -3.0, has_levels),
)
