"""What the tests of the installed command share: a storage and a source of their own."""

import os
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))

from installed import Storage


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """Give a storage in which nothing was made yet."""
    return Storage(tmp_path / "home")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Give an empty folder to import."""
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


@pytest.fixture
def as_root() -> None:
    """Skip where what only root may do cannot be done."""
    if os.geteuid() != 0:
        pytest.skip("only root may do this")
