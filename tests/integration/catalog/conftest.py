"""What the tests of the catalog's database share."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from databases import catalog_url, postgres_url
from picture_pipeline.catalog.catalog import SqlCatalog
from samples import CAMERA

__all__ = ["catalog_url", "postgres_url"]


@pytest.fixture
def catalog(catalog_url: str) -> Iterator[SqlCatalog]:
    """A catalog that knows one source and nothing else."""
    opened = SqlCatalog.open(catalog_url)
    opened.add_source(CAMERA)
    yield opened
    opened.close()
