"""Pictures to measure with, made from the corpus of real camera files.

The corpus holds no true 12-megapixel JPEG, so the set is made of its iPhone
HEICs: decoded, brought back into the sensor's axes, encoded as a camera would,
with their EXIF and ICC profile.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pillow_heif
from PIL import Image, ImageOps

TWELVE_MEGAPIXELS = {(4032, 3024), (3024, 4032)}
LARGEST_JPEG = 3_000_000
QUALITIES = (96, 95, 94, 92, 90, 88, 85, 80)
ORIENTATION = 0x0112

# Back from upright into the sensor's axes, for the orientations that phones write.
INTO_SENSOR_AXES = {
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}

# Real photographs of at least two megapixels that are whole; one of each scene.
REAL_JPEGS = (
    "photo-cli+photo-cli/tests/TestImages/SingleFolder/Spain-1.jpg",
    "drewnoakes+metadata-extractor-images/jpg/FujiFilm FinePix4900Zoom.jpg",
    "drewnoakes+metadata-extractor-images/jpg/Reconyx HF2 Pro Covert.jpg",
    "recurser+exif-orientation-examples/Landscape_1.jpg",
    "recurser+exif-orientation-examples/Portrait_1.jpg",
)


def default_corpus() -> Path:
    """Give the folder of real camera files, as the tests find it."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "corpus"
    return Path(os.environ.get("PICTURE_PIPELINE_CORPUS", beside))


def heics(corpus: Path) -> Iterator[tuple[Path, Image.Image]]:
    """Give the corpus' HEICs of four megapixels and more that decode, upright, largest side any."""
    for path in sorted(corpus.rglob("*")):
        if path.suffix.lower() not in (".heic", ".heif"):
            continue
        try:
            held = pillow_heif.open_heif(path.read_bytes())
            if held.size[0] * held.size[1] >= 4_000_000:
                yield path, held.to_pillow()
        except (ValueError, EOFError, SyntaxError):
            continue


def as_camera_jpeg(upright: Image.Image, qualities: tuple[int, ...] = QUALITIES) -> bytes:
    """Encode 4:2:0 at the best quality that stays below three megabytes, EXIF and ICC kept."""
    orientation = upright.info.get("original_orientation") or 1
    turn = INTO_SENSOR_AXES.get(orientation)
    stored = upright if turn is None else upright.transpose(turn)
    exif = upright.getexif()
    exif[ORIENTATION] = orientation if turn is not None else 1
    jpeg = b""
    for quality in qualities:
        buffer = io.BytesIO()
        stored.convert("RGB").save(
            buffer,
            "JPEG",
            quality=quality,
            subsampling="4:2:0",
            exif=exif.tobytes(),
            icc_profile=upright.info.get("icc_profile"),
        )
        jpeg = buffer.getvalue()
        if len(jpeg) <= LARGEST_JPEG:
            break
    return jpeg


def make_twelve_megapixel_set(corpus: Path, out: Path, count: int) -> list[Path]:
    """Write ``count`` 12-megapixel JPEGs of 1 to 3 MB with distinct bytes into ``out``.

    From the twelfth on scenes come again, mirrored, then with other qualities.
    """
    out.mkdir(parents=True, exist_ok=True)
    scenes = [picture for _, picture in heics(corpus) if picture.size in TWELVE_MEGAPIXELS]
    made = []
    for number in range(count):
        scene, again = scenes[number % len(scenes)], number // len(scenes)
        path = out / f"IMG_{number:04d}.JPG"
        path.write_bytes(_variant(scene, again))
        made.append(path)
    return made


def _variant(scene: Image.Image, again: int) -> bytes:
    if again == 0:
        return as_camera_jpeg(scene)
    info = dict(scene.info)
    picture = ImageOps.mirror(scene) if again % 2 else scene.copy()
    picture.info = info
    shift = again // 2
    # One pixel is as good as any for distinct bytes; the qualities change the rest.
    picture.putpixel((again % picture.width, 0), (again % 256, 0, 0))
    return as_camera_jpeg(picture, QUALITIES[shift % 3 :])


def real_photographs(corpus: Path) -> Iterator[tuple[str, bytes]]:
    """Give at least twenty real photographs as JPEGs, each scene once, for measures of quality."""
    for path, picture in heics(corpus):
        yield path.name, as_camera_jpeg(picture)
    for name in REAL_JPEGS:
        yield Path(name).name, (corpus / name).read_bytes()
