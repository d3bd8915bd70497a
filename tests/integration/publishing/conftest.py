"""What the tests of publishing share: an archive with its catalog, on both databases."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
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
    """Make empty archives, as many as a test asks for."""
    numbers = count(1)
    with ExitStack() as stack:

        def make() -> World:
            folder = tmp_path / str(next(numbers))
            folder.mkdir()
            if request.param == "sqlite":
                return World.make(folder, f"sqlite:///{folder}/catalog.db")
            return World.make(folder, stack.enter_context(shared_postgres().database()))

        yield make
