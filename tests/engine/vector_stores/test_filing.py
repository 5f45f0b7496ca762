from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistream.engine.vector_stores.filing import _cut
from tests.engine.conftest import Api, ScriptedEngine
from tests.engine.vector_stores.shelf import Shelf


@given(st.text(max_size=2000), st.integers(1, 60), st.integers(0, 30))
def test_pieces_without_what_they_share_are_the_text(text: str, most: int, overlap: int) -> None:
    data = text.encode("utf-8", "replace")
    sizes = {"max_chunk_size_tokens": most, "chunk_overlap_tokens": min(overlap, most // 2)}
    pieces = list(_cut(data, sizes))
    assert "".join(piece.text[piece.shared :] for piece in pieces) == data.decode()
    assert all(piece.shared == 0 for piece in pieces[:1])


def test_pieces_have_their_words() -> None:
    sizes = {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}
    [piece] = _cut(b"The Offices of getUserName", sizes)
    assert piece.words == "the offic of getusernam get user name"


@pytest.mark.parametrize("name", ["annual-report.txt", "AnnualReport.txt", "annual_report.txt"])
def test_a_file_is_found_by_its_name(api: Api, name: str) -> None:
    shelf = Shelf(api)
    shelf.put_all({name: "Numbers and tables.", "other.txt": "A report is mentioned here."})
    assert shelf.names("annual report")[0] == name


def test_text_in_any_script(api: Api) -> None:
    shelf = Shelf(api)
    texts = {
        "japanese.txt": "東京都は日本の首都であり、最大の都市です。",
        "chinese.txt": "北京是中华人民共和国的首都。",
        "korean.txt": "서울은 대한민국의 수도이다.",
        "russian.txt": "Москва — столица России.",
        "hindi.txt": "नई दिल्ली भारत की राजधानी है।",
        "thai.txt": "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย",
        "german.txt": "Die Größe der Städte wächst.",
        "arabic.txt": "القاهرة هي عاصمة مصر.",
    }
    shelf.put_all(texts)
    questions = {
        "日本の首都はどこですか": "japanese.txt",
        "中华人民共和国首都": "chinese.txt",
        "대한민국의 수도": "korean.txt",
        "столица": "russian.txt",
        "भारत की राजधानी": "hindi.txt",
        "เมืองหลวง": "thai.txt",
        "grosse stadte": "german.txt",
        "GRÖSSE": "german.txt",
        "عاصمة": "arabic.txt",
    }
    assert {question: shelf.names(question)[0] for question in questions} == questions


def test_blank_pieces_get_no_vectors(scripted_engine: ScriptedEngine) -> None:
    """A hole in a text stays there, and nobody is asked what it means."""
    asked: list[str] = []

    async def embed(texts: Sequence[str]) -> list[list[float]]:
        asked.extend(texts)
        return [[1.0] for _ in texts]

    shelf = Shelf(scripted_engine("Hi", embeddings=embed))
    sizes = {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 0}
    text = "one" + " \u00a0" * 2000 + "two"
    file = shelf.put(text, chunking_strategy={"type": "static", "static": sizes})
    assert file["status"] == "completed"
    assert all(each.strip() for each in asked)
    pieces = shelf.api.get(f"{shelf.path}/files/{file['id']}/content")["data"]
    assert len(pieces) > len(asked)
    assert "".join(piece["text"] for piece in pieces).split() == ["one", "two"]
