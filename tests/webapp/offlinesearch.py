"""How a test asks the static site's search, in Node or in a browser, and compares it with the server's."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.query import SearchPage, SearchRequest
from webapp import offline
from webapp.library import Library

HERE = Path(__file__).parent
STATIC = HERE.parents[1] / "webapp" / "static"
NODE = shutil.which("node")
NO_NODE = "" if NODE else "node is not installed"


def node(task: str, asked: object, script: bytes = b"") -> Any:
    """What `answers.js` prints."""
    with tempfile.NamedTemporaryFile(suffix=".js") as data:
        data.write(script)
        data.flush()
        command = [str(NODE), str(HERE / "answers.js"), str(STATIC), task, data.name]
        run = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def collection(library: Library, ids: Sequence[str]) -> offline.Collection:
    return offline.Collection(
        entries=library.store.get_many(ids),
        lengths=library.lengths(),
        folder=lambda facet, value: value,
    )


def data_files(library: Library) -> dict[str, bytes]:
    """The data files of a site of these entries."""
    ids = library.view().newest
    parting = offline.parted(library.store.latest(offline.unsettled(len(ids))), ids)
    parts = {"base": collection(library, parting.base), "recent": collection(library, parting.recent)}
    languages = [each.value for each in library.values("lang")]
    return dict(offline.files(parting, parts, languages, {}, library.digest.forms))


def data_script(library: Library) -> bytes:
    """All of them in one."""
    return b"".join(data_files(library).values())


def as_json(request: SearchRequest) -> dict[str, Any]:
    return {
        "text": request.text,
        "filters": {facet: list(values) for facet, values in request.filters.items()},
        "since": request.since.isoformat() if request.since else None,
        "until": request.until.isoformat() if request.until else None,
        "sort": request.sort.value,
        "limit": request.limit,
        "offset": request.offset,
    }


@dataclass(frozen=True)
class Counts:
    """What of an answer both engines must count alike."""

    total: int
    facets: dict[str, list[tuple[str, int, bool]]]
    months: dict[str, int]


def served(page: SearchPage) -> Counts:
    facets = {
        name: [(one.value, one.count, one.selected) for one in values] for name, values in page.facets.items()
    }
    return Counts(page.total, facets, dict(page.months))


def offline_counts(found: dict[str, Any]) -> Counts:
    facets = {
        name: [(one["value"], one["count"], one["selected"]) for one in values]
        for name, values in found["facets"].items()
    }
    return Counts(found["total"], facets, found["months"])
