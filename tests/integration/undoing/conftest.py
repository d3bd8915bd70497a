"""A storage and folders to import, taken back and foretold by the command itself."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from databases import catalog_url
from installed import Storage

__all__ = ["catalog_url"]


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """Give a storage in which nothing was made yet."""
    return Storage(tmp_path / "home")
