"""A worker's inspector at work in this process, on real folders."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from installed import Storage
from picture_pipeline.bootstrap.inspecting import InspectorRecipe, WorkerLimits
from picture_pipeline.model.candidate import Candidate, FileStamp, SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Care, Inspected, InspectJob
from picture_pipeline.model.rendition import RenditionSpec
from picture_pipeline.originals.layout import INCOMING

RUN = "host.1"
SPECS = (RenditionSpec("tiny", 150, 150),)


@dataclass(frozen=True, slots=True)
class Bench:
    """A source, a staging folder, and the inspector between them."""

    source: Path
    archive: Path
    inspect: Callable[[InspectJob], Inspected]

    def job(self, name: str, *known: Digest, care: Care = Care.NONE) -> InspectJob:
        """Make the job for a file of the source, as it is now."""
        stamp = FileStamp.of((self.source / name).lstat())
        candidate = Candidate(b"", name.encode(), stamp)
        root = str(self.source).encode()
        return InspectJob(
            f"{RUN}-0", SourceName("camera"), root, candidate, "2024-05-01T10:00:00Z",
            frozenset(known), care,
        )  # fmt: skip

    @property
    def staged(self) -> list[Path]:
        """What lies in the run's folder below ``incoming/``."""
        return list((self.archive / INCOMING / RUN).iterdir())


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    source, archive, thumbs = (tmp_path / name for name in ("source", "archive", "thumbs"))
    for folder in (source, archive / INCOMING / RUN, thumbs):
        folder.mkdir(parents=True)
    limits = WorkerLimits(memory=1 << 40, seconds=60.0, max_pixels=100_000_000)
    return Bench(source, archive, InspectorRecipe(archive, RUN, thumbs, SPECS, limits)())


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
