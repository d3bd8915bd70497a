"""Cards and download folders."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from databases import catalog_url
from letting_go import Folder

__all__ = ["catalog_url"]


@pytest.fixture
def card(tmp_path: Path) -> Folder:
    """An empty card with the policy ``free``."""
    return Folder.make(tmp_path, "free")


@pytest.fixture
def downloads(tmp_path: Path) -> Folder:
    """An empty download folder with the policy ``reclaim``."""
    return Folder.make(tmp_path, "reclaim", kind="icloudpd")
