"""Which files of the corpus are cut, and how many cuts of the others are noticed."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from picture_pipeline.metadata.completeness import find_missing
from picture_pipeline.metadata.recognition.motion import is_motion_photo
from picture_pipeline.metadata.recognition.recognise import recognise
from picture_pipeline.model.media import MediaType
from picture_pipeline.workflows.contents import in_memory

SAMPLE = "cut to its metadata by the makers of the collection"
TRULY_CUT: Mapping[str, str] = {
    "test-issue-608-truncated-exif-tiff-dos.jpg": "32 bytes made to crash a parser",
    "CanonRaw.cr3": SAMPLE,
    "ExifTool.jpg": "an MPO without its large pictures, with other data behind",
    "Minolta.mrw": SAMPLE,
    "Pentax.avi": SAMPLE,
    "RIFF.avi": SAMPLE,
    "river-truncated.heic": "cut on purpose",
    "park.heic": "the first 512 bytes of a picture",
    "black-seattle-truncated.heic": "cut on purpose",
    "broken/animated-earth.jpg": "cut on purpose",
    "canon-r6.cr3": SAMPLE,
    "compatible-brands-fail.heic": "an ftyp box and nothing else",
    "compatible-brands-fail.mov": "an ftyp box and nothing else",
    "compatible-brands.heic": "an ftyp box and nothing else",
    "compatible-brands.mov": "an ftyp box and nothing else",
    "exif-no-tz.jpg": SAMPLE,
    "motion_photo_pixel_synth.jpg": "made of metadata only, without a picture",
    "oom_large_box.heic": "a box that claims more than there is",
    "sony-a7-xavc.MP4": SAMPLE,
    "32d08f4a5eb10332506ebedbb9bc7257.jpg": "its last byte is FF: the end marker is cut in two",
}
"""End of the path -> what is wrong with it. Nothing else may be called incomplete."""


@dataclass(frozen=True, slots=True)
class File:
    path: str
    data: bytes
    media_type: MediaType

    def missing(self, data: bytes | None = None) -> str | None:
        return find_missing(in_memory(self.data if data is None else data), self.media_type)


Cut = Callable[[bytes], bytes]


def share(part: float) -> Cut:
    return lambda data: data[: int(len(data) * part)]


def zeros(part: float) -> Cut:
    return lambda data: data[: int(len(data) * part)].ljust(len(data), b"\0")


CUTS: Mapping[str, Cut] = {
    "50 %": share(0.5),
    "90 %": share(0.9),
    "99 %": share(0.99),
    "one byte": lambda data: data[:-1],
    "100 bytes": lambda data: data[:-100],
}
ZEROS: Mapping[str, Cut] = {"50 %": zeros(0.5), "90 %": zeros(0.9), "99 %": zeros(0.99)}
BOXED = {"heic", "heif", "mov", "mp4", "3gp", "cr3"}


@pytest.fixture(scope="module")
def files(corpus: Path) -> list[File]:
    found = []
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest):
            path = corpus / row["path"]
            data = path.read_bytes()
            media_type = recognise(data[:65536], path.name.encode(), len(data))
            if isinstance(media_type, MediaType):
                found.append(File(row["path"], data, media_type))
    return found


@pytest.fixture(scope="module")
def whole(files: list[File]) -> list[File]:
    return [file for file in files if file.missing() is None]


def found_share(files: list[File], cut: Cut) -> float:
    changed = [(file, cut(file.data)) for file in files]
    found = [file.missing(data) is not None for file, data in changed if data != file.data]
    return sum(found) / len(found)


def test_only_what_is_truly_cut_is_called_incomplete(files: list[File]) -> None:
    found = {file.path for file in files if file.missing()}
    known = {end for end in TRULY_CUT if any(path.endswith(end) for path in found)}
    assert known == set(TRULY_CUT)
    assert len(found) == len(TRULY_CUT)


@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_every_cut_heic_and_film_is_found(whole: list[File], cut: Cut) -> None:
    boxed = [file for file in whole if file.media_type.extension in BOXED]
    assert len(boxed) > 40
    assert found_share(boxed, cut) == 1


def test_a_cut_inside_the_last_box_is_found(whole: list[File]) -> None:
    boxed = [file for file in whole if file.media_type.extension in BOXED]
    assert all(file.missing(file.data[:-7]) for file in boxed)


@pytest.mark.parametrize("cut", [*CUTS.values(), *ZEROS.values()])
def test_nine_of_ten_cut_jpegs_are_found(whole: list[File], cut: Cut) -> None:
    """The others hold more than a picture: what is cut off is a trailer."""
    jpegs = [file for file in whole if file.media_type.extension == "jpg"]
    assert len(jpegs) > 220
    assert found_share(jpegs, cut) >= 0.9


@pytest.mark.parametrize("cut", ZEROS.values(), ids=ZEROS)
def test_most_tails_of_zeros_are_found_in_heics(whole: list[File], cut: Cut) -> None:
    heics = [file for file in whole if file.media_type.extension == "heic"]
    assert found_share(heics, cut) >= 0.8


@pytest.mark.parametrize("cut", ZEROS.values(), ids=ZEROS)
def test_most_tails_of_zeros_are_found_in_films(whole: list[File], cut: Cut) -> None:
    films = [file for file in whole if file.media_type.extension in ("mov", "mp4", "3gp")]
    assert found_share(films, cut) >= 0.7


def test_the_motion_photos_are_those_of_the_manifest(corpus: Path, files: list[File]) -> None:
    ours = {f.path for f in files if is_motion_photo(in_memory(f.data), f.media_type, "")}
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as manifest:
        theirs = {row["path"] for row in csv.DictReader(manifest) if row["motion_photo"] == "1"}
    assert ours == theirs
    assert len(theirs) > 0
