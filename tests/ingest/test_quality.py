"""Is the parser as good as it was, on every labelled document?"""

from __future__ import annotations

import pytest
from labelled import LABELS, OUTSIDE, documents_in, folders, labelled, labels_in, labels_of, parsed_json
from pin import documents_of, fallen, measured, pinned
from scoring import disagreements

DOCUMENTS, PINS = pinned()
REPIN = "run: python tests/ingest/pin.py"


@pytest.mark.parametrize("folder", sorted({*PINS, *folders(), *OUTSIDE}))
def test_no_figure_is_lower_than_it_is_pinned(folder: str) -> None:
    if folder in OUTSIDE and folder not in folders():
        pytest.skip(f"{folder} is not beside this checkout")
    assert folder in folders(), f"{folder} is gone; {REPIN}"
    assert folder in PINS, f"{folder} is not pinned; {REPIN}"
    assert DOCUMENTS[folder] == documents_of(folder), f"the documents of {folder} have changed; {REPIN}"
    why = "\n".join(
        f"{document.document.name}: {line}"
        for document in labelled(folder)
        for line in disagreements(document.entries, parsed_json(document.document))
    )
    assert fallen(measured(folder), PINS[folder]) == {}, why


@pytest.mark.parametrize("folder", [name for name in OUTSIDE if name in PINS])
def test_the_documents_that_came_with_the_task_are_parsed_without_an_error(folder: str) -> None:
    assert set(PINS[folder].values()) == {1.0}


@pytest.mark.parametrize("folder", sorted(folders()))
def test_every_document_has_labels_and_every_label_file_a_document(folder: str) -> None:
    documents, labels = documents_in(folders()[folder]), labels_in(folders()[folder])
    assert [d.name for d in documents if not labels_of(d).exists()] == []
    stems = {d.stem for d in documents}
    assert [path.name for path in labels if path.name.removesuffix(LABELS) not in stems] == []


def test_a_document_added_or_changed_figure_is_noticed() -> None:
    assert fallen(
        {"type_accuracy": 0.97, "boundary_f1": 1.0}, {"type_accuracy": 0.98, "boundary_f1": 1.0}
    ) == {"type_accuracy": (0.98, 0.97)}
    assert fallen({}, {"status_accuracy": 0.5}) == {"status_accuracy": (0.5, 0.0)}
