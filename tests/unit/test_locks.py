"""What the lock files promise: every package by its hash, none by an address, all that we name."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = (
    "requirements.lock",
    "requirements-test.lock",
    "requirements-bench.lock",
    "requirements-build.lock",
)
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())


def canonical(name: str) -> str:
    """Spell a project's name as package indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def entries(lock: str) -> list[str]:
    """Give one text for each pinned package: its line and the hashes below it."""
    return re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())


def locked(lock: str) -> dict[str, set[str]]:
    """Give the versions of each package; more than one where they differ by Python."""
    versions: dict[str, set[str]] = {}
    for entry in entries(lock):
        name, version = re.split(r"==|[ \\]", entry, maxsplit=2)[:2]
        versions.setdefault(canonical(name), set()).add(version)
    return versions


def named(requirements: list[str]) -> set[str]:
    return {canonical(re.split(r"[\[<>=!~ ;]", each, maxsplit=1)[0]) for each in requirements}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_by_hash(lock: str) -> None:
    pinned = re.compile(r"[\w.-]+==[\w.+!]+( ; [^\\]+)?( \\\n +--hash=sha256:[0-9a-f]{64})+")

    assert [entry for entry in entries(lock) if not pinned.fullmatch(entry)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_lock_names_an_address(lock: str) -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links|@", (ROOT / lock).read_text())


def test_the_lock_holds_what_pyproject_names() -> None:
    assert named(PYPROJECT["project"]["dependencies"]) <= locked("requirements.lock").keys()


@pytest.mark.parametrize(
    ("extra", "lock"), [("test", "requirements-test.lock"), ("bench", "requirements-bench.lock")]
)
def test_the_lock_of_an_extra_holds_what_pyproject_names(extra: str, lock: str) -> None:
    wanted = PYPROJECT["project"]["optional-dependencies"][extra]

    assert named(wanted) <= locked(lock).keys()


def test_the_build_lock_holds_the_build_tools() -> None:
    wanted = PYPROJECT["build-system"]["requires"]

    assert named(wanted) <= locked("requirements-build.lock").keys()


@pytest.mark.parametrize("lock", ["requirements-test.lock", "requirements-bench.lock"])
def test_what_is_tested_is_what_is_shipped(lock: str) -> None:
    shipped = locked("requirements.lock")

    assert {name: locked(lock).get(name) for name in shipped} == shipped
