"""The same maintenance in many dressings, between two other entries: it stays one entry with its windows."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import pytest
from reading import entries, shown

from ingest.model import Form

FIRST = "May 4, 2024, 22:00 – 24:00 MDT (May 5, 2024, 04:00 – 06:00 UTC)"
SECOND = "May 11, 2024, 09:00 – 11:00 MDT (May 11, 2024, 15:00 – 17:00 UTC)"
PREMIER = "4 mai 2024, de 22 h 00 à 24 h 00 HAR (5 mai 2024, de 04 h 00 à 06 h 00 UTC)"
DEUXIEME = "11 mai 2024, de 09 h 00 à 11 h 00 HAR (de 15 h 00 à 17 h 00 UTC)"
ONE, BOTH = ["2024-05-05 04:00 06:00"], ["2024-05-05 04:00 06:00", "2024-05-11 15:00 17:00"]
Block = tuple[str, str]  # its kind (p, h, li, row) and its text


class Shape(NamedTuple):
    """A maintenance: its title, its blocks, its windows."""

    title: str
    blocks: list[Block]
    windows: list[str]


class Language(NamedTuple):
    """What stands around a maintenance: the entries above and below, dates and labels."""

    above: tuple[str, str]
    below: tuple[str, str]
    days: Sequence[str]
    labels: Sequence[str]


ENGLISH = Language(
    (
        "CertCentral: Check many domains",
        "You can now check 25 domains at once, on the page that lists them all.",
    ),
    (
        "Fixed: Wrong day in the reports",
        "We fixed a bug that made reports show the day before the right one.",
    ),
    ("April 25, 2024", "April 22, 2024", "April 3, 2024"),
    ("enhancement", "maintenance", "fix"),
)
FRENCH = Language(
    (
        "CertCentral : Plusieurs domaines",
        "Vous pouvez désormais vérifier 25 domaines à la fois sur leur page.",
    ),
    (
        "Problème résolu : date erronée",
        "Nous avons corrigé un bogue à cause duquel les rapports se trompaient.",
    ),
    ("25 avril 2024", "22 avril 2024", "3 avril 2024"),
    ("amélioration", "maintenance", "correctif"),
)
SHAPES = {
    "prose": Shape(
        "Planned maintenance in May",
        [("p", f"On {FIRST}, and on {SECOND}, we work."), ("p", "No more.")],
        BOTH,
    ),
    "list": Shape(
        "Planned maintenance in May", [("p", "We plan these windows:"), ("li", FIRST), ("li", SECOND)], BOTH
    ),
    "list of names": Shape(
        "Planned maintenance in May",
        [("li", f"Global: {FIRST}"), ("li", f"Europe: {SECOND}"), ("p", "News are on the status page.")],
        BOTH,
    ),
    "regions": Shape(
        "Planned maintenance in May",
        [
            ("p", "We work in two regions."),
            ("h", "Global maintenance"),
            ("p", f"On {FIRST}, orders wait for us."),
            ("h", "Europe maintenance"),
            ("p", f"On {SECOND}, signing waits for us as well."),
        ],
        BOTH,
    ),
    "counted in the title": Shape(
        "Two maintenance windows in May",
        [
            ("h", "First window"),
            ("p", f"On {FIRST}, some orders wait."),
            ("h", "Second window"),
            ("p", f"On {SECOND}, some orders wait again."),
        ],
        BOTH,
    ),
    "fields": Shape(
        "Critical maintenance",
        [
            ("p", "Date: Saturday, May 4, 2024"),
            ("p", "Time: 22:00 – 24:00 MDT"),
            ("p", "Affected: CIS, SCEP"),
        ],
        ONE,
    ),
    "start and end": Shape(
        "Emergency maintenance",
        [
            ("p", "Start: May 5, 2024 04:00 UTC"),
            ("p", "End: May 5, 2024 06:00 UTC"),
            ("p", "Nothing is lost."),
        ],
        ONE,
    ),
    "in the title": Shape(
        "Planned maintenance: May 4, 2024, 22:00 – 24:00 MDT",
        [
            ("p", "We replace switches in Utah. Orders wait for up to 12 minutes."),
            ("h", "API notes"),
            ("li", "Calls fail meanwhile, and have to be sent again."),
        ],
        ONE,
    ),
    "table": Shape(
        "Maintenance in May",
        [
            ("p", "These instances are upgraded:"),
            ("row", "Instance | Window"),
            ("row", f"Global | {FIRST}"),
            ("row", f"Europe | {SECOND}"),
            ("p", "Signing waits for that long."),
        ],
        BOTH,
    ),
    "moved": Shape(
        "Moved: critical maintenance",
        [
            (
                "p",
                "It was planned for April 27, 2024, 22:00 – 24:00 MDT (April 28, 2024, 04:00 – 06:00 UTC).",
            ),
            ("p", f"It now takes place on {FIRST}."),
        ],
        ONE,
    ),
    "numbered": Shape(
        "Nights of maintenance in May",
        [
            ("p", "Databases move in two steps."),
            ("li", f"1. {FIRST}: reading only."),
            ("li", f"2. {SECOND}: down."),
        ],
        BOTH,
    ),
    "days on lines": Shape(
        "Failover tests in May",
        [("p", "We test what we do in an emergency on two evenings."), ("p", FIRST), ("p", SECOND)],
        BOTH,
    ),
}
EN_FRANCAIS = {
    "liste": Shape(
        "Maintenances prévues en mai",
        [("p", "Nous prévoyons ces créneaux :"), ("li", f"Le {PREMIER}"), ("li", f"Le {DEUXIEME}")],
        BOTH,
    ),
    "étapes": Shape(
        "Déménagement en deux étapes",
        [
            ("p", "Le matériel de CIS et de PKI Platform 8 change de centre."),
            ("p", f"Étape 1 : {PREMIER}"),
            ("p", "CIS attend."),
            ("p", f"Étape 2 : {DEUXIEME}"),
            ("p", "PKI Platform 8 attend."),
        ],
        BOTH,
    ),
    "régions": Shape(
        "Maintenance planifiée en mai",
        [
            ("p", "Nous intervenons dans deux régions."),
            ("h", "Monde"),
            ("p", f"Le {PREMIER}, les commandes attendent."),
            ("h", "Europe"),
            ("p", f"Le {DEUXIEME}, les signatures attendent."),
        ],
        BOTH,
    ),
    "dans le titre": Shape(
        "Maintenance planifiée : 4 mai 2024, de 22 h 00 à 24 h 00 HAR",
        [("p", "Nous remplaçons des commutateurs. Les commandes attendront 12 minutes au plus.")],
        ONE,
    ),
    "champs": Shape(
        "Maintenance critique",
        [
            ("p", "Date : samedi 4 mai 2024"),
            ("p", "Heure : de 22 h 00 à 24 h 00 HAR"),
            ("p", "Services : CIS, SCEP"),
        ],
        ONE,
    ),
}


def lines(
    told: Sequence[tuple[str, list[Block]]], between: str, bullet: str, above: Sequence[Sequence[str]]
) -> str:
    """A page of plain text; `above` are the lines above each title."""
    found = list[str]()
    for number, (title, blocks) in enumerate(told):
        found += [*(one[number] for one in above), title]
        found += [text if kind != "li" or text[:1].isdigit() else bullet + text for kind, text in blocks]
    return between.join(found) + "\n"


def markdown(told: Sequence[tuple[str, list[Block]]], days: Sequence[str]) -> str:
    found = ["# Change log"]
    for number, (title, blocks) in enumerate(told):
        found += [f"## {days[number]}"] if days else []
        found.append(f"### {title}")
        for kind, group in groupby(blocks, lambda block: block[0]):
            found += _in_markdown(kind, [text for _, text in group])
    return "\n\n".join(found) + "\n"


def _in_markdown(kind: str, texts: list[str]) -> Iterator[str]:
    if kind == "li":
        yield "\n".join(text if text[:1].isdigit() else f"- {text}" for text in texts)
    elif kind == "row":
        head, *rows = (f"| {text} |" for text in texts)
        yield "\n".join((head, "|---" * (head.count("|") - 1) + "|", *rows))
    else:
        yield from (f"#### {text}" if kind == "h" else text for text in texts)


def page(told: Sequence[tuple[str, list[Block]]], days: Sequence[str]) -> str:
    found = ["<h1>Change log</h1>"]
    for number, (title, blocks) in enumerate(told):
        found += [f"<h2>{days[number]}</h2>"] if days else []
        found.append(f"<h3>{html.escape(title)}</h3>")
        for kind, group in groupby(blocks, lambda block: block[0]):
            texts = [html.escape(text) for _, text in group]
            if kind == "row":
                cells = ("".join(f"<td>{cell.strip()}</td>" for cell in text.split("|")) for text in texts)
                found.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>")
            elif kind == "li":
                found.append(f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>")
            else:
                tag = "h4" if kind == "h" else "p"
                found += [f"<{tag}>{text}</{tag}>" for text in texts]
    return "\n".join(found)


Dress = Callable[[Sequence[tuple[str, list[Block]]], Language], str]
DRESSINGS: dict[str, tuple[Form, Dress]] = {
    "no blank lines": (Form.TEXT, lambda told, lang: lines(told, "\n", "", ())),
    "bullets": (Form.TEXT, lambda told, lang: lines(told, "\n", "• ", ())),
    "blank lines": (Form.TEXT, lambda told, lang: lines(told, "\n\n", "", ())),
    "blank lines and bullets": (Form.TEXT, lambda told, lang: lines(told, "\n\n", "  • ", ())),
    "dates": (Form.TEXT, lambda told, lang: lines(told, "\n", "• ", (lang.days,))),
    "dates and blank lines": (Form.TEXT, lambda told, lang: lines(told, "\n\n", "  • ", (lang.days,))),
    "labels": (Form.TEXT, lambda told, lang: lines(told, "\n", "• ", (lang.labels,))),
    "dates and labels": (Form.TEXT, lambda told, lang: lines(told, "\n\n", "  • ", (lang.days, lang.labels))),
    "Markdown": (Form.MARKDOWN, lambda told, lang: markdown(told, ())),
    "Markdown with dates": (Form.MARKDOWN, lambda told, lang: markdown(told, lang.days)),
    "HTML": (Form.HTML, lambda told, lang: page(told, ())),
    "HTML with dates": (Form.HTML, lambda told, lang: page(told, lang.days)),
}


@pytest.mark.parametrize("dressing", DRESSINGS)
@pytest.mark.parametrize(
    ("language", "shape"),
    [*((ENGLISH, shape) for shape in SHAPES.values()), *((FRENCH, shape) for shape in EN_FRANCAIS.values())],
    ids=[*SHAPES, *EN_FRANCAIS],
)
def test_a_maintenance_is_one_entry_whatever_it_wears(
    language: Language, shape: Shape, dressing: str
) -> None:
    form, dress = DRESSINGS[dressing]
    (above, before), (below, behind) = language.above, language.below
    told = [(above, [("p", before)]), (shape.title, shape.blocks), (below, [("p", behind)])]
    first, maintenance, last = entries(dress(told, language), form=form, vendor="digicert")
    assert shown(window for window in maintenance.windows if not window.superseded) == shape.windows
    assert not first.windows
    assert not last.windows
