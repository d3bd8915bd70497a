"""What other programs read in our sidecars."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import exiv2
import pytest

from picture_pipeline.metadata.reader import FileReader
from picture_pipeline.metadata.recognition.recognise import recognise
from picture_pipeline.metadata.sidecar import render_sidecar
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Capture, Gps, Metadata, TakenFrom
from picture_pipeline.model.sidecar import SidecarContent
from picture_pipeline.workflows.contents import in_memory

SIDECAR = render_sidecar(
    SidecarContent(
        digest=Digest("ab" * 32),
        metadata=Metadata(
            capture=Capture(
                datetime(2024, 3, 15, 10, 11, 12, 705000, timezone(timedelta(hours=2))),
                TakenFrom.EXIF_ORIGINAL,
                "705",
            ),
            make="Apple",
            model="iPhone 15 <Pro> & more",
            lens="iPhone 15 back camera 6.86mm f/1.78",
            orientation=6,
            width=4032,
            height=3024,
            gps=Gps(
                -41.1234567, 12.7654321, -3.25, 4.75, datetime(2024, 3, 15, 8, 11, 12, tzinfo=UTC)
            ),
            rating=4,
            keywords=("alpha", "beta gamma", "Österreich"),
            tags=("Places/Rome",),
            title="Sunset",
            caption="Two\nlines",
        ),
        original_name=b"IMG_1234.HEIC",
        source=SourceName("icloud"),
        path=b"2024/IMG_1234.HEIC",
        ingested_at="2024-03-16T01:02:03Z",
    )
)
DATE = "2024-03-15T10:11:12.705+02:00"


def test_exiv2_reads_every_property_back() -> None:
    image = exiv2.ImageFactory.open(SIDECAR)
    image.readMetadata()
    found = {datum.key(): datum.toString() for datum in image.xmpData()}
    assert found == {
        "Xmp.tiff.Make": "Apple",
        "Xmp.tiff.Model": "iPhone 15 <Pro> & more",
        "Xmp.exifEX.LensModel": "iPhone 15 back camera 6.86mm f/1.78",
        "Xmp.exif.GPSLatitude": "41,7.407402S",
        "Xmp.exif.GPSLongitude": "12,45.925926E",
        "Xmp.exif.GPSAltitude": "3250/1000",
        "Xmp.exif.GPSAltitudeRef": "1",
        "Xmp.exif.GPSHPositioningError": "4750/1000",
        "Xmp.exif.GPSTimeStamp": "2024-03-15T08:11:12Z",
        "Xmp.xmp.Rating": "4",
        "Xmp.dc.subject": "alpha, beta gamma, Österreich, Rome",
        "Xmp.pdf.Keywords": "alpha, beta gamma, Österreich, Rome",
        "Xmp.digiKam.TagsList": "Places/Rome, alpha, beta gamma, Österreich",
        "Xmp.lr.hierarchicalSubject": "Places|Rome, alpha, beta gamma, Österreich",
        "Xmp.dc.title": 'lang="x-default" Sunset',
        "Xmp.dc.description": 'lang="x-default" Two\nlines',
        "Xmp.tiff.ImageDescription": 'lang="x-default" Two\nlines',
        "Xmp.photoshop.DateCreated": DATE,
        "Xmp.exif.DateTimeOriginal": DATE,
        "Xmp.xmp.CreateDate": DATE,
        "Xmp.xmpMM.PreservedFileName": "IMG_1234.HEIC",
        "Xmp.pp.asset": "ab" * 32,
        "Xmp.pp.sha256": "ab" * 32,
        "Xmp.pp.source": "icloud",
        "Xmp.pp.path": "2024/IMG_1234.HEIC",
        "Xmp.pp.ingestedAt": "2024-03-16T01:02:03Z",
        "Xmp.pp.revision": "1",
        "Xmp.pp.takenFrom": "exif_original",
    }


def exiftool(*arguments: str) -> str:
    program = shutil.which("exiftool")
    if program is None:
        pytest.skip("exiftool is not installed")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.program
def test_exiftool_finds_nothing_to_complain_of(tmp_path: Path) -> None:
    path = tmp_path / "x.xmp"
    path.write_bytes(SIDECAR)
    validated = exiftool("-validate", "-warning", "-a", str(path))
    assert [line.split(": ")[1] for line in validated.splitlines()] == ["OK"]


@pytest.mark.program
def test_exiftool_reads_the_same_values(tmp_path: Path) -> None:
    path = tmp_path / "x.xmp"
    path.write_bytes(SIDECAR)
    (found,) = json.loads(exiftool("-j", "-n", "-struct", "-XMP:all", str(path)))
    assert found["GPSLatitude"] == pytest.approx(-41.1234567, abs=1e-7)
    assert found["GPSLongitude"] == pytest.approx(12.7654321, abs=1e-7)
    assert (found["GPSAltitude"], found["GPSAltitudeRef"]) == (3.25, 1)
    assert found["Subject"] == ["alpha", "beta gamma", "Österreich", "Rome"]
    assert found["DateTimeOriginal"] == "2024:03:15 10:11:12.705+02:00"
    assert (found["Rating"], found["PreservedFileName"]) == (4, "IMG_1234.HEIC")
    assert "Orientation" not in found


@pytest.mark.program
def test_exiftool_validates_the_sidecar_of_every_still_of_the_corpus(
    corpus: Path, tmp_path: Path
) -> None:
    count = 0
    for path in filter(Path.is_file, corpus.rglob("*")):
        data, name = path.read_bytes(), path.name.encode()
        media_type = recognise(data[:65536], name, len(data))
        if isinstance(media_type, MediaType):
            metadata = FileReader().read(in_memory(data), media_type, name, 0)
            content = SidecarContent(
                Digest(f"{count:064x}"),
                metadata,
                name,
                SourceName("x"),
                name,
                "2024-03-16T00:00:00Z",
            )
            (tmp_path / f"{count}.xmp").write_bytes(render_sidecar(content))
            count += 1
    validated = re.findall(
        r"^Validate +: (.*)$", exiftool("-validate", "-r", str(tmp_path)), re.MULTILINE
    )
    assert count > 280
    assert validated == ["OK"] * count
