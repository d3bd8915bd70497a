"""What the tests of publishing share: an archive with its catalog, on both databases."""

import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from computers import World
from databases import catalog_url, postgres_url, shared_postgres

__all__ = ["catalog_url", "postgres_url"]

Worlds = Callable[[], World]


@pytest.fixture
def world(tmp_path: Path, catalog_url: str) -> World:
    """An empty archive."""
    return World.make(tmp_path, catalog_url)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Worlds]:
    """Make empty archives, one after the other; a new one ends the one before."""
    numbers = count(1)

    def make(database: str | None = None) -> World:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        if database is not None:
            shared_postgres().empty(database)
        return World.make(folder, database or f"sqlite:///{folder}/catalog.db")

    if request.param == "sqlite":
        yield make
        return
    with shared_postgres().database() as url:
        yield lambda: make(url)
