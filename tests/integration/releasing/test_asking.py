"""On a terminal a person is asked, with counts and bytes, before anything happens."""

import os
import subprocess
from pathlib import Path

import pytest

from installed import COMMAND, PATIENCE
from letting_go import Folder


def answered(folder: Folder, answer: bytes, *arguments: str) -> tuple[int, str]:
    """Call a command on a terminal, and answer; gives its status and what the terminal showed."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [COMMAND, *arguments],
        env={**folder.storage.environ, "TERM": "dumb"},
        stdin=theirs,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, answer)
    status = process.wait(PATIENCE)
    shown = b""
    try:
        while some := os.read(ours, 1 << 16):
            shown += some
    except OSError:  # how a terminal says that nobody is left at its other end
        pass
    os.close(ours)
    return status, shown.decode()


@pytest.mark.parametrize(("answer", "status", "left"), [(b"y\n", 0, 0), (b"n\n", 130, 2)])
def test_the_answer_counts(card: Folder, answer: bytes, status: int, left: int) -> None:
    card.fill("a.jpg", "b.jpg")

    ended, shown = answered(card, answer, "free", "card")

    assert "Remove 2 files (" in shown
    assert (ended, len(card.lies_there())) == (status, left)


def test_an_import_says_how_to_free_a_card(card: Folder) -> None:
    card.fill("a.jpg")

    status, shown = answered(card, b"", "import", "card")

    assert status == 0
    assert "picture-pipeline free card" in shown
    assert card.lies_there() == {"a.jpg"}


def test_where_nobody_looks_on_an_import_says_nothing_of_it(tmp_path: Path) -> None:
    card = Folder.make(tmp_path, "free").fill("a.jpg")

    assert "picture-pipeline free" not in card.take_in().err
