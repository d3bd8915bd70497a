"""The check follows an import that was taken back: its ledger and catalog are still sound."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Tree

COMMAND = Path(sys.executable).parent / "picture-pipeline"
ABOUT_THE_SOURCE = {"I2", "I5", "I13", "I16"}
"""Nothing lost, each file sighted, the same tree, nothing gone: taken back on purpose."""


def run(tree: "Tree", *arguments: str) -> None:
    environ = {"PATH": os.defpath, "PICTURE_PIPELINE_HOME": str(tree.local)}
    subprocess.run((str(COMMAND), *arguments), env=environ, check=True, capture_output=True)


def test_an_archive_from_which_an_import_was_taken_back_is_sound(tree: "Tree") -> None:
    run(tree, "imports", "undo", "1", "--yes")

    assert tree.originals == []
    broken = tree.check()
    assert set(broken) == ABOUT_THE_SOURCE
    assert "no sighting" in broken["I5"]


def test_once_all_is_restored_no_invariant_is_broken(tree: "Tree") -> None:
    run(tree, "imports", "undo", "1", "--yes")
    run(tree, "imports", "restore", "1")
    run(tree, "generate-thumbs", "-q")

    assert tree.check() == {}


def test_one_that_is_missing_though_it_was_restored_is_caught(tree: "Tree") -> None:
    run(tree, "imports", "undo", "1", "--yes")
    run(tree, "imports", "restore", "1")
    tree.original.unlink()

    assert "I15" in tree.check()
