"""What exiftool 13.59 read of the corpus, and why we read some of it otherwise.

``manifest.csv`` says of each file what exiftool told; ``COLUMNS`` says how a
column of it compares with what ``show --json`` and the quick metadata call by
the same keys. ``DIFFERENCES`` holds a reason for each value that is not the
same; nothing else may differ.

An offset that we worked out from GPS (``offset_from`` is not ``tag``) is no
part of the comparison: it is ours, the file's tags do not say it.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Row = Mapping[str, str]
Shown = Mapping[str, Any]
"""What we say of one file: the keys of ``show --json``; empty for one that was rejected."""

AUX_LENS = "the lens stands in XMP aux:Lens, which the manifest does not list"
UNLISTED = "exiftool's manifest row is empty (hidden folder), the file is a real JPEG"
BROKEN = "exiftool gives up on the cut JPEG; its EXIF is whole"
BLANK = "exiftool prints the absurd date as it stands; we drop and note it"
NOWHERE = "0, 0 and the like are dropped and noted"
OWN = "the manifest lists EXIF's and QuickTime's tags only; the file says it in tags of its own"
LENS_KEY = "Apple's lens stands in a track's keys, which the manifest does not list"
PREVIEW = (
    "exiftool gives the size of the preview, cut down to 8 x 8 for this sample; ours is the RAW's"
)
CONVERTED = "the XMP tells when it was filmed, the header when it was converted"
STILL = "a still lasts no time; the header's one second is a filler"
LOST = "the manifest lost the zero of 1.00"
UNSIGNED = "0 stands for no orientation"
TOO_HIGH = "4,294,967 km is no altitude; dropped and noted"
BESIDE = "the manifest leaves out what companions say of it under their own names"
NO_BROTLI = "that exiftool could not unpack Brotli; exiv2 can"
BOTH = "the manifest lists IPTC only where XMP says other keywords; we give both"

COMPANIONS = ("application/json", "application/rdf+xml")
"""They speak of another file's pixels."""

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
    "make": {
        ".photoprism/example.jpg": UNLISTED,
        "exif-no-tz.jpg": BROKEN,
        **dict.fromkeys(("CanonRaw.crw", "M2TS.mts", "/Sigma.x3f"), OWN),
    },
    "model": {
        ".photoprism/example.jpg": UNLISTED,
        "exif-no-tz.jpg": BROKEN,
        **dict.fromkeys(("CanonRaw.crw", "/Sigma.x3f"), OWN),
    },
    "software": {
        ".photoprism/example.jpg": UNLISTED,
        "Casio EX-S1.jpg": LOST,
        "Casio2.jpg": LOST,
        "ladybug.xmp": BESIDE,
        **dict.fromkeys(("Pentax.avi", "RIFF.avi"), OWN),
        **dict.fromkeys(("hello.3gp", "hello.mov"), "it stands in XMP, which the manifest skips"),
    },
    "lens_model": {
        ".photoprism/example.jpg": UNLISTED,
        "Nikon_D70.jpg": AUX_LENS,
        "el_torcal_rocks.jpg": AUX_LENS,
        "prairie_falcon.jpg": AUX_LENS,
        "tanners_ridge.jpg": AUX_LENS,
        "thompson-springs.jpg": AUX_LENS,
        "L_xmp.heif": AUX_LENS,
        "DNG.dng": AUX_LENS,
        "ladybug.xmp": BESIDE,
        **dict.fromkeys(ELODIE, AUX_LENS),
        **dict.fromkeys(("leiden.mov", "quicktime-hvc1.mov", "IMG_7943_HEVC.MOV"), LENS_KEY),
    },
    "date_time_original": {
        ".photoprism/example.jpg": UNLISTED,
        "exif-no-tz.jpg": BROKEN,
        "FujiFilm SP-2500.jpg": BLANK,
        "Nikon E900 (1).jpg": BLANK,
        "Nikon E900 (2).jpg": BLANK,
        "Olympus C860L.jpg": BLANK,
        **dict.fromkeys(("CanonRaw.crw", "/Sigma.x3f"), OWN),
    },
    "subsec_original": {".photoprism/example.jpg": UNLISTED, "exif-no-tz.jpg": BROKEN},
    "offset_original": {},
    "qt_creation_date": {
        **dict.fromkeys(("M2TS.mts", "Pentax.avi", "RIFF.avi"), OWN),
        "QuickTime.mov": "a year alone is no capture time; the header's time is taken",
    },
    "utc_of_films": {
        "M2TS.mts": OWN,
        **dict.fromkeys(("hello.3gp", "hello.mov"), CONVERTED),
    },
    "gps_lat": {
        **dict.fromkeys(("leiden.xmp", "iso-value-array.xmp", "ladybug.xmp", ".json"), BESIDE),
        ".photoprism/example.jpg": UNLISTED,
        "exif-no-tz.jpg": BROKEN,
        "Samsung GT-I9000 (Galaxy S).jpg": NOWHERE,
        "spatial_photo.heic": NOWHERE,
    },
    "gps_lon": {
        **dict.fromkeys(("leiden.xmp", "iso-value-array.xmp", "ladybug.xmp", ".json"), BESIDE),
        ".photoprism/example.jpg": UNLISTED,
        "exif-no-tz.jpg": BROKEN,
        "Samsung GT-I9000 (Galaxy S).jpg": NOWHERE,
        "spatial_photo.heic": NOWHERE,
    },
    "gps_alt": {
        **dict.fromkeys((".json",), BESIDE),
        ".photoprism/example.jpg": UNLISTED,
        "exif-no-tz.jpg": BROKEN,
        "Samsung GT-I9000 (Galaxy S).jpg": NOWHERE,
        "spatial_photo.heic": NOWHERE,
        "altitude.jpg": TOO_HIGH,
    },
    "gps_hpos_err": {"leiden.xmp": BESIDE},
    "orientation": {
        ".photoprism/example.jpg": UNLISTED,
        "Landscape_0.jpg": UNSIGNED,
        "Portrait_0.jpg": UNSIGNED,
        "CanonRaw.crw": OWN,
    },
    "width": {
        ".photoprism/example.jpg": UNLISTED,
        **dict.fromkeys(("FujiFilm.raf", "Panasonic.rw2", "SigmaDP2.x3f"), PREVIEW),
        "DNG.dng": "exiftool gives all of the sensor; ours is what DefaultCropSize leaves of it",
        "motion_photo_pixel_synth.jpg": "no pixels: exiftool shows what EXIF claims",
    },
    "height": {
        ".photoprism/example.jpg": UNLISTED,
        **dict.fromkeys(("FujiFilm.raf", "Panasonic.rw2", "SigmaDP2.x3f"), PREVIEW),
        "DNG.dng": "exiftool gives all of the sensor; ours is what DefaultCropSize leaves of it",
        "motion_photo_pixel_synth.jpg": "no pixels: exiftool shows what EXIF claims",
    },
    "duration": {
        **dict.fromkeys(("CanonRaw.cr3", "canon-r6.cr3"), STILL),
        **dict.fromkeys(("M2TS.mts", "Pentax.avi", "RIFF.avi"), OWN),
    },
    "content_identifier": {},
    "rating": {".photoprism/example.jpg": UNLISTED},
    "keywords": {"/ExifTool.jpg": BOTH, "MWG.jpg": BOTH, "JXL2.jxl": NO_BROTLI},
    "title": {},
}
"""Column -> end of the path -> why we read otherwise. Nothing else may differ."""

