"""What does a pack hold?  Reads one TOML file of words and refuses what it does not know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

import tomli  # tomllib, compiled: packs are read by every command, in a fifth of the time

from ingest.errors import PackError
from ingest.model import EntryType

# What a language pack may hold: section -> keys (None: free keys with literal values).
WORD_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "calendar": (
        "ordinals", "day_words", "articles", "of",
    ),
    "clock": (
        "am", "pm", "noon", "midnight", "hour_marks", "range", "range_end", "glue", "also",
        "all_times",
    ),
    "units": (
        "minutes", "hours", "seconds", "first", "half_hour", "quarter_hour", "and_half", "and_quarter",
    ),
    "language": (
        "stop",
    ),
    "page": (
        "navigation", "title", "sections", "table_head", "releases", "release_words", "footer", "states",
        "updates", "fused_labels",
        "date_words", "group_words", "table_caption", "mail", "subject", "greetings", "not_a_log",
    ),
    "entry": (
        "markers", "subheadings", "closing", "announce", "changes", "continuation", "title_words",
        "schedule", "background_note", "pointing", "definite", "indefinite", "both", "aside", "purpose",
        "asking_endings", "addresses", "referring", "invitations", "examples", "windows",
        "window_nouns", "portions",
    ),
    "dates": (
        "effective", "since", "deadline", "on", "background", "takes_effect", "past", "participle_endings",
        "passive", "before", "after", "staff", "closed", "same_day", "clocks", "obliged", "took_effect",
        "relatives", "holds", "between", "pluperfect", "plans", "next", "next_after",
    ),
    "outage": (
        "words", "spans", "each", "each_of", "twice", "length", "these", "within",
    ),
    "status": (
        "cancelled", "postponed", "moved", "superseded", "former", "replacing", "from", "to",
        "no_downtime", "denied",
    ),
    "api": (
        "call_verbs", "value_nouns", "endpoint_nouns", "api_nouns", "determiners", "qualifiers", "name_end",
        "not_names", "parameter_nouns", "plain_nouns", "adjectives", "values", "equals", "joiners",
        "data_types", "articles", "verb_endings", "adjective_endings", "endpoint_plurals", "after_name",
        "method_nouns", "shared_nouns", "resource_nouns", "path_words", "asking_verbs", "no_name_words",
        "holding_verbs", "returning_verbs", "more", "given_to", "value_of", "usual_names", "bare_names",
        "foreign_names",
        "one_parameter", "name_leads", "objects", "setting_verbs", "set_to", "leaving_verbs", "left_out",
        "within", "of_name",
        "controls", "pressing_verbs", "pressing_places", "action_verbs",
        "past_endings", "operation_nouns", "pronouns", "code_leads", "accepting_verbs", "name_links",
        "each", "such_as", "request_nouns", "infinitives", "renames", "one_verbs", "call_states", "without",
    ),
}  # fmt: skip
TYPE_KEYS = ("title", "lead", "text", "weak")


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone's label: its offset in minutes east of UTC, an IANA place that uses it, and the language
    whose label it is.

    A generic label ("Mountain Time") has a place but no offset of its own.
    """

    label: str
    offset: int | None
    place: str | None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """One language's calendar, clock and numbers; phrases go to the lexicon's common scan."""

    code: str
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    words: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor's names: how it is recognised, its products and its endpoints in several languages."""

    code: str
    detect: tuple[str, ...]
    products: Mapping[str, tuple[str, ...]]
    any_case: frozenset[str]
    everywhere: frozenset[str]
    endpoints: tuple[tuple[str, ...], ...]


