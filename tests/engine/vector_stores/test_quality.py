"""Whether what is found is what was looked for."""

from __future__ import annotations

from tests.engine.conftest import Api
from tests.engine.vector_stores.corpus import corpus
from tests.engine.vector_stores.shelf import Shelf, settled


def test_a_question_over_200_documents_finds_its_file_among_the_first_three(api: Api) -> None:
    files, questions = corpus()
    assert (len(files), len(questions)) == (200, 100)
    shelf = Shelf(api)
    ids = [api.upload(data, name)["id"] for name, data in files.items()]
    batch = api.post(f"{shelf.path}/file_batches", {"file_ids": ids})
    counts = settled(api, f"{shelf.path}/file_batches/{batch['id']}")["file_counts"]
    assert counts["completed"] == 200, counts
    found = [(question, name, shelf.names(question, max_num_results=3)) for question, name in questions]
    missed = [(question, name, names) for question, name, names in found if name not in names]
    assert len(missed) <= 5, missed
