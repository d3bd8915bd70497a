"""The rules of the house that no linter knows (CONTRIBUTING.md tells them in words)."""

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 350
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}

# What writes or moves files, and the rooms that may. `durable` writes: temp, fsync, no-overwrite,
# fsync of the folder. A command may write the file that `-o` names.
WRITERS: dict[str, set[str]] = {
    "shutil.copy": {"durable"},
    "shutil.copy2": {"durable"},
    "shutil.copyfile": {"durable"},
    "shutil.copyfileobj": {"durable"},
    "shutil.copytree": {"durable"},
    "shutil.move": {"durable"},
    "os.rename": {"durable"},
    "os.renames": {"durable"},
    "os.replace": {"durable"},
    "os.link": {"durable"},
    "os.O_CREAT": {"durable", "ledger"},  # the ledger is the one file that grows at its end
    "os.O_WRONLY": {"durable"},
    ".rename": {"durable"},
    ".write_bytes": {"durable", "cli"},
    ".write_text": {"durable", "cli"},
    ".hardlink_to": {"durable"},
}

# Written in halves, so that this file does not hold what it looks for.
FORBIDDEN_WORDS = {
    "a package registry's host": r"pypi\." + r"org|pythonhosted\." + r"org|npmjs\." + r"(org|com)",
    "a Debian mirror": r"deb\.debian\." + r"org|/opt/" + r"(pypi|wheels)",
    "a path of one workplace": r"(?<![\w.~-])/wor" + r"k/|/root/\." + r"pyenv",
    "an issue's number": r"\bissue #?" + r"\d",
}

WORDS_OF_THE_DESIGN = (
    *("Asset", "Original", "Companion", "Digest", "Rendition", "Sidecar", "Source", "Candidate"),
    *("Sighting", "Archive", "Catalog", "Consumer", "View", "Event"),
    *("Ingest", "Reconcile", "Fixity check"),
)


def checkout_files(pattern: str = "*") -> list[Path]:
    """Give what is committed or could be: tracked and new files, nothing that git ignores."""
    command = ("git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-z", "--cached")
    every = (*command, "--others", "--exclude-standard", "--", pattern)
    names = subprocess.run(every, check=True, capture_output=True).stdout
    paths = (ROOT / name.decode() for name in names.split(b"\0") if name)
    return sorted({path for path in paths if path.is_file()})


def python_files() -> list[Path]:
    return checkout_files("*.py")


def product_files() -> list[Path]:
    return [path for path in python_files() if path.is_relative_to(ROOT / "src")]


def room(path: Path) -> str:
    return path.relative_to(ROOT / "src" / "picture_pipeline").parts[0].removesuffix(".py")


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def dotted(node: ast.Attribute) -> str:
    return f"{node.value.id}.{node.attr}" if isinstance(node.value, ast.Name) else f".{node.attr}"


def names_used(tree: ast.AST) -> Iterator[str]:
    """Name what a module reaches for: ``os.rename``, ``.write_bytes``, imported names too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield dotted(node)
            yield f".{node.attr}"
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offenders(paths: list[Path], is_at_fault: Callable[[Path], bool]) -> list[str]:
    return [shown(path) for path in paths if is_at_fault(path)]


def test_the_house_has_files_to_look_at() -> None:
    assert len(product_files()) > 10


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    def is_long(path: Path) -> bool:
        return len(path.read_text().splitlines()) > LONGEST_FILE

    assert offenders(python_files(), is_long) == []


def test_every_module_says_what_it_is_for() -> None:
    def is_silent(path: Path) -> bool:
        return not ast.get_docstring(ast.parse(path.read_bytes()))

    assert offenders(python_files(), is_silent) == []


def test_no_file_has_a_vague_name() -> None:
    assert offenders(product_files(), lambda path: path.stem in VAGUE_NAMES) == []


@pytest.mark.parametrize("writer", WRITERS)
def test_only_durable_writes(writer: str) -> None:
    def writes(path: Path) -> bool:
        return room(path) not in WRITERS[writer] and writer in names_used(
            ast.parse(path.read_bytes())
        )

    assert offenders(product_files(), writes) == []


@pytest.mark.parametrize(
    ("line", "writer"),
    [
        ("import os; os.rename('a', 'b')", "os.rename"),
        ("from shutil import copy", "shutil.copy"),
        ("path.write_bytes(b'')", ".write_bytes"),
        ("folder().rename('b')", ".rename"),
    ],
)
def test_a_writer_is_recognised(line: str, writer: str) -> None:
    assert writer in names_used(ast.parse(line))


@pytest.mark.parametrize("what", FORBIDDEN_WORDS)
def test_no_file_names(what: str) -> None:
    pattern = re.compile(FORBIDDEN_WORDS[what])

    def names_it(path: Path) -> bool:
        return bool(pattern.search(path.read_bytes().decode(errors="replace")))

    assert offenders(checkout_files(), names_it) == []


@pytest.mark.parametrize("word", WORDS_OF_THE_DESIGN)
def test_the_glossary_explains(word: str) -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text()

    assert re.search(rf"(?im)^\| \*\*{word}\*\* \| \S", glossary)
