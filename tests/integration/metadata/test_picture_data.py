"""The digest of a picture stays when its metadata is rewritten, and only then."""

import io
import struct
from pathlib import Path

import exiv2
import pytest
from PIL import Image

from picture_pipeline.metadata import formats
from picture_pipeline.metadata.picture_data import picture_digest
from picture_pipeline.model.media import MediaType
from picture_pipeline.workflows.contents import in_memory
from pictures import jpeg, picture


def digest(data: bytes, kind: MediaType) -> str | None:
    return picture_digest(in_memory(data), kind)


def retagged(data: bytes) -> bytes:
    image = exiv2.ImageFactory.open(data)
    image.readMetadata()
    image.exifData()["Exif.Image.Artist"] = "somebody " * 40
    image.xmpData()["Xmp.dc.title"] = "a title"
    image.writeMetadata()
    return bytes(image.io().data())


def noisy(kind: str, seed: int, **options: object) -> bytes:
    made = io.BytesIO()
    Image.effect_noise((64, 48), 30 + seed).convert("RGB").save(made, kind, **options)
    return made.getvalue()


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("JPEG", formats.JPEG),
        ("PNG", formats.PNG),
        ("TIFF", formats.TIFF),
        ("WEBP", formats.WEBP),
        ("JPEG2000", formats.JP2),
    ],
)
def test_rewritten_metadata_leaves_the_digest(kind: str, media_type: MediaType) -> None:
    data = picture(1, kind)
    changed = retagged(data)
    assert changed != data
    assert digest(changed, media_type) == digest(data, media_type) is not None
    assert digest(picture(2, kind), media_type) != digest(data, media_type)


def test_a_progressive_jpeg_counts_to_its_last_scan() -> None:
    data = noisy("JPEG", 1, progressive=True)
    end = data.rindex(b"\xff\xd9")
    other = bytearray(data)
    other[end - 1] ^= 0x55
    assert digest(bytes(other), formats.JPEG) != digest(data, formats.JPEG)


def test_what_follows_a_jpeg_is_not_the_picture() -> None:
    assert digest(jpeg(1) + b"trailer", formats.JPEG) == digest(jpeg(1), formats.JPEG)


def test_a_heic_is_known_again_by_its_tiles(corpus: Path) -> None:
    name = "photo-cli+photo-cli/tests/TestImages/Exif/Exif-HasCoordinateAndDate.HEIC"
    data = (corpus / name).read_bytes()
    at = data.index(b"Apple\0")
    changed = data[:at] + b"Orange"[:5] + data[at + 5 :]
    assert digest(changed, formats.HEIC) == digest(data, formats.HEIC) is not None
    assert digest(data[:-100] + bytes(100), formats.HEIC) != digest(data, formats.HEIC)


def film(pixels: bytes, note: bytes) -> bytes:
    def box(kind: bytes, payload: bytes) -> bytes:
        return struct.pack(">I", len(payload) + 8) + kind + payload

    return box(b"ftyp", b"qt  ") + box(b"moov", note) + box(b"mdat", pixels)


def test_a_film_is_known_again_by_its_content() -> None:
    first = digest(film(b"pixels" * 300_000, b"a"), formats.MOV)
    assert first is not None
    assert first == digest(film(b"pixels" * 300_000, b"longer note"), formats.MOV)
    assert first != digest(film(b"Pixels" * 300_000, b"a"), formats.MOV)


@pytest.mark.parametrize("kind", [formats.GIF, formats.MKV, formats.AAE])
def test_other_types_have_no_digest_of_their_picture(kind: MediaType) -> None:
    assert digest(b"anything", kind) is None


@pytest.mark.parametrize("kind", formats.SUPPORTED, ids=lambda kind: kind.extension)
def test_hostile_bytes_have_none(kind: MediaType) -> None:
    for data in (b"", b"\xff\xd8", b"II*\0\x08\0\0\0", b"RIFF\0\0\0\0WEBP", b"\x89PNG\r\n\x1a\n"):
        assert digest(data, kind) is None


def test_the_corpus_shows_the_same_picture_under_other_metadata(corpus: Path) -> None:
    folder = corpus / "perkeep+perkeep/internal/images/testdata"
    for number in (1, 2, 3):
        plain, tagged = (folder / f"f{number}{tail}.jpg" for tail in ("", "-exif"))
        found = digest(plain.read_bytes(), formats.JPEG)
        assert found == digest(tagged.read_bytes(), formats.JPEG) is not None