ABSURD = frozenset({BLANK, NOWHERE, UNSIGNED, TOO_HIGH, LOST})
"""Reasons why what the manifest holds is no value at all: such are not counted."""

_DEEP = "that the manifest does not list; exiftool, asked for this type, tells it"
_SIDECAR = "the sidecar beside it says so"
IMPORTED: Mapping[str, Mapping[str, str]] = {
    "software": {"PhaseOne.iiq": _DEEP},
    "lens_model": {"PhaseOne.iiq": _DEEP},
    "rating": {"/XMP.jpg": _SIDECAR},
    "keywords": {"/XMP.jpg": _SIDECAR},
    "title": {"leiden.HEIC": _SIDECAR, "leiden.mov": _SIDECAR},
    "date_time_original": {
        "WWL_(Polaroid)_ION230.jpg": "its clock ran ahead: absurd until November 24, 2026"
    },
}
"""What an import shows otherwise than the file alone: its companions and exiftool say
something too, and a time to come is absurd."""


def rows_of(corpus: Path) -> list[Row]:
    """Give the manifest's rows, one for each file of the corpus."""
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as manifest:
        return list(csv.DictReader(manifest))


@dataclass(frozen=True, slots=True)
class Compared:
    """One file: what exiftool said of it, and what we say."""

    row: Row
    shown: Shown

    @property
    def path(self) -> str:
        return self.row["path"]


def text(name: str) -> Callable[[Shown], str]:
    return lambda shown: "" if shown.get(name) is None else str(shown[name]).strip()


def number(value: float | str | None) -> str:
    return "" if value in (None, "") else f"{float(value):.5f}"


def of_gps(name: str) -> Callable[[Shown], str]:
    return lambda shown: number((shown.get("gps") or {}).get(name))


def column(name: str) -> Callable[[Row], str]:
    return lambda row: row[name].strip()


def number_in(name: str) -> Callable[[Row], str]:
    return lambda row: number(row[name])


