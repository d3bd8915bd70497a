"""A library to put pictures into."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from installed import Storage
from libraries import Library


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(Storage(tmp_path / "home"), tmp_path / "phone")
