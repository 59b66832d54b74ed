"""On which days does a change take effect?  Weighs the words around every date that is no window's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from ingest.dates import Kind, Token, calendar_day
from ingest.grammar import BULLET, WORD
from ingest.lexicon import Lexicon, Marks, either
from ingest.model import EffectiveDate, Span
from ingest.windows import Calendar

Sentence = Callable[[int], Span]
REACH = 400  # characters of a sentence that are looked at
NEAR = 3  # characters that may lie between a preposition and its date
TELLING = frozenset(
    {"dates.effective", "dates.since", "dates.deadline"}
)  # prepositions that tell by themselves
MOST_BETWEEN = 7  # words of "had first been set to", before a day
REMARK = 8  # characters behind a day that fills its cell
LONGEST_STAGE = 40  # characters before the day of a stage
ORDINAL = re.compile(r"\d{1,4}(?:st|nd|rd|th|er)?")
LONGEST_RANGE = 40  # characters from the word that opens a range of days to the last of them
LONG_AGO = 200  # days before an entry was published; a day before that is background
ON_A_DAY = "on a day to come"
BACKGROUND_LONG_AGO = frozenset({ON_A_DAY, "holds since"})
FEW_WORDS = 3  # "For this reason, since May 2, …"
LONGEST_JOINING = 5  # characters of words that join a clause behind a day as well: "as", "wie", "comme"
VERB_NEAR = 60  # characters behind a day that opens a sentence in which its verb stands
NEAR_HEAD = 24  # characters before a date that heads an update


def find(
    lexicon: Lexicon,
    text: str,
    marks: Marks,
    tokens: Iterable[Token],
    calendar: Calendar,
    sentence: Sentence,
    paragraph: Sentence,
    skip: Callable[[Token], bool],
    entry: Span,
) -> tuple[EffectiveDate, ...]:
    """The days among `tokens` of an entry on which something begins, ends or is due; each day once."""
    found: dict[date, EffectiveDate] = {}
    for token in tokens:
        if token.kind is not Kind.DATE or token.day is None or skip(token):
            continue
        day = calendar_day(token, calendar.year_of(token))
        at = token.span.start
        coming = bool(day and calendar.anchor and day > calendar.anchor)
        if day and calendar.anchor and day < calendar.anchor and _of_range(lexicon, text, token):
            continue  # "calls from March 11 to March 27", told in April
        rule = _rule(lexicon, text, marks, token, sentence(at), paragraph(at), entry, coming) if day else None
        if rule == ON_A_DAY and day and (calendar.anchor is None or day <= calendar.anchor):
            rule = None if _of_participle(lexicon, text, token, sentence(at)) else rule
        past = calendar.anchor and day and (calendar.anchor - day).days > LONG_AGO
        if past and rule in BACKGROUND_LONG_AGO and at > sentence(at).start + NEAR:
            continue
        if day and rule and day not in found:
            found[day] = EffectiveDate(day, token.span, rule)
            if later := _weekday_after(lexicon, text, day, Span(token.span.end, paragraph(at).end)):
                found.setdefault(later.day, later)
    return tuple(found.values())


def _weekday_after(lexicon: Lexicon, text: str, day: date, rest: Span) -> EffectiveDate | None:
    """ "… from May 6 on. On the following Monday, …": the first such day after the one told before.

    Only in what is left of its paragraph (`rest`), where no other number comes between.
    """
    said = text[rest.start : min(rest.end, rest.start + REACH)]
    words = [(found.group().lower(), found) for found in WORD.finditer(said)]
    for at, (word, found) in enumerate(words):
        if word not in lexicon.weekdays:
            continue
        before = " ".join(w for w, _ in words[max(0, at - 2) : at])
        behind = said[found.end() : found.end() + NEAR_HEAD].lower().replace("’", "'").lstrip(" \u00a0")
        told = before.endswith(lexicon.words("dates.next") or "-")
        told = told or behind.startswith(lexicon.words("dates.next_after") or "-")
        if told and not any(c.isdigit() for c in said[: found.start()].partition(".")[2]):
            wanted = lexicon.weekdays[word] - 1
            later = day + timedelta(days=(wanted - day.weekday() - 1) % 7 + 1)
            span = Span(rest.start + found.start(), rest.start + found.end())
            return EffectiveDate(later, span, "the weekday after it")
    return None


def given_up(
    text: str, tokens: Iterable[Token], calendar: Calendar, update: Span, new: Sequence[EffectiveDate]
) -> tuple[EffectiveDate, ...]:
    """The days named in `update`, the paragraph that postpones or moves, that the `new` ones replace.

    They lie before these; a date that stands at the update's head says when that was written.
    """
    first, taken = min((e.day for e in new), default=date.max), {e.day for e in new}
    found: dict[date, EffectiveDate] = {}
    for token in tokens:
        if token.kind is not Kind.DATE or token.day is None or token.span.start not in update:
            continue
        day = calendar_day(token, calendar.year_of(token))
        if day and day < first and day not in taken and not _heads(text, token, update):
            found.setdefault(day, EffectiveDate(day, token.span, "given up by an update"))
    return tuple(found.values())


def _heads(text: str, token: Token, update: Span) -> bool:
    """ "Update (April 1, 2022): …", "April 1, 2022: …"."""
    after = text[token.span.end : min(update.end, token.span.end + 3)].lstrip(") ]")
    return token.span.start - update.start <= NEAR_HEAD and after.startswith((":", "–", "—", "-"))


def _rule(
    lexicon: Lexicon,
    text: str,
    marks: Marks,
    token: Token,
    sentence: Span,
    paragraph: Span,
    entry: Span,
    coming: bool = False,
) -> str | None:
    """The rule that makes the date effective, None for a background date."""
    before = _preceding(lexicon, text, token, sentence)
    said = sentence.of(text)
    opening = sentence.start + len(said) - len(said.lstrip())
    if marks.at("entry.examples", opening) or _struck(text, token, sentence):
        return None
    if _is_instance(lexicon, text, token, sentence):
        return None
    if _ends_range(lexicon, text, token, sentence):
        return None
    if _opens_past_range(lexicon, text, marks, token, sentence):
        return None
    if "dates.background" in before:
        return _of_what_comes_after(lexicon, text, marks, token, sentence)
    if not TELLING.intersection(before) and marks.any("dates.clocks", sentence.start, sentence.end):
        return None  # when clocks go forward and back
    if _of_the_office(marks, sentence) or _tells_which(lexicon, text, token, sentence):
        return None
    clause = _clause(text, sentence, token)
    told = marks.any("dates.takes_effect", clause.start, clause.end)
    past = marks.any("dates.past", max(clause.start, token.span.start - 60), clause.end) and not coming
    remark = past and marks.at("entry.background_note", sentence.start) is not None
    since = lexicon.ending("dates.since", text, _end_before(text, token, sentence)) > 0
    if _in_passing(lexicon, text, token, clause, past or since):
        return None
    if "dates.since" in before:
        # "since" opens what holds from a day on; elsewhere it tells how long something has been so
        end = _end_before(text, token, sentence)
        before_it = text[sentence.start : end - lexicon.ending("dates.since", text, end)]
        before_it = before_it.rpartition(";")[2].strip()
        opens = len(before_it.split()) <= FEW_WORDS and (not before_it or before_it.endswith(","))
        verb = (token.span.end, min(clause.end, token.span.end + VERB_NEAR))
        if opens and not (past and marks.any("dates.past", *verb)):
            return "since, at the sentence's start"
        return "holds since" if marks.any("dates.holds", clause.start, token.span.start) else None
    if "dates.effective" in before:
        return None if remark and not told else "effective from"
    if "dates.deadline" in before:
        set_then = marks.any("dates.obliged", clause.start, token.span.start)
        if not past or told or set_then:
            return "deadline"
        return "took effect then" if _took_effect(lexicon, text, marks, clause) else None
    if _took_effect(lexicon, text, marks, Span(clause.start, min(sentence.end, clause.end + REACH))):
        return "took effect then"
    if "dates.on" in before or token.span.start <= sentence.start + NEAR:
        return ON_A_DAY if not past or (told and not remark) else None
    if told and not past:
        return "told of a day to come"
    return "day of a stage" if _is_stage(marks, text, token, sentence, paragraph, entry) else None


def _ends_range(lexicon: Lexicon, text: str, token: Token, sentence: Span) -> bool:
    """ "… exports made between the 3rd and the 17th": the last day of a range, which a small word opens."""
    first = max(sentence.start, token.span.start - LONGEST_RANGE)
    said = " " + text[first : token.span.start].replace("’", "'").lower()
    places = ((said.rfind(f" {word} "), len(word) + 2) for word in lexicon.words("dates.between"))
    opening = max((at + length for at, length in places if at >= 0), default=0)
    words = [word.strip(",.") for word in said[opening:].split()] if opening else []
    words = words[words[:1] != [] and words[0] in lexicon.lower("api.articles") :]
    small = lexicon.lower("api.joiners", "api.articles", "clock.range", "calendar.of")
    told = (w in small or w in lexicon.months or w in lexicon.weekdays or ORDINAL.fullmatch(w) for w in words)
    return len(words) > 1 and bool(ORDINAL.fullmatch(words[0]) or words[0] in lexicon.months) and all(told)


def _opens_past_range(lexicon: Lexicon, text: str, marks: Marks, token: Token, sentence: Span) -> bool:
    """ "Between May 2 and June 3, some accounts saw …": the first day of a range in what is past."""
    end = _end_before(text, token, sentence)
    between = lexicon.ending("dates.between", text, end) > 0
    rest = (token.span.end, min(sentence.end, token.span.end + REACH))
    if between and (token.first_day is not None or not marks.any("dates.takes_effect", *rest)):
        return True
    ranged = between or _of_range(lexicon, text, token)
    return ranged and marks.any("dates.past", *rest)


def _of_range(lexicon: Lexicon, text: str, token: Token) -> bool:
    """Whether a day is the first or the last of a range."""
    return _leads_to_day(lexicon, text, token) or _follows_day(lexicon, text, token)


def _follows_day(lexicon: Lexicon, text: str, token: Token) -> bool:
    """ "… 2, 2019, to April 5, 2019, …": whether the first day of a range stands right before."""
    before = text[max(0, token.span.start - NEAR_HEAD) : token.span.start]
    return re.search(rf"\d(?:st|nd|rd|th)?,?[ \u00a0]{_to(lexicon)}$", before, re.I) is not None


def _leads_to_day(lexicon: Lexicon, text: str, token: Token) -> bool:
    """ "From April 2, 2019, to April 5, 2019, …": whether the last day of a range follows right behind."""
    told = re.compile(rf",?[ \u00a0]{_to(lexicon)}(?P<day>\w+)", re.I)
    behind = told.match(text, token.span.end)
    if behind is None:
        return False
    word = behind["day"].lower()
    return word[:1].isdigit() or word in lexicon.months or word in lexicon.weekdays


def _to(lexicon: Lexicon) -> str:
    """A pattern for what joins the days of a range: "to ", "and the ", "bis zum "."""
    to, articles = either(lexicon.words("clock.range")), either(lexicon.words("clock.articles"))
    return rf"(?:{to})[ \u00a0](?:(?:{articles})[ \u00a0])?"


def _is_instance(lexicon: Lexicon, text: str, token: Token, sentence: Span) -> bool:
    """ "An order placed on May 2, for example, …", "a date, for instance May 2"."""
    behind = text[token.span.end : min(sentence.end, token.span.end + NEAR_HEAD)].lstrip(" ,").lower()
    phrases = lexicon.lower("api.such_as")
    if any(behind.startswith(phrase) for phrase in phrases if len(phrase) > LONGEST_JOINING):
        return True
    said = text[max(sentence.start, token.span.start - NEAR_HEAD) : token.span.start].lower().rstrip(' `"“*')
    return any(said.endswith(phrase) for phrase in phrases)


def _in_passing(lexicon: Lexicon, text: str, token: Token, clause: Span, past: bool) -> bool:
    """ "…, which we declared obsolete on May 2, …", "this day had first been May 2"."""
    said = text[clause.start : token.span.start].replace("’", "'").lower()
    opening = said.split()[:1]
    if past and opening and opening[0] in lexicon.lower("dates.relatives"):
        return True
    words, near = f" {' '.join(said.split())} ", f" {' '.join(said.split()[-MOST_BETWEEN:])} "
    given_up = any(f" {plan} " in words for plan in lexicon.words("dates.plans"))
    return given_up or any(f" {phrase} " in near for phrase in lexicon.words("dates.pluperfect"))


def _of_participle(lexicon: Lexicon, text: str, token: Token, sentence: Span) -> bool:
    """ "…, adopted by the forum on April 22, …": what was done then, in passing."""
    clause = _clause(text, sentence, token)
    said = text[clause.start : token.span.start].split()[:1] if text[clause.start - 1] == "," else []
    return bool(said) and said[0].endswith(lexicon.words("dates.participle_endings") or "-")


def _struck(text: str, token: Token, sentence: Span) -> bool:
    """Whether Markdown strikes the date through: "~~May 8~~ July 8"."""
    return text.count("~~", max(sentence.start, token.span.start - REACH), token.span.start) % 2 == 1


def _took_effect(lexicon: Lexicon, text: str, marks: Marks, around: Span) -> bool:
    """Whether something is said to have taken effect, not in passing: "the rule that took effect …"."""
    for mark in marks.find("dates.took_effect", around.start, around.end)[:1]:
        before = text[max(around.start, mark.start - NEAR_HEAD) : mark.start].lower().split()[-1:]
        return lexicon.lower("dates.relatives").isdisjoint(before)
    return False


def _of_what_comes_after(
    lexicon: Lexicon, text: str, marks: Marks, token: Token, sentence: Span
) -> str | None:
    """ "Certificates issued after May 2 no longer hold …": the background of one sets a day for the rest."""
    clause = Span(sentence.start, min(sentence.end, token.span.end + REACH))
    after = lexicon.ending("dates.after", text, _end_before(text, token, sentence))
    told = marks.any("dates.takes_effect", token.span.end, clause.end)
    return "of what comes after" if after and told and not marks.any("dates.past", *clause.ends) else None


def _of_the_office(marks: Marks, sentence: Span) -> bool:
    """Whether it is people who are away: "Our offices are closed on May 1"."""
    around = sentence.ends
    return marks.any("dates.staff", *around) and marks.any("dates.closed", *around)


def _tells_which(lexicon: Lexicon, text: str, token: Token, sentence: Span) -> bool:
    """Whether a participle before the preposition says which things are meant: "orders placed before May 1".

    "Orders must be placed before May 1" sets a deadline.
    """
    end = _end_before(text, token, sentence)
    length = lexicon.ending("dates.before", text, end)
    words = text[max(sentence.start, end - REACH) : end - length].lower().split() if length else []
    told = len(words) > 1 and words[-1].endswith(lexicon.words("dates.participle_endings") or "-")
    if told and words[-2] in lexicon.lower("api.articles", "api.determiners"):
        return False  # "des clés avant le …" is a noun
    return told and not lexicon.lower("dates.passive").intersection(words[-4:-1])


def _is_stage(marks: Marks, text: str, token: Token, sentence: Span, paragraph: Span, entry: Span) -> bool:
    """ "TLS 1.0 is going away. Sandbox: May 2, 2025. Production: June 2, 2025.": a name and a day alone, in a
    sentence, an item or a table's row; something ends or takes effect above."""
    in_cell = _fills_cell(text, token, sentence)
    if not in_cell:
        far = max(token.span.start - sentence.start, sentence.end - token.span.end)
        lead = text[sentence.start : token.span.start].rstrip()
        if far > LONGEST_STAGE or not lead.endswith(":") or text[token.span.end : sentence.end].strip(" .;*"):
            return False
    listed = in_cell or BULLET.match(text, paragraph.start) is not None
    first = entry.start if listed else paragraph.start
    reach = (max(first, sentence.start - REACH), sentence.start)
    return marks.any("deprecation.lead", *reach) or marks.any("dates.takes_effect", *reach)


