"""Every file of the corpus, read by us and compared with what exiftool 13.59 read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from manifest import COLUMNS, DIFFERENCES, Compared, Shown, agreeing, differing, known, rows_of
from picture_pipeline.metadata.formats import TIFF
from picture_pipeline.metadata.quick import quick_metadata
from picture_pipeline.metadata.reader import FileReader
from picture_pipeline.metadata.recognition.recognise import recognise
from picture_pipeline.model.digest import Checksums, Digest
from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.model.metadata import Metadata
from picture_pipeline.workflows.contents import in_memory

UNLISTED = "exiftool's manifest row is empty (hidden folder), the file is a real JPEG"
MEDIA_TYPES: Mapping[str, str] = {
    ".photoprism/example.jpg": UNLISTED,
    "NegativeArraySizeException.ItemInfoBox.init.heif": "mif1 with an HEVC brand: image/heic",
    "QuickTime.heic": "mif1 with an HEVC brand: image/heic",
    "compatible-brands.heic": "unknown major brand, but HEIC among the compatible ones",
}


READER = FileReader(now=lambda: datetime(2040, 1, 1, tzinfo=UTC))
"""Its day is later than those of all cameras of the corpus, whose clocks are right or not."""


@dataclass(frozen=True)
class File:
    path: str
    media_type: MediaType
    metadata: Metadata


def read(path: Path, relative: str) -> File | None:
    name, data = path.name.encode(), path.read_bytes()
    content = in_memory(data)
    media_type = recognise(data[:65536], name, len(data), content.read_at)
    if not isinstance(media_type, MediaType):
        return None
    return File(relative, media_type, READER.read(content, media_type, name, 0))


def shown(file: File | None) -> Shown:
    """Give what our quick metadata says: the keys of ``show --json``."""
    if file is None:
        return {}
    checksums = Checksums(Digest("0" * 64), "", "")
    found: Shown = json.loads(quick_metadata(checksums, 1, file.media_type, file.metadata, b"x"))
    return found


@pytest.fixture(scope="module")
def files(corpus: Path) -> list[File]:
    found = (read(corpus / row["path"], row["path"]) for row in rows_of(corpus))
    return [file for file in found if file is not None]


@pytest.fixture(scope="module")
def compared(corpus: Path, files: list[File]) -> list[Compared]:
    ours = {file.path: file for file in files}
    return [Compared(row, shown(ours.get(row["path"]))) for row in rows_of(corpus)]


@pytest.mark.parametrize("name", COLUMNS)
def test_every_difference_to_exiftool_has_its_reason(name: str, compared: list[Compared]) -> None:
    found, reasons = differing(name, compared), DIFFERENCES.get(name, {})
    assert {path: both for path, both in found.items() if not known(path, reasons)} == {}
    assert {known(path, reasons) for path in found} == set(reasons), "stale reasons"


def test_we_agree_on_99_in_100_values_that_exiftool_gives(compared: list[Compared]) -> None:
    same, every = agreeing(compared)
    assert every > 2000
    assert same / every >= 0.99


def test_every_still_that_exiftool_calls_an_image_is_recognised_as_one(
    files: list[File], corpus: Path
) -> None:
    supported = ("jpeg", "heic", "heif", "avif", "png", "tiff", "webp", "gif", "bmp")
    names = {f"image/{name}" for name in supported}
    ours = {file.path: file.media_type.name for file in files if file.media_type.name in names}
    theirs = {row["path"]: row["mime"] for row in rows_of(corpus) if row["mime"] in names}
    odd = {path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path)}
    assert {known(path, MEDIA_TYPES) for path in odd} == set(MEDIA_TYPES)
    assert theirs.keys() <= ours.keys()


def test_no_raw_of_the_corpus_passes_for_a_tiff_under_another_name(corpus: Path) -> None:
    raws = ("cr2", "nef", "dng", "iiq", "mrw", "raf", "rw2", "crw", "x3f", "cr3")
    paths = [path for path in corpus.rglob("*") if path.suffix.lower()[1:] in raws]
    taken = {
        path.name: recognise(path.read_bytes()[:65536], b"x.tif", path.stat().st_size)
        for path in paths
    }
    assert len(taken) >= 10
    assert {name for name, found in taken.items() if found == TIFF} == set()


def test_a_file_has_a_capture_time_whatever_it_says(files: list[File]) -> None:
    assert len(files) > 330
    assert all(1826 <= file.metadata.capture.taken_at.year <= 2099 for file in files)


def test_every_film_of_the_corpus_with_a_header_tells_its_codec(files: list[File]) -> None:
    films = [file for file in files if file.media_type.family is Family.VIDEO]
    silent = {file.path for file in films if file.metadata.recording is None}
    assert len(films) > 15
    assert {path.rpartition("/")[2] for path in silent} == {
        "compatible-brands-fail.heic",
        "compatible-brands-fail.mov",
        "compatible-brands.mov",
    }


def test_the_eyes_of_a_spatial_photo_are_not_mixed(files: list[File]) -> None:
    (spatial,) = [file for file in files if file.path.endswith("spatial_photo.heic")]
    assert spatial.metadata.lens == "Apple Vision Pro Left Main Camera 2.16mm f/2.0"
