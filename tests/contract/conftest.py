"""What the contract suites run on: both databases, an archive on a real disk."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1]))

from databases import catalog_url, postgres_url
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.incoming import Incoming
from picture_pipeline.originals.marker import create_marker
from samples import CAMERA

__all__ = ["catalog_url", "postgres_url"]


@pytest.fixture
def catalog(catalog_url: str) -> Iterator[SqlCatalog]:
    """A catalog that knows one source and nothing else."""
    opened = SqlCatalog.open(catalog_url)
    opened.add_source(CAMERA)
    yield opened
    opened.close()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[ArchiveHandle]:
    """An empty archive, as ``setup-storage`` makes it."""
    create_marker(tmp_path / "archive", random_bytes=os.urandom)
    opened = ArchiveHandle.open(tmp_path / "archive")
    yield opened
    opened.close()


@pytest.fixture
def incoming(archive: ArchiveHandle) -> Iterator[Incoming]:
    """The archive's ``incoming/`` with the folder of one run, ``run``."""
    opened = Incoming(archive)
    opened.begin("run")
    yield opened
    opened.close()
