"""A cache in a folder of its own."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from caching import Shelf
from installed import Storage


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    """Give a cache of 10,000 bytes and 30 days."""
    shelf = Shelf(tmp_path / "local")
    yield shelf
    shelf.cache.close()
    shelf.books.close()


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
