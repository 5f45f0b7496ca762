"""Build the wheel and the source distribution, and look into them: `make dist`.

Whoever builds this commit gets the same bytes: they are built once here, once from a copy elsewhere, and the wheel
once more from the source distribution, as installers do that have no wheel.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent

PACKAGE = "assistream"
IN_SDIST = (
    *(".gitignore", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml"),
    *("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md"),
    *("Makefile", "constraints.txt", "mkdocs.yml"),
)
"""Files at the top of the source distribution. The directories are those below."""
DIRECTORIES = ("assistream", "benchmarks", "docs", "examples", "scripts", "tests")
LEFTOVERS = ("__pycache__", ".pyc", ".db", ".db-wal", ".db-shm", ".db.lock", ".env", ".venv", ".DS_Store", ".orig", "~")


def commit_time(root: Path) -> str:
    """Seconds since the epoch of the last commit; a fixed moment for what is no checkout."""
    git = shutil.which("git")
    command = [git or "git", "-C", str(root), "log", "-1", "--format=%ct"]
    if git is None or not (root / ".git").exists():
        return "1577836800"  # the one that hatchling has
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def build(source: Path, target: Path, epoch: str, *kinds: str) -> list[Path]:
    """The files that hatchling made in `target`: of both kinds, "sdist" and "wheel", if none is named."""
    options = [option for kind in kinds for option in ("--target", kind)]
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(target), *options],
        cwd=source,
        env=os.environ | {"SOURCE_DATE_EPOCH": epoch},
        stdin=subprocess.DEVNULL,
        capture_output=True,  # all that it does
        text=True,
        check=True,
    )
    return sorted(target.iterdir())


def contents(archive: Path) -> dict[str, bytes]:
    """The files in it, by their paths; in a source distribution without the directory that holds all."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {name: wheel.read(name) for name in wheel.namelist()}
    with tarfile.open(archive) as sdist:
        files = [member for member in sdist.getmembers() if member.isfile()]
        read = {member.name: sdist.extractfile(member) for member in files}
        return {name.partition("/")[2]: stream.read() for name, stream in read.items() if stream}


def wheel_faults(found: dict[str, bytes], root: Path = ROOT) -> list[str]:
    """What is in the wheel and should not be, or the other way round. The package is as it is in the source."""
    package = _files(root / PACKAGE, root)
    inside = {name: data for name, data in found.items() if not PurePosixPath(name).parts[0].endswith(".dist-info")}
    about = {PurePosixPath(name).name for name in found.keys() - inside.keys()}
    wanted = {"METADATA", "RECORD", "WHEEL", "LICENSE", "entry_points.txt"}
    return [
        *_differences(inside, package),
        *(f"{name} is not in its .dist-info" for name in sorted(wanted - about)),
        *(f"{name} is in its .dist-info" for name in sorted(about - wanted)),
    ]


def sdist_faults(found: dict[str, bytes], root: Path = ROOT) -> list[str]:
    """The same for a source distribution: everything that it takes to test the package and to build it again."""
    wanted = {name: data for directory in DIRECTORIES for name, data in _files(root / directory, root).items()}
    wanted |= {name: (root / name).read_bytes() for name in IN_SDIST if name != "PKG-INFO"}
    return _differences({name: data for name, data in found.items() if name != "PKG-INFO"}, wanted)


def _files(directory: Path, root: Path) -> dict[str, bytes]:
    paths = [path for path in directory.rglob("*") if path.is_file() and not is_leftover(path.relative_to(root))]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def is_leftover(path: Path) -> bool:
    return any(part.endswith(LEFTOVERS) for part in path.parts)


def _differences(found: dict[str, bytes], wanted: dict[str, bytes]) -> list[str]:
    return [
        *(f"{name} is missing" for name in sorted(wanted.keys() - found.keys())),
        *(f"{name} is in it" for name in sorted(found.keys() - wanted.keys())),
        *(f"{name} is another" for name in sorted(found.keys() & wanted.keys()) if found[name] != wanted[name]),
    ]


def check(target: Path, root: Path = ROOT) -> list[str]:
    """Build into `target`, which is empty, and say what is wrong with it."""
    epoch = commit_time(root)
    wheel, sdist = sorted(build(root, target, epoch), key=lambda path: path.suffix != ".whl")
    faults: list[str] = []
    looks: dict[Path, Callable[[dict[str, bytes], Path], list[str]]] = {wheel: wheel_faults, sdist: sdist_faults}
    for archive, look in looks.items():
        faults += [f"{archive.name}: {fault}" for fault in look(contents(archive), root)]
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(sdist) as packed:
            # The safe way, which the first versions of 3.11 do not know, and 3.12 warns without; the archive is ours.
            packed.extraction_filter = getattr(tarfile, "data_filter", None)
            packed.extractall(folder)
        (copy,) = Path(folder).iterdir()
        # The copy is the tree that was packed, at another place; what is built from it must be the same again.
        for again in build(copy, Path(folder, "again"), epoch):
            if again.read_bytes() != (target / again.name).read_bytes():
                faults.append(f"{again.name}: built elsewhere, it has other bytes")
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--directory", type=Path, default=ROOT / "dist", help="where to; it is emptied")
    target = parser.parse_args(arguments).directory.resolve()
    shutil.rmtree(target, ignore_errors=True)
    try:
        faults = check(target)
    except subprocess.CalledProcessError as error:
        faults = [str(error.stderr), f"hatchling's exit code is {error.returncode}"]
    if faults:
        print("\n".join([*faults, "== FAILED: dist"]))
        return 1
    for archive in sorted(target.iterdir()):
        print(f"{sha256(archive.read_bytes()).hexdigest()}  {archive.name}")
    print(f"== dist: the same bytes each time, in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
