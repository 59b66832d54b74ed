"""Which entries of two languages announce the same, measured on labelled pairs; and which must not pair."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from entrymaker import Item, day, doc, item
from hypothesis import given, settings
from hypothesis import strategies as st

from index.pairing import Pairing
from index.store import Store, StoredEntry, transaction
from ingest import lexicon
from ingest.model import DiagnosticCode, EntryType, Hints, Status
from ingest.reading import read_and_parse

CORPUS = files("corpus")
SHARED = Path(__file__).resolve().parents[3] / "shared"
SEEN = datetime(2025, 4, 1, tzinfo=UTC)
RECALL = 25 / 29  # of the labelled pairs; may only rise

Label = tuple[str, int]  # a document and the number of an entry in it


# -- measured ----------------------------------------------------------------------------------------


def _labelled() -> set[tuple[Label, Label]]:
    pairs = tomllib.loads(CORPUS.joinpath("pairs.toml").read_text())["pairs"]
    return {tuple((p[lang]["document"], p[lang]["entry"]) for lang in ("en", "fr")) for p in pairs}


def _manifest() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = tomllib.loads(CORPUS.joinpath("relnotes.toml").read_text())["sources"]
    return listed


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Label, Label], float]:
    """The pairs that the store makes of the whole corpus, with their confidence."""
    labels: dict[str, Label] = {}
    with Store.open(tmp_path_factory.mktemp("data")) as store:
        for source in _manifest():
            for path in source.get("paths") or [source["path"]]:
                hints = Hints(source.get("vendor"), source.get("lang"))
                read = read_and_parse(CORPUS.joinpath(path).read_bytes(), path, lexicon.load(), hints)
                store.ingest(read, SEEN, source["name"])
                for stored in store.all(source["name"]):
                    labels[stored.id] = (path, stored.position + 1)
        return {
            (labels[stored.id], labels[twin.id]): twin.confidence
            for stored in store.all()
            for twin in stored.twins
            if stored.entry.lang == "en"
        }


def test_no_pair_is_wrong(found: dict[tuple[Label, Label], float]) -> None:
    assert found.keys() - _labelled() == set()


def test_most_pairs_are_found(found: dict[tuple[Label, Label], float]) -> None:
    missed = _labelled() - found.keys()
    assert len(found) / len(_labelled()) >= RECALL, sorted(missed)


def test_sureness_says_what_it_rests_on(found: dict[tuple[Label, Label], float]) -> None:
    assert all(0.5 < confidence < 1 for confidence in found.values())
    nights, calls = (("certcentral-2023-en.txt", n) for n in (2, 3))
    sure = {ours: confidence for (ours, _), confidence in found.items()}
    assert sure[nights] < sure[calls], "two names and three parameters say more than a night alone"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the logs of others are not kept in this repository")
def test_logs_of_others_without_a_translation_pair_with_none(tmp_path: Path) -> None:
    """The seed goes from English to French without repeating itself, and no variant translates another."""
    paths = [path for path in sorted(SHARED.glob("*/*")) if path.suffix in (".txt", ".html", ".md")]
    with Store.open(tmp_path) as store:
        for path in paths:
            if path.parent.name in ("seed", "variants"):
                read = read_and_parse(path.read_bytes(), path.name, lexicon.load(), Hints("digicert"))
                store.ingest(read, SEEN, path.stem)
        assert len(store) > 60
        assert [stored.id for stored in store.all() if stored.twins] == []


# -- what pairs and what does not --------------------------------------------------------------------


def night(
    lang: str, *windows: str, type: EntryType = EntryType.MAINTENANCE, title: str = "", **more: object
) -> Item:
    title = title or {"en": "Scheduled maintenance", "fr": "Maintenance planifiée", "de": "Wartung"}[lang]
    return item(title, lang=lang, type=type, windows=windows, **more)  # type: ignore[arg-type]


def call(lang: str, *endpoints: str, title: str = "", **more: object) -> Item:
    title = title or {"en": "Services API: more fields", "fr": "API de services : champs ajoutés"}[lang]
    kind = {"type": EntryType.API_CHANGE, "products": ["CertCentral Services API"]}
    return item(title, lang=lang, endpoints=endpoints, **(kind | more))  # type: ignore[arg-type]


def news(lang: str, title: str, *products: str, **more: object) -> Item:
    return item(title, lang=lang, products=products, **more)  # type: ignore[arg-type]


MAY, JUNE, JULY = "2022-05-08T04:00", "2022-06-05T04:00", "2022-07-03T04:00"


@dataclass(frozen=True)
class Case:
    """Two logs of one vendor, newest first, and their pairs as places in them."""

    english: list[Item]
    french: list[Item]
    pairs: list[tuple[int, int]]
    vendors: tuple[str | None, str | None] = ("digicert", "digicert")


CASES = {
    "the same night": Case([night("en", JUNE)], [night("fr", JUNE)], [(0, 0)]),
    "each night its own": Case(
        [night("en", JULY), night("en", JUNE)], [night("fr", JUNE), night("fr", MAY)], [(1, 0)]
    ),
    "the same night, other services": Case(
        [night("en", JUNE, products=["CertCentral"])], [night("fr", JUNE, products=["DigiCert DNS"])], []
    ),
    "the same night, told twice in one language": Case(
        [night("en", JUNE), night("en", JUNE, title="Works in June")], [night("fr", JUNE)], []
    ),
    "the services tell two entries of one night apart": Case(
        [night("en", JUNE, products=["CIS"]), night("en", JUNE, products=["CertCentral"])],
        [night("fr", JUNE, products=["CertCentral"]), night("fr", JUNE, products=["CIS"])],
        [(0, 1), (1, 0)],
    ),
    "the same night at two vendors": Case(
        [night("en", JUNE)], [night("fr", JUNE)], [], vendors=("digicert", "ovhcloud")
    ),
    "the same night, vendors unknown": Case(
        [night("en", JUNE)], [night("fr", JUNE)], [], vendors=(None, None)
    ),
    "a line of a schedule is no announcement of its own": Case(
        [night("en", JUNE, title="June 4")], [night("fr", JUNE, products=["CertCentral", "CIS"])], []
    ),
    "postponed in one language only": Case(
        [night("en", "2022-06-12T04:00", superseded=[JUNE], status=Status.POSTPONED, products=["CIS"])],
        [night("fr", JUNE, products=["CIS"])],
        [(0, 0)],
    ),
    "an endpoint by its name in each language": Case(
        [call("en", "List domains", parameters=["dcv_method"])],
        [call("fr", "Répertorier les domaines", parameters=["dcv_method"])],
        [(0, 0)],
    ),
    "an endpoint alone is changed every year": Case(
        [call("en", "List domains")], [call("fr", "Répertorier les domaines")], []
    ),
    "the same endpoint, other parameters": Case(
        [call("en", "List domains", parameters=["dcv_method"])],
        [call("fr", "Répertorier les domaines", parameters=["container_id", "page_size"])],
        [],
    ),
    "the same call, years apart": Case(
        [call("en", "GET /tokens", parameters=["token_id"], dated="2023-05-02")],
        [call("fr", "GET /tokens", parameters=["token_id"], dated="2020-01-15")],
        [],
    ),
    "the same day for another product": Case(
        [news("en", "Old sensors stop", "Discovery", effective=["2021-12-31"])],
        [news("fr", "Fin des anciens jetons", "Account Manager", effective=["2021-12-31"])],
        [],
    ),
    "the same day and product, another kind of change": Case(
        [news("en", "A new report", "Discovery", effective=["2021-12-31"])],
        [news("fr", "Fin des capteurs", "Discovery", effective=["2021-12-31"], type=EntryType.DEPRECATION)],
        [],
    ),
    "a product alone": Case(
        [news("en", "Saved filters", "CertCentral")], [news("fr", "Rappels corrigés", "CertCentral")], []
    ),
    "between two pairs": Case(
        [night("en", JULY), news("en", "Saved filters", "CertCentral"), night("en", JUNE)],
        [night("fr", JULY), news("fr", "Filtres enregistrés", "CertCentral"), night("fr", JUNE)],
        [(0, 0), (1, 1), (2, 2)],
    ),
    "between two pairs, about other products": Case(
        [night("en", JULY), news("en", "Saved filters", "CertCentral"), night("en", JUNE)],
        [night("fr", JULY), news("fr", "Clés matérielles", "CA Manager"), night("fr", JUNE)],
        [(0, 0), (2, 2)],
    ),
    "between two pairs, one was not translated": Case(
        [
            *(night("en", JULY), news("en", "Saved filters", "CertCentral")),
            *(news("en", "Shared filters", "CertCentral"), night("en", JUNE)),
        ],
        [night("fr", JULY), news("fr", "Filtres partagés", "CertCentral"), night("fr", JUNE)],
        [(0, 0), (3, 2)],
    ),
    "logs in opposite orders have no between": Case(
        [night("en", JULY), news("en", "Saved filters", "CertCentral"), night("en", JUNE)],
        [night("fr", JUNE), news("fr", "Filtres enregistrés", "CertCentral"), night("fr", JULY)],
        [(0, 2), (2, 0)],
    ),
    "all alike": Case([night("en", JUNE)] * 3, [night("fr", JUNE)] * 3, []),
}


def stored(store: Store, source: str) -> list[StoredEntry]:
    return sorted((s for s in store.all(source) if not s.gone), key=lambda s: s.position)


def pairs(store: Store) -> list[tuple[int, int]]:
    there = {s.id: s.position for s in stored(store, "fr")}
    return [(s.position, there[t.id]) for s in stored(store, "en") for t in s.twins if t.lang == "fr"]


@pytest.mark.parametrize("case", CASES)
def test_which_entries_are_twins(case: str, tmp_path: Path) -> None:
    told = CASES[case]
    with Store.open(tmp_path) as store:
        store.ingest(doc(*told.english, vendor=told.vendors[0]), day(1), "en")
        store.ingest(doc(*told.french, vendor=told.vendors[1]), day(1), "fr")
        assert pairs(store) == told.pairs
        both = {(s.id, t.id) for s in store.all() for t in s.twins}
        assert both == {(b, a) for a, b in both}


def test_a_third_language_is_a_twin_of_both(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        for lang in ("en", "fr", "de"):
            store.ingest(doc(night(lang, JUNE), vendor="digicert"), day(1), lang)
        assert [[t.lang for t in s.twins] for s in sorted(store.all(), key=lambda s: s.source)] == [
            ["en", "fr"],
            ["de", "fr"],
            ["de", "en"],
        ]


# -- what becomes of pairs ---------------------------------------------------------------------------


def test_a_pair_lives_on_when_one_side_leaves_its_source(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.ingest(doc(night("en", JUNE), night("en", MAY), vendor="digicert"), day(1), "en")
        store.ingest(doc(night("fr", JUNE), night("fr", MAY), vendor="digicert"), day(1), "fr")
        store.ingest(doc(night("en", JUNE), vendor="digicert"), day(2), "en")
        assert [len(s.twins) for s in store.all()] == [1, 1, 1, 1]


def test_a_pair_ends_when_one_side_comes_to_say_something_else(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.ingest(doc(night("en", JUNE, products=["CIS"]), vendor="digicert"), day(1), "en")
        store.ingest(doc(night("fr", JUNE, products=["CIS"]), vendor="digicert"), day(1), "fr")
        store.ingest(doc(night("en", JUNE, products=["SCEP"]), vendor="digicert"), day(2), "en")
        assert pairs(store) == []


def test_a_second_announcement_of_the_same_takes_the_pair_away(tmp_path: Path) -> None:
    twice = [night("en", JUNE), night("en", JUNE, title="Works in June")]
    with Store.open(tmp_path) as store:
        store.ingest(doc(night("fr", JUNE), vendor="digicert"), day(1), "fr")
        store.ingest(doc(*twice[:1], vendor="digicert"), day(1), "en")
        assert pairs(store) == [(0, 0)]
        store.ingest(doc(*twice, vendor="digicert"), day(2), "en")
        assert pairs(store) == []
        store.ingest(doc(*twice[:1], vendor="digicert"), day(3), "en")
        assert pairs(store) == [(0, 0)]


def test_a_rival_that_comes_to_speak_of_something_else_frees_the_pair(tmp_path: Path) -> None:
    one, other = (night("en", JUNE, title=f"Works, part {n}", products=["CIS"]) for n in "ab")
    changed = night("en", JUNE, title="Works, part b", products=["SCEP"])
    with Store.open(tmp_path) as store:
        store.ingest(doc(night("fr", JUNE, products=["CIS"]), vendor="digicert"), day(1), "fr")
        store.ingest(doc(one, other, vendor="digicert"), day(1), "en")
        assert pairs(store) == []
        store.ingest(doc(one, changed, vendor="digicert"), day(2), "en")
        assert pairs(store) == [(0, 0)]


def test_what_too_many_have_in_common_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.pairing.COMMON", 2)
    another = night("en", JUNE, products=["CIS"])
    with Store.open(tmp_path) as store:
        for lang in ("en", "fr"):
            store.ingest(doc(night(lang, JUNE, products=["SCEP"]), vendor="digicert"), day(1), lang)
        assert pairs(store) == [(0, 0)]
        store.ingest(doc(another, vendor="digicert"), day(2), "more")
        assert pairs(store) == []
        store.ingest(
            doc(night("en", "2022-06-12T04:00", products=["CIS"]), vendor="digicert"), day(3), "more"
        )
        assert pairs(store) == [(0, 0)]


def test_a_vendor_that_becomes_known_makes_pairs(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.ingest(doc(night("en", JUNE)), day(1), "en")
        store.ingest(doc(night("fr", JUNE), vendor="digicert"), day(1), "fr")
        assert pairs(store) == []
        store.ingest(doc(night("en", JUNE), vendor="digicert"), day(2), "en")
        assert pairs(store) == [(0, 0)]


# -- contradictions ----------------------------------------------------------------------------------

CALLS, FIELDS = ("GET /a", "GET /b"), ["a_b", "c_d"]
CONFLICTS: dict[str, tuple[Item, Item, list[DiagnosticCode]]] = {
    "nothing": (night("en", JUNE, outages=[5]), night("fr", JUNE, outages=[5]), []),
    "other hours": (
        night("en", JUNE, products=["CIS"]),
        night("fr", "2022-06-05T05:00", products=["CIS"]),
        [DiagnosticCode.TWIN_WINDOW],
    ),
    "postponed in one language only": (
        night("en", "2022-06-12T04:00", superseded=[JUNE], status=Status.POSTPONED, products=["CIS"]),
        night("fr", JUNE, products=["CIS"]),
        [DiagnosticCode.TWIN_WINDOW, DiagnosticCode.TWIN_STATUS],
    ),
    "other outages": (
        night("en", JUNE, outages=[5], products=["CIS"]),
        night("fr", JUNE, outages=[15], products=["CIS"]),
        [DiagnosticCode.TWIN_OUTAGE],
    ),
    "outages named in one language only": (
        night("en", JUNE, outages=[5], products=["CIS"]),
        night("fr", JUNE, products=["CIS"]),
        [],
    ),
    "another day": (
        call("en", *CALLS, parameters=FIELDS, effective=["2022-01-31"]),
        call("fr", *CALLS, parameters=FIELDS, effective=["2022-01-30"]),
        [DiagnosticCode.TWIN_EFFECTIVE],
    ),
    "cancelled in one language only": (
        night("en", JUNE, status=Status.CANCELLED),
        night("fr", JUNE),
        [DiagnosticCode.TWIN_STATUS],
    ),
}


@pytest.mark.parametrize("case", CONFLICTS)
def test_contradictions_are_diagnostics_of_both(case: str, tmp_path: Path) -> None:
    english, french, codes = CONFLICTS[case]
    with Store.open(tmp_path) as store:
        store.ingest(doc(english, vendor="digicert"), day(1), "en")
        store.ingest(doc(french, vendor="digicert"), day(1), "fr")
        assert pairs(store) == [(0, 0)]
        for one in store.all():
            assert [d.code for d in one.diagnostics] == codes
            assert all(d.span.of(one.text) for d in one.diagnostics)


def test_a_contradiction_says_both_sides_and_goes_when_it_is_mended(tmp_path: Path) -> None:
    english, french, _ = CONFLICTS["other hours"]
    with Store.open(tmp_path) as store:
        (ours,) = store.ingest(doc(english, vendor="digicert"), day(1), "en").new
        store.ingest(doc(french, vendor="digicert"), day(1), "fr")
        kept = store.get(ours)
        assert kept
        (told,) = kept.diagnostics
        assert told.message == (
            "the version in 'fr' says 2022-06-05 05:00 to 07:00 UTC, this one 2022-06-05 04:00 to 06:00 UTC"
        )
        store.ingest(doc(night("fr", JUNE, products=["CIS"]), vendor="digicert"), day(2), "fr")
        assert [s.diagnostics for s in store.all()] == [(), ()]


# -- kept beside the entries -------------------------------------------------------------------------

alphabet = st.sampled_from(
    [
        *(night(lang, at) for lang in ("en", "fr") for at in (JUNE, MAY)),
        *(night(lang, JUNE, products=[about]) for lang in ("en", "fr") for about in ("CIS", "SCEP")),
        *(news(lang, lang + title, "CertCentral") for lang in ("en", "fr") for title in (" one", " two")),
        *(call(lang, "GET /a", title=lang, parameters=["a_b"]) for lang in ("en", "fr")),
    ]
)
snapshots = st.lists(st.tuples(st.sampled_from(["en", "fr"]), st.lists(alphabet, max_size=6)), max_size=5)


def twins(store: Store) -> Iterator[tuple[str, object]]:
    return ((s.id, s.twins) for s in sorted(store.all(), key=lambda s: s.id))


@settings(deadline=None, max_examples=150)
@given(snapshots, st.sampled_from([1, 3, 40]))
def test_pairs_kept_up_are_those_made_anew(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[str, list[Item]]], common: int
) -> None:
    """Whatever came in whichever order: what was brought up step by step is what the entries alone give."""
    with pytest.MonkeyPatch.context() as patch, Store.open(tmp_path_factory.mktemp("data")) as store:
        patch.setattr("index.pairing.COMMON", common)
        for number, (source, items) in enumerate(history, 1):
            store.ingest(doc(*items, vendor="digicert"), day(number), source)
        kept = list(twins(store))
        with transaction(store._connection):
            Pairing(store._connection, lexicon.load()).refresh_all()
        assert list(twins(store)) == kept
        patch.setattr("index.pairing.BATCH", 2)
        with transaction(store._connection):
            Pairing(store._connection, lexicon.load()).refresh_all()
        assert list(twins(store)) == kept