def read_pack(source: Traversable, name: str) -> dict[str, Any]:
    try:
        return tomli.loads(source.read_text(encoding="utf-8"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise PackError(f"is no readable pack ({error})", name, "mend the file") from error


def language_of(pack: dict[str, Any], name: str) -> Language:
    known = {"code", "calendar", "zones", "numbers", "labels", "groups", "types", *WORD_SECTIONS}
    _refuse_unknown(pack, known, name)
    code = pack.get("code")
    if not isinstance(code, str) or not code.strip():
        raise PackError("lacks `code`", name, 'add a line such as code = "en"')
    words: dict[str, tuple[str, ...]] = {}
    for section, keys in WORD_SECTIONS.items():
        table = pack.get(section, {})
        _refuse_unknown(
            table, {*keys, *(("months", "weekdays") if section == "calendar" else ())}, f"{name} [{section}]"
        )
        words |= {
            f"{section}.{key}": _strings(table[key], f"{name} [{section}] {key}")
            for key in keys
            if key in table
        }
    if "language.stop" in words:
        words[f"stop.{code}"] = words.pop("language.stop")
    for section in ("labels", "groups"):
        words |= _typed(pack.get(section, {}), section, name)
    words |= _type_cues(pack.get("types", {}), name)
    calendar = pack.get("calendar", {})
    return Language(
        code=code,
        months=_numbered(calendar.get("months", []), 12, f"{name} [calendar] months"),
        weekdays=_numbered(calendar.get("weekdays", []), 7, f"{name} [calendar] weekdays"),
        words=words,
        numbers=_numbers(pack.get("numbers", {}), f"{name} [numbers]"),
    )


def _numbers(table: Any, where: str) -> dict[str, int]:
    _refuse_unknown(table, table, where)
    for word, value in table.items():
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1000:
            raise PackError(f"{word} is no number", where, f"write it as {word} = 3")
    return {word.lower(): value for word, value in table.items()}


def _typed(table: dict[str, Any], section: str, name: str) -> dict[str, tuple[str, ...]]:
    """A table type -> words becomes the category `section` whose marks carry the type."""
    _refuse_unknown(table, {*EntryType}, f"{name} [{section}]")
    return {
        f"{section}:{kind}": _strings(words, f"{name} [{section}] {kind}") for kind, words in table.items()
    }


def _type_cues(table: dict[str, Any], name: str) -> dict[str, tuple[str, ...]]:
    _refuse_unknown(table, {*EntryType}, f"{name} [types]")
    cues: dict[str, tuple[str, ...]] = {}
    for kind, parts in table.items():
        _refuse_unknown(parts, {*TYPE_KEYS}, f"{name} [types.{kind}]")
        cues |= {
            f"{kind}.{key}": _strings(words, f"{name} [types.{kind}] {key}") for key, words in parts.items()
        }
    return cues


def vendor_of(pack: dict[str, Any], name: str) -> Vendor:
    _refuse_unknown(pack, {"vendor", "detect", "products", "endpoints"}, name)
    if not isinstance(pack["vendor"], str) or not pack["vendor"].strip():
        raise PackError("`vendor` is no name", name, 'write it as vendor = "acme"')
    known = pack.get("products", {})
    _refuse_unknown(known, known, f"{name} [products]")
    calls = pack.get("endpoints", [])
    if not isinstance(calls, list):
        todo = "see docs/adding-a-vendor.md"
        raise PackError("must be a list of lists of names", f"{name} endpoints", todo)
    products: dict[str, tuple[str, ...]] = {}
    any_case, everywhere = set(), set()
    for product, facts in known.items():
        _refuse_unknown(facts, {"aliases", "any_case", "everywhere"}, f"{name} [products] {product}")
        products[product] = _strings(facts.get("aliases", []), f"{name} [products] {product}")
        if facts.get("any_case"):
            any_case.add(product)
        if facts.get("everywhere"):
            everywhere.add(product)
    return Vendor(
        code=pack["vendor"],
        detect=_strings(pack.get("detect", []), f"{name} detect"),
        products=products,
        any_case=frozenset(any_case),
        everywhere=frozenset(everywhere),
        endpoints=tuple(_strings(names, f"{name} endpoints") for names in calls if names != []),
    )


def zones_of(table: dict[str, Any], name: str, lang: str) -> dict[str, Zone]:
    zones: dict[str, Zone] = {}
    _refuse_unknown(table, table, f"{name} [zones]")
    for label, facts in table.items():
        _refuse_unknown(facts, {"offset", "place"}, f"{name} [zones] {label}")
        if not isinstance(facts.get("offset"), int) and "place" not in facts:
            raise PackError(f"zone {label} lacks `offset`", name, "give minutes east of UTC, or a place")
        if not isinstance(facts.get("place", ""), str) or not isinstance(facts.get("offset", 0), int):
            todo = 'write it as { offset = 60, place = "Europe/Paris" }'
            raise PackError(f"zone {label} is malformed", name, todo)
        zones[label] = Zone(label, facts.get("offset"), facts.get("place"), lang)
    return zones


def _numbered(names: Any, count: int, where: str) -> dict[str, int]:
    """Twelve months or seven weekdays, each with its spellings -> lower-case spelling: number from 1."""
    if not isinstance(names, list):
        raise PackError(f"must be {count} lists of words", where, "give one list of spellings each")
    if names and len(names) != count:
        raise PackError(f"needs {count} lists, has {len(names)}", where, "give one list of spellings each")
    return {word.lower(): number for number, words in enumerate(names, 1) for word in _strings(words, where)}


def _strings(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(
        isinstance(item, str) and item.rstrip("*").strip() for item in value
    ):
        raise PackError("must be a list of words", where, 'write it as ["one", "two"]')
    return tuple(value)


def _refuse_unknown(table: Any, known: Iterable[str], where: str) -> None:
    if not isinstance(table, dict):
        raise PackError("must be a table", where, "see docs/adding-a-language.md")
    for key in table:
        if key not in known:
            raise PackError(f"unknown key {key!r}", where, f"known are {', '.join(sorted(known))}")


def refuse_twice(codes: Sequence[str], key: str, name: str) -> None:
    """Refuse the last of the codes, that of the pack `name`, where another pack has it."""
    if codes[-1] in codes[:-1]:
        todo = "give the file the name of the pack that it is to replace, or another code"
        raise PackError(f"{key} {codes[-1]!r} is another pack's too", name, todo)
