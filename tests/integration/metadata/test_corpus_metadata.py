"""Every still of the corpus, read by us and compared with what exiftool 13.59 read."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from picture_pipeline.metadata.reader import StillReader
from picture_pipeline.metadata.recognise import recognise
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Capture, Metadata, TakenFrom
from picture_pipeline.model.times import format_offset
from picture_pipeline.workflows.contents import in_memory

Row = Mapping[str, str]

AUX_LENS = "the lens stands in XMP aux:Lens, which the manifest does not list"
UNLISTED = "exiftool's manifest row is empty (hidden folder), the file is a real JPEG"
BROKEN = "exiftool gives up on the cut JPEG; its EXIF is whole"
BLANK = "exiftool prints the absurd date as it stands; we drop and note it"
NOWHERE = "0, 0 and the like are dropped and noted"
BOTH = "the manifest lists IPTC only where XMP says other keywords; we give both"

ELODIE = (
    "Plain With Spaces And Uppercase 123.jpg",
    "with-album-and-title-and-location.jpg",
    "with-album-and-title.jpg",
    "with-album.jpg",
    "with-filename-and-title-in-exif.jpg",
    "with-filename-in-exif.jpg",
    "with-location-and-title.jpg",
    "with-location-inv.jpg",
    "with-location.jpg",
    "with-original-name.jpg",
    "with-title.jpg",
)
DIFFERENCES: Mapping[str, Mapping[str, str]] = {
    "make": {".photoprism/example.jpg": UNLISTED, "exif-no-tz.jpg": BROKEN},
    "model": {".photoprism/example.jpg": UNLISTED, "exif-no-tz.jpg": BROKEN},
    "software": {
        ".photoprism/example.jpg": UNLISTED,
        "Casio EX-S1.jpg": "the manifest lost the zero of 1.00",
        "Casio2.jpg": "the manifest lost the zero of 1.00",
    },
    "lens_model": {
        ".photoprism/example.jpg": UNLISTED,
        "Nikon_D70.jpg": AUX_LENS,
        "el_torcal_rocks.jpg": AUX_LENS,
        "prairie_falcon.jpg": AUX_LENS,
        "tanners_ridge.jpg": AUX_LENS,
        "thompson-springs.jpg": AUX_LENS,
        "L_xmp.heif": AUX_LENS,
        **dict.fromkeys(ELODIE, AUX_LENS),
    },
    "date_time_original": {
        ".photoprism/example.jpg": UNLISTED,
        "exif-no-tz.jpg": BROKEN,
        "FujiFilm SP-2500.jpg": BLANK,
        "Nikon E900 (1).jpg": BLANK,
        "Nikon E900 (2).jpg": BLANK,
        "Olympus C860L.jpg": BLANK,
    },
    "subsec_original": {".photoprism/example.jpg": UNLISTED, "exif-no-tz.jpg": BROKEN},
    "offset_original": {},
    "gps_lat": {
        ".photoprism/example.jpg": UNLISTED,
        "exif-no-tz.jpg": BROKEN,
        "Samsung GT-I9000 (Galaxy S).jpg": NOWHERE,
        "spatial_photo.heic": NOWHERE,
    },
    "gps_lon": {
        ".photoprism/example.jpg": UNLISTED,
        "exif-no-tz.jpg": BROKEN,
        "Samsung GT-I9000 (Galaxy S).jpg": NOWHERE,
        "spatial_photo.heic": NOWHERE,
    },
    "gps_alt": {
        ".photoprism/example.jpg": UNLISTED,
        "exif-no-tz.jpg": BROKEN,
        "Samsung GT-I9000 (Galaxy S).jpg": NOWHERE,
        "spatial_photo.heic": NOWHERE,
        "altitude.jpg": "4,294,967 km is no altitude; dropped and noted",
    },
    "gps_hpos_err": {},
    "orientation": {
        ".photoprism/example.jpg": UNLISTED,
        "Landscape_0.jpg": "orientation 0 says nothing",
        "Portrait_0.jpg": "orientation 0 says nothing",
    },
    "width": {
        ".photoprism/example.jpg": UNLISTED,
        "motion_photo_pixel_synth.jpg": "no pixels: exiftool shows what EXIF claims",
    },
    "height": {
        ".photoprism/example.jpg": UNLISTED,
        "motion_photo_pixel_synth.jpg": "no pixels: exiftool shows what EXIF claims",
    },
    "content_identifier": {},
    "rating": {".photoprism/example.jpg": UNLISTED},
    "keywords": {"ExifTool.jpg": BOTH, "MWG.jpg": BOTH},
    "title": {},
}
"""Column of the manifest -> end of the path -> why we read otherwise. Nothing else may differ."""

MEDIA_TYPES: Mapping[str, str] = {
    ".photoprism/example.jpg": UNLISTED,
    "NegativeArraySizeException.ItemInfoBox.init.heif": "mif1 with an HEVC brand: image/heic",
    "QuickTime.heic": "mif1 with an HEVC brand: image/heic",
    "compatible-brands.heic": "unknown major brand, but HEIC among the compatible ones",
}


def original(capture: Capture) -> Capture | None:
    return capture if capture.taken_from is TakenFrom.EXIF_ORIGINAL else None


def date_time_original(metadata: Metadata) -> str:
    capture = original(metadata.capture)
    return f"{capture.taken_at:%Y:%m:%d %H:%M:%S}" if capture else ""


def subsecond(metadata: Metadata) -> str:
    capture = original(metadata.capture)
    return (capture.subsecond or "") if capture else ""


def offset(metadata: Metadata) -> str:
    capture = original(metadata.capture)
    return (format_offset(capture.taken_at) or "") if capture else ""


def number(value: float | str | None) -> str:
    return "" if value in (None, "") else f"{float(value):.5f}"


def plain(name: str) -> Callable[[Metadata], str]:
    def read(metadata: Metadata) -> str:
        value = getattr(metadata, name)
        return "" if value is None else str(value).strip()

    return read


def of_gps(name: str) -> Callable[[Metadata], str]:
    return lambda metadata: number(getattr(metadata.gps, name) if metadata.gps else None)


def column(name: str) -> Callable[[Row], str]:
    return lambda row: row[name].strip()


def number_in(name: str) -> Callable[[Row], str]:
    return lambda row: number(row[name])


def width(row: Row) -> str:
    return row["width"].split(" ")[0]


def height(row: Row) -> str:
    return row["width"].split(" ")[1] if " " in row["width"] else row["height"]


COLUMNS: Mapping[str, tuple[Callable[[Metadata], str], Callable[[Row], str]]] = {
    "make": (plain("make"), column("make")),
    "model": (plain("model"), column("model")),
    "software": (plain("software"), column("software")),
    "lens_model": (plain("lens"), column("lens_model")),
    "date_time_original": (date_time_original, column("date_time_original")),
    "subsec_original": (subsecond, column("subsec_original")),
    "offset_original": (offset, column("offset_original")),
    "gps_lat": (of_gps("latitude"), number_in("gps_lat")),
    "gps_lon": (of_gps("longitude"), number_in("gps_lon")),
    "gps_alt": (of_gps("altitude"), number_in("gps_alt")),
    "gps_hpos_err": (of_gps("accuracy"), number_in("gps_hpos_err")),
    "orientation": (plain("orientation"), column("orientation")),
    "width": (plain("width"), width),
    "height": (plain("height"), height),
    "content_identifier": (
        plain("content_identifier"),
        lambda row: row["content_identifier"] or row["media_group_uuid"],
    ),
    "rating": (plain("rating"), column("rating")),
    "keywords": (lambda metadata: ";".join(metadata.keywords), column("keywords")),
    "title": (plain("title"), column("title")),
}


@dataclass(frozen=True)
class Still:
    path: str
    row: Row
    media_type: MediaType
    metadata: Metadata


@pytest.fixture(scope="module")
def stills(corpus: Path) -> list[Still]:
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as manifest:
        rows = list(csv.DictReader(manifest))
    found = []
    for row in rows:
        data = (corpus / row["path"]).read_bytes()
        name = row["path"].rpartition("/")[2].encode()
        media_type = recognise(data[:65536], name, len(data))
        if isinstance(media_type, MediaType):
            metadata = StillReader().read(in_memory(data), media_type, name, 0)
            found.append(Still(row["path"], row, media_type, metadata))
    return found


def known(path: str, reasons: Mapping[str, str]) -> str | None:
    return next((end for end in reasons if path.endswith(f"/{end}")), None)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_difference_to_exiftool_has_its_reason(name: str, stills: list[Still]) -> None:
    ours, theirs = COLUMNS[name]
    reasons = DIFFERENCES[name]
    differing = {
        still.path: (ours(still.metadata), theirs(still.row))
        for still in stills
        if ours(still.metadata) != theirs(still.row)
    }
    unexplained = {path: both for path, both in differing.items() if not known(path, reasons)}
    assert unexplained == {}
    assert {known(path, reasons) for path in differing} == set(reasons), "stale reasons"


def test_every_still_that_exiftool_calls_an_image_is_recognised_as_one(
    stills: list[Still], corpus: Path
) -> None:
    supported = ("jpeg", "heic", "heif", "avif", "png", "tiff", "webp", "gif", "bmp")
    ours = {still.path: still.media_type.name for still in stills}
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as manifest:
        theirs = {
            row["path"]: row["mime"]
            for row in csv.DictReader(manifest)
            if row["mime"] in {f"image/{name}" for name in supported}
        }
    differing = {p for p in ours.keys() | theirs.keys() if ours.get(p) != theirs.get(p)}
    assert {known(path, MEDIA_TYPES) for path in differing} == set(MEDIA_TYPES)
    assert theirs.keys() <= ours.keys()


def test_no_raw_of_the_corpus_passes_for_a_tiff_under_another_name(corpus: Path) -> None:
    raws = ("cr2", "nef", "dng", "iiq", "mrw", "raf", "rw2", "crw", "x3f", "cr3")
    files = [path for path in corpus.rglob("*") if path.suffix.lower()[1:] in raws]
    taken = {
        path.name: recognise(path.read_bytes()[:65536], b"x.tif", path.stat().st_size)
        for path in files
    }
    assert len(taken) >= 10
    assert {name for name, found in taken.items() if isinstance(found, MediaType)} == set()


def test_a_still_has_a_capture_time_whatever_it_says(stills: list[Still]) -> None:
    assert len(stills) > 280
    assert all(1826 <= still.metadata.capture.taken_at.year <= 2099 for still in stills)


def test_the_eyes_of_a_spatial_photo_are_not_mixed(stills: list[Still]) -> None:
    (spatial,) = [still for still in stills if still.path.endswith("spatial_photo.heic")]
    assert spatial.metadata.lens == "Apple Vision Pro Left Main Camera 2.16mm f/2.0"
