"""What all tests share: where the corpus of real camera files lies."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of 393 real camera files with its ``manifest.csv``."""
    default = Path(__file__).resolve().parents[2] / "shared" / "corpus"
    folder = Path(os.environ.get("PICTURE_PIPELINE_CORPUS", default))
    if not (folder / "manifest.csv").is_file():
        pytest.skip(f"no corpus of real camera files at {folder} (set PICTURE_PIPELINE_CORPUS)")
    return folder
