from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

import pytest

from scripts.dist import build, check, commit_time, contents, is_leftover, main, sdist_faults, wheel_faults
from tests.shared import ROOT

NO_COMMIT = "1577836800"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Where both files are, and what was wrong with them: they were built three times."""
    place = tmp_path_factory.mktemp("dist")
    return place, check(place)


@pytest.fixture(scope="module")
def wheel(built: tuple[Path, list[str]]) -> dict[str, bytes]:
    (path,) = built[0].glob("*.whl")
    return contents(path)


@pytest.fixture(scope="module")
def sdist(built: tuple[Path, list[str]]) -> dict[str, bytes]:
    (path,) = built[0].glob("*.tar.gz")
    return contents(path)


def test_both_have_what_they_should_and_are_the_same_bytes_again(built: tuple[Path, list[str]]) -> None:
    place, faults = built
    assert faults == []
    assert len(list(place.iterdir())) == 2


def test_the_wheel_is_the_package_alone(wheel: dict[str, bytes]) -> None:
    tops = {PurePosixPath(name).parts[0].partition("-")[0] for name in wheel}
    assert tops == {"assistream"}
    assert {"assistream/py.typed", "assistream/__init__.py"} <= wheel.keys()
    kinds = {PurePosixPath(name).suffix for name in wheel if not name.startswith("assistream-")}
    assert kinds <= {".py", ".typed", ".html", ".js", ".css", ".svg", ".json"}


def test_what_the_wheel_says_about_itself(wheel: dict[str, bytes]) -> None:
    (about,) = (data.decode() for name, data in wheel.items() if name.endswith("METADATA"))
    head = about.partition("\n\n")[0].splitlines()
    assert {"Name: assistream", "License-File: LICENSE", "Requires-Python: >=3.11"} <= set(head)
    assert [line for line in head if " @ " in line] == []  # a requirement that is an address
    (licence,) = (data for name, data in wheel.items() if name.endswith("LICENSE"))
    assert licence == (ROOT / "LICENSE").read_bytes()


def test_nothing_names_the_machine_it_was_built_on(wheel: dict[str, bytes], sdist: dict[str, bytes]) -> None:
    here = str(ROOT).encode()
    assert [name for each in (wheel, sdist) for name, data in each.items() if here in data] == []


def test_the_source_can_be_tested_and_built(sdist: dict[str, bytes]) -> None:
    wanted = {"pyproject.toml", "Makefile", "constraints.txt", "scripts/setup.sh", "tests/test_dist.py", "mkdocs.yml"}
    assert wanted <= sdist.keys()


def test_faults_are_found(wheel: dict[str, bytes], sdist: dict[str, bytes]) -> None:
    changed = {**wheel, "assistream/errors.py": b"", "tests/x.py": b"", "assistream-0.dist-info/direct_url.json": b""}
    del changed["assistream/py.typed"]
    assert wheel_faults(changed) == [
        "assistream/py.typed is missing",
        "tests/x.py is in it",
        "assistream/errors.py is another",
        "direct_url.json is in its .dist-info",
    ]
    (licence,) = (name for name in wheel if name.endswith("LICENSE"))
    assert wheel_faults({name: data for name, data in wheel.items() if name != licence}) == [
        "LICENSE is not in its .dist-info"
    ]
    assert sdist_faults({**sdist, ".venv/bin/python": b""}) == [".venv/bin/python is in it"]
    del sdist["SECURITY.md"]
    assert sdist_faults(sdist) == ["SECURITY.md is missing"]


@pytest.mark.parametrize("name", ["a/__pycache__/b.pyc", "a/engine.db", "a/engine.db-wal", "a/b.py~", "a/.DS_Store"])
def test_leftovers(name: str) -> None:
    assert is_leftover(Path(name))
    assert not is_leftover(Path("assistream/engine/filelock.py"))


def test_the_time_is_that_of_the_commit(tmp_path: Path) -> None:
    assert commit_time(tmp_path) == NO_COMMIT
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "-q"], check=True)
    date = {"GIT_COMMITTER_DATE": "1600000000 +0200", "PATH": "/usr/bin:/bin:/usr/local/bin"}
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True, env=date)
    assert commit_time(tmp_path) == "1600000000"


def test_the_time_counts(tmp_path: Path) -> None:
    """So the same bytes are no accident: SOURCE_DATE_EPOCH is what makes them."""
    one, other = (build(ROOT, tmp_path / epoch, epoch, "wheel") for epoch in (NO_COMMIT, "1600000000"))
    assert one[0].read_bytes() != other[0].read_bytes()


def test_a_build_that_fails_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "hatchling.py").write_text("raise SystemExit('no wheels today')")
    assert main(["--directory", str(tmp_path / "dist")]) == 1
    out = capsys.readouterr().out
    assert "no wheels today" in out
    assert "FAILED: dist" in out
