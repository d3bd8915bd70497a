"""A watch with a clock of its own, and a folder to watch."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from played_watch import Play


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Give a storage in which nothing was made yet."""
    return Play(tmp_path / "home")


@pytest.fixture
def phone(tmp_path: Path) -> Path:
    """Give an empty folder to watch."""
    folder = tmp_path / "phone"
    folder.mkdir()
    return folder
