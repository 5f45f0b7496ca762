"""Two hundred documents of an invented company, and a hundred questions that one of them answers.

Of each subject there are five documents that say something particular, and five that only talk of the same things in
the same words. All have sentences of their subject, and of none, around what matters. Questions are asked the way
people do who have not read the documents: they are not sentences of them. All of it is in `corpus.txt`.
"""

from __future__ import annotations

import random
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.engine.documents.samples import KINDS, document

TEXT = Path(__file__).with_suffix(".txt")


class Fact(NamedTuple):
    title: str
    text: str
    question: str


class Subject(NamedTuple):
    name: str
    sentences: list[str]
    facts: list[Fact]


class Corpus(NamedTuple):
    files: dict[str, bytes]
    questions: list[tuple[str, str]]
    """What is asked, and the name of the file that says it."""


def subjects() -> list[Subject]:
    """The last one is what may stand in every document."""
    found: list[Subject] = []
    for part in re.split("^# ", TEXT.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, _, rest = part.partition("\n")
        facts = re.findall(r"^## (.+)\n(.+)\n\? (.+)$", rest, re.MULTILINE)
        found.append(Subject(name, re.findall("^- (.+)$", rest, re.MULTILINE), [Fact(*fact) for fact in facts]))
    return found


@cache
def corpus() -> Corpus:
    """The same each time."""
    chance, kinds = random.Random(2026), [*KINDS] * 30
    *all_subjects, around = subjects()
    found = Corpus({}, [])

    def add(title: str, *paragraphs: list[str]) -> str:
        name, data = document(kinds.pop(), title, [" ".join(paragraph) for paragraph in paragraphs])
        found.files[name] = data
        return name

    for subject in all_subjects:
        for fact in subject.facts:
            before, after = chance.sample(subject.sentences, 2), chance.sample(around.sentences, 2)
            found.questions.append((fact.question, add(fact.title, before, [fact.text], after)))
        for number in range(1, 6):
            other = chance.choice([one for one in all_subjects if one is not subject])
            own, common = chance.sample(subject.sentences, 5), chance.sample(around.sentences, 3)
            add(f"Notes on {subject.name} {number}", own, common, chance.sample(other.sentences, 2))
    return found
