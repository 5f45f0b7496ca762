"""Searches by words, by vectors, and by both."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest

from assistream.engine import Engine, calls, says
from assistream.engine.embeddings import EmbeddingError
from assistream.engine.vector_stores import searching
from tests.engine.conftest import Api, ScriptedEngine
from tests.engine.vector_stores.gate import letters
from tests.engine.vector_stores.shelf import Shelf

TEXTS = {"q.txt": "qqqqqq qqqq zebra", "v.txt": "vvvvvv vvv zebra", "n.txt": "something else"}


async def embed(texts: Sequence[str]) -> list[list[float]]:
    return [letters(text) for text in texts]


@pytest.fixture
def hybrid(scripted_engine: ScriptedEngine) -> Shelf:
    shelf = Shelf(scripted_engine("Hi", embeddings=embed))
    shelf.put_all(TEXTS)
    return shelf


def test_vectors_find_what_words_do_not(hybrid: Shelf, api: Api) -> None:
    plain = Shelf(api)
    plain.put_all(TEXTS)
    assert plain.names("qq") == []
    assert hybrid.names("qq")[0] == "q.txt"


def test_what_both_find_is_first(hybrid: Shelf) -> None:
    hits = hybrid.search("zebra v")
    assert hits[0]["filename"] == "v.txt"
    assert hits[0]["score"] > 0.98
    scores = [hit["score"] for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert hybrid.names("zebra v", ranking_options={"score_threshold": 0.55}) == ["v.txt", "q.txt"]


def test_without_a_ranker_it_is_the_cosine(hybrid: Shelf) -> None:
    hits = hybrid.search("qqqq", ranking_options={"ranker": "none"})
    assert hits[0]["filename"] == "q.txt"
    assert 0.9 < hits[0]["score"] <= 1
    assert hybrid.names("qqqq", ranking_options={"ranker": "none", "score_threshold": 0.5}) == ["q.txt"]


def test_filters_hold_for_vectors(hybrid: Shelf) -> None:
    hybrid.put("qqqqqqqqq", "tagged.txt", attributes={"tag": 1})
    assert hybrid.names("qq", filters={"type": "eq", "key": "tag", "value": 1}) == ["tagged.txt"]


def test_what_is_deleted_is_not_found_by_its_vector(hybrid: Shelf) -> None:
    assert "q.txt" in hybrid.names("qq")
    [file] = [hit["file_id"] for hit in hybrid.search("qq") if hit["filename"] == "q.txt"]
    hybrid.api.delete(f"{hybrid.path}/files/{file}")
    assert "q.txt" not in hybrid.names("qq")


def test_what_was_indexed_before_is_found_by_words(scripted_engine: ScriptedEngine, tmp_path: Path) -> None:
    """With other embeddings, or none, than now; added again, it gets vectors of these."""
    path = tmp_path / "engine.db"
    with Engine(path) as engine:
        with httpx.Client(base_url=engine.base_url, headers={"OpenAI-Beta": "assistants=v2"}) as client:
            shelf = Shelf(Api(client))
            ids = shelf.put_all(TEXTS)
    shelf.api = scripted_engine("Hi", path=path, embeddings=embed)
    assert (shelf.names("qq"), shelf.names("something")) == ([], ["n.txt"])
    shelf.add(ids["q.txt"])
    assert shelf.names("qq") == ["q.txt"]


class Fickle:
    """Makes vectors until something is raised instead."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.asked = 0

    async def __call__(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += 1
        if self.error:
            raise self.error
        return await embed(texts)


def test_embeddings_that_fail_leave_the_words_for_a_while(
    scripted_engine: ScriptedEngine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is added meanwhile asks for its vectors all the same."""
    fickle = Fickle()
    shelf = Shelf(scripted_engine("Hi", embeddings=fickle))
    shelf.put_all(TEXTS)
    fickle.error, fickle.asked = ConnectionError("gone"), 0
    assert [shelf.names("something") for _ in range(3)] == [["n.txt"]] * 3
    said = [record.getMessage() for record in caplog.records if "without" in record.getMessage()]
    assert said == ["Searches go without embeddings for 30 s: The embeddings failed: ConnectionError: gone"]
    assert fickle.asked == 1
    fickle.error = None
    shelf.put("vvv", "more.txt")
    assert (shelf.names("qq"), fickle.asked) == ([], 2)
    start = time.monotonic()
    monkeypatch.setattr(searching, "monotonic", lambda: start + 30)
    assert shelf.names("qq")[0] == "q.txt"


def test_a_question_that_is_refused_holds_up_no_other(scripted_engine: ScriptedEngine) -> None:
    fickle = Fickle()
    shelf = Shelf(scripted_engine("Hi", embeddings=fickle))
    shelf.put_all(TEXTS)
    fickle.error = EmbeddingError("too long", of_texts=True)
    assert shelf.names("qq") == []
    fickle.error = None
    assert shelf.names("qq")[0] == "q.txt"


def test_of_a_question_the_first_words_count(api: Api) -> None:
    shelf = Shelf(api)
    texts = [f"{one}{other}" for one in "bcdfghjkl" for other in "bcdfghjkl"]
    shelf.put_all({f"{number}.txt": texts[number] for number in (0, 63, 64)})
    assert set(shelf.names(" ".join(texts))) == {"0.txt", "63.txt"}


def test_many_questions_get_fewer_words_each(api: Api) -> None:
    """The index is asked for each."""
    shelf = Shelf(api)
    shelf.put_all({"early.txt": "early", "late.txt": "late"})
    filler = " ".join("abcdefg")
    assert shelf.names([f"{filler} late"]) == ["late.txt"]
    assert shelf.names([f"{filler} early late"] * 32) == ["early.txt"]


def test_a_long_question_of_a_model_is_cut(scripted_engine: ScriptedEngine) -> None:
    lengths: list[int] = []

    async def measured(texts: Sequence[str]) -> list[list[float]]:
        lengths.extend(map(len, texts))
        return await embed(texts)

    api = scripted_engine(calls(file_search={"queries": ["q" * 5000]}), says("Nothing."), embeddings=measured)
    shelf = Shelf(api)
    shelf.put("qqq")
    lengths.clear()
    resources = {"file_search": {"vector_store_ids": [shelf.id]}}
    assistant = api.assistant(tools=[{"type": "file_search"}], tool_resources=resources)
    run = api.run_stream(assistant_id=assistant["id"])[-1].data
    assert (run["status"], lengths) == ("completed", [4096])


def test_a_file_that_says_the_same_again_and_again_hides_no_other(api: Api) -> None:
    shelf = Shelf(api)
    shelf.put_all({"loud.txt": "zebra " * 20_000, "quiet.txt": "Beside much else there is a zebra."})
    names = shelf.names("zebra", max_num_results=3)
    assert set(names) == {"loud.txt", "quiet.txt"}
    assert len(names) == 3  # the last chunk is shorter, and so another text


def test_several_stores_and_a_file_that_is_in_both(scripted_engine: ScriptedEngine, tmp_path: Path) -> None:
    """A database in a file is searched through a connection of its own."""
    api = scripted_engine("Hi", path=tmp_path / "engine.db")
    shelf = Shelf(api)
    shelf.put_all({f"{number}.txt": f"common word{number}" for number in range(30)})
    done: list[int] = []

    def ask(number: int) -> None:
        done.append(number if shelf.names(f"word{number}")[0] == f"{number}.txt" else -1)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for number in range(8):
        shelf.put("More", f"more{number}.txt")
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(8))