def _fills_cell(text: str, token: Token, sentence: Span) -> bool:
    """Whether a day is all that a cell of a table says."""
    before = text[sentence.start : token.span.start].rstrip(" *`")
    behind = text[token.span.end : token.span.end + REMARK].lstrip(" *`")
    return before.endswith("|") and (not behind or behind[0] in "|\n")


PREPOSITIONS = ("dates.background", "dates.since", "dates.effective", "dates.deadline", "dates.on")


def _preceding(lexicon: Lexicon, text: str, token: Token, sentence: Span) -> tuple[str, ...]:
    """The kinds of preposition that end right before the date; the longest phrase wins."""
    lengths = lexicon.endings(PREPOSITIONS, text, _end_before(text, token, sentence))
    longest = max(lengths)
    if not longest:
        return ()
    return tuple(c for c, length in zip(PREPOSITIONS, lengths, strict=True) if length == longest)


def _end_before(text: str, token: Token, sentence: Span) -> int:
    """Where the words before a date end, without blanks, marks and the border of a cell."""
    end = token.span.start
    while end > sentence.start and token.span.start - end < NEAR and text[end - 1] in " \u00a0*_:,|`":
        end -= 1
    return end


def _clause(text: str, sentence: Span, token: Token) -> Span:
    """The part of the sentence that the date belongs to: semicolons, dashes and commas part clauses.

    A date that opens the sentence speaks for the clause behind its comma.
    """
    sentence = Span(max(sentence.start, token.span.start - REACH), min(sentence.end, token.span.end + REACH))
    signs = (";", " – ", " — ", ", ")
    start = max((text.rfind(sign, sentence.start, token.span.start) for sign in signs), default=-1)
    alone = " " not in text[sentence.start : max(start, 0)].strip()  # "Before, on March 8, …"
    opens = alone and token.span.start - sentence.start <= 24
    after = token.span.end
    if opens:
        after = min(sentence.end, max(after, text.find(", ", after, min(after + 8, sentence.end)) + 2))
    ends = [at for sign in signs if (at := text.find(sign, after, sentence.end)) >= 0]
    ends += [at for sign in (" : ", ": ") if (at := text.find(sign, after + NEAR, sentence.end)) >= 0]
    return Span(max(sentence.start, start + 1), min([*ends, sentence.end]))