def only(taken_from: str, tell: Callable[[Shown], str]) -> Callable[[Shown], str]:
    """Tell only of a capture time that came from there."""
    return lambda shown: tell(shown) if shown.get("taken_from") == taken_from else ""


def wall(shown: Shown) -> str:
    return f"{datetime.fromisoformat(shown['taken_at']):%Y:%m:%d %H:%M:%S}"


def stored_offset(shown: Shown) -> str:
    return str(shown.get("offset") or "") if shown.get("offset_from") == "tag" else ""


def created(shown: Shown) -> str:
    return wall(shown) + stored_offset(shown)


def is_film(shown: Shown) -> bool:
    return str(shown.get("media_type", "")).startswith("video/")


def film_utc(shown: Shown) -> str:
    """Give the UTC of a film's capture time, unless only its file system told it."""
    if not is_film(shown) or shown["taken_from"] in ("name", "mtime"):
        return ""
    return str(shown.get("taken_at_utc") or "")[:19]


def manifest_utc(row: Row) -> str:
    """Give the UTC of a film: by its creation date with offset, else by its header."""
    if not row["mime"].startswith("video/"):
        return ""
    stated, counted = row["qt_creation_date"], row["qt_create_date_utc"]
    if len(stated) > len("2024:03:02 10:50:26"):
        moment = datetime.strptime(stated, "%Y:%m:%d %H:%M:%S%z")
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"
    if not counted or counted.startswith("0000"):
        return ""
    return counted[:10].replace(":", "-") + "T" + counted[11:19]


def width(row: Row) -> str:
    return "" if row["mime"] in COMPANIONS else row["width"].split(" ")[0]


def height(row: Row) -> str:
    if row["mime"] in COMPANIONS:
        return ""
    return row["width"].split(" ")[1] if " " in row["width"] else row["height"]


COLUMNS: Mapping[str, tuple[Callable[[Shown], str], Callable[[Row], str]]] = {
    "make": (text("make"), column("make")),
    "model": (text("model"), column("model")),
    "software": (text("software"), column("software")),
    "lens_model": (text("lens"), column("lens_model")),
    "date_time_original": (only("exif_original", wall), column("date_time_original")),
    "subsec_original": (only("exif_original", text("subsecond")), column("subsec_original")),
    "offset_original": (only("exif_original", stored_offset), column("offset_original")),
    "qt_creation_date": (only("quicktime", created), column("qt_creation_date")),
    "utc_of_films": (film_utc, manifest_utc),
    "gps_lat": (of_gps("latitude"), number_in("gps_lat")),
    "gps_lon": (of_gps("longitude"), number_in("gps_lon")),
    "gps_alt": (of_gps("altitude"), number_in("gps_alt")),
    "gps_hpos_err": (of_gps("accuracy"), number_in("gps_hpos_err")),
    "orientation": (text("orientation"), column("orientation")),
    "width": (text("width"), width),
    "height": (text("height"), height),
    "duration": (lambda shown: number(shown.get("duration")), number_in("duration")),
    "content_identifier": (
        text("content_identifier"),
        lambda row: row["content_identifier"] or row["media_group_uuid"],
    ),
    "rating": (text("rating"), column("rating")),
    "keywords": (lambda shown: ";".join(shown.get("keywords") or ()), column("keywords")),
    "title": (text("title"), column("title")),
}
"""Column -> how we say it, how the manifest says it; both empty for nothing."""


def known(path: str, reasons: Mapping[str, str]) -> str | None:
    """Give the entry of a table of reasons that covers a path."""
    return next((end for end in reasons if path.endswith(end)), None)


def differing(name: str, files: list[Compared]) -> dict[str, tuple[str, str]]:
    """Give the paths at which a column differs, with our value and theirs."""
    ours, theirs = COLUMNS[name]
    pairs = ((file.path, ours(file.shown), theirs(file.row)) for file in files)
    return {path: (mine, their) for path, mine, their in pairs if mine != their}


def agreeing(files: list[Compared], *, imported: bool = False) -> tuple[int, int]:
    """Count exiftool's values of files we took in, without the absurd: those agreed on, and all."""
    checked = list(_checked(files, IMPORTED if imported else {}))
    return sum(checked), len(checked)


def _checked(files: list[Compared], further: Mapping[str, Mapping[str, str]]) -> Iterator[bool]:
    for name, (ours, theirs) in COLUMNS.items():
        reasons = DIFFERENCES.get(name, {})
        for file in files:
            why = reasons.get(known(file.path, reasons) or "")
            counts = why not in ABSURD and not known(file.path, further.get(name, {}))
            if file.shown and theirs(file.row) and counts:
                yield ours(file.shown) == theirs(file.row)
