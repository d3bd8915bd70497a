"""What three renditions of a RAW cost, beside its bare decode; and of large HEICs.

    python benchmarks/renditions_raw.py [--corpus DIR] [--rounds 5] [--json]

CPU is user + system of the process; the contenders take turns on each picture;
ratios are medians over the rounds. The corpus' RAWs are cut short by those who
collected them, so the set is made: DNGs with a Bayer sensor of 16 bits, of the
corpus' iPhone HEICs of 12 megapixels and of one scaled up to 24, compressed
without loss as cameras do, once with the camera's JPEG of full size in them,
once with a thumbnail only; the JPEGs have quality 96, which makes 2.3 to 5.4 MB
of 12 megapixels, as cameras' own have. "bare" is, for the first, taking the
JPEG out with LibRaw and decoding it with libjpeg-turbo; "scaled" the same at
the scale that ours asks for; for the second, LibRaw's open, unpack and
postprocess with our parameters.

The corpus' largest HEIC that iPhones' tiles are made of has 20 megapixels, so
those of 24 (5712x4284) and 48 (8064x6048) are made of one of 12: scaled up and
encoded by pillow-heif (x265) as tiles of 512 in a grid. "bare" decodes the
tiles with FFmpeg and does nothing with them.
"""

import argparse
import io
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import rawpy
import simplejpeg
from PIL import Image

from measure import Contender, against, rounds_of
from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.model.rendition import Rendered
from picture_pipeline.renditions.jpeg import scaled_size
from picture_pipeline.renditions.specs import DEFAULT_SPECS, Size, largest
from picture_pipeline.renditions.still import StillRenderer
from picture_pipeline.renditions.tiles import TilePlan, plan_tiles
from picture_pipeline.workflows.contents import FileContent
from pictures import default_corpus, heics
from renditions_heic import BareDecoder

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from raws import dng

DNG = MediaType("image/x-adobe-dng", "dng", Family.RAW)
QUALITY = 96
HEIC_QUALITY = 70
HEIC = MediaType("image/heic", "heic")
TWELVE, TWENTY_FOUR, FORTY_EIGHT, TILE = (4032, 3024), (5712, 4284), (8064, 6048), 512
SCENES = 3
OURS = {
    "half_size": True,
    "use_camera_wb": True,
    "no_auto_bright": True,
    "output_bps": 16,
    "gamma": (1, 1),
    "user_flip": 0,
}


def scenes(corpus: Path) -> list[Image.Image]:
    """Give pictures of 12 megapixels."""
    found = (picture.convert("RGB") for _, picture in heics(corpus) if picture.size == TWELVE)
    return list(islice(found, SCENES))


def jpeg(picture: Image.Image, size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    picture.resize(size).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()


def raws(pictures: Sequence[Image.Image], share: float) -> list[bytes]:
    """Make one DNG a picture, its preview of this share of the sides."""
    return [
        dng(
            np.asarray(picture),
            packed=True,
            previews=[jpeg(picture, (int(picture.width * share), int(picture.height * share)))],
        )
        for picture in pictures
    ]


def written(folder: Path, originals: Iterable[bytes]) -> list[bytes]:
    """Write them, as a worker finds them in the page cache; give the paths."""
    paths = []
    for data in originals:
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(data)
        paths.append(os.fsencode(file.name))
    return paths


def preview_of(path: bytes) -> bytes:
    with rawpy.imread(os.fsdecode(path)) as raw:
        return bytes(raw.extract_thumb().data)


def preview_bare(path: bytes) -> object:
    return simplejpeg.decode_jpeg(preview_of(path))


def preview_scaled(path: bytes) -> object:
    found = preview_of(path)
    height, width, _, _ = simplejpeg.decode_jpeg_header(found)
    full = Size(width, height)
    least = scaled_size(full, largest(full, DEFAULT_SPECS))
    return simplejpeg.decode_jpeg(found, min_width=least.width, min_height=least.height)


def developed(path: bytes) -> object:
    with rawpy.imread(os.fsdecode(path)) as raw:
        return raw.postprocess(**OURS)


def ours(renderer: StillRenderer, path: bytes, media_type: MediaType) -> Rendered:
    size = Path(os.fsdecode(path)).stat().st_size
    with FileContent(size, partial(os.open, path, os.O_RDONLY)) as content:
        rendered = renderer.render(content, media_type, None, DEFAULT_SPECS)
    if not isinstance(rendered, Rendered):
        raise TypeError(rendered)
    return rendered


def as_tiles(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    held = pillow_heif.from_pillow(picture)
    held.save(buffer, quality=HEIC_QUALITY, tile_size=TILE)
    return buffer.getvalue()


def planned(path: bytes) -> TilePlan:
    plan = plan_tiles(Path(os.fsdecode(path)).read_bytes())
    if plan is None:
        raise ValueError("not a HEIC of plain tiles")
    return plan


def compare(
    contenders: Mapping[str, Contender], pictures: Sequence[bytes], rounds: int
) -> dict[str, Any]:
    times = rounds_of(contenders, pictures, rounds)
    return {
        "cpu_ms": {name: statistics.median(values) for name, values in times.items()},
        "ours_against": {name: against(times, "ours", name) for name in times if name != "ours"},
    }


def measure(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    renderer = StillRenderer()
    pictures = scenes(arguments.corpus)
    large = [pictures[0].resize(TWENTY_FOUR)]
    dngs: Contender = partial(ours, renderer, media_type=DNG)
    with_preview = {"bare": preview_bare, "scaled": preview_scaled, "ours": dngs}
    without = {"bare": developed, "ours": dngs}
    decoder = BareDecoder()
    tiles: dict[str, Contender] = {
        "bare": lambda path: decoder.run(planned(path)),
        "ours": partial(ours, renderer, media_type=HEIC),
    }
    kinds: list[tuple[str, dict[str, Contender], Iterable[bytes]]] = [
        ("RAW of 12 megapixels with its preview", with_preview, raws(pictures, 1.0)),
        ("RAW of 24 megapixels with its preview", with_preview, raws(large, 1.0)),
        ("RAW of 12 megapixels, developed", without, raws(pictures, 0.04)),
        ("RAW of 24 megapixels, developed", without, raws(large, 0.04)),
        ("HEIC of 24 megapixels", tiles, [as_tiles(large[0])]),
        ("HEIC of 48 megapixels", tiles, [as_tiles(pictures[0].resize(FORTY_EIGHT))]),
    ]
    return {
        name: compare(contenders, written(folder, originals), arguments.rounds)
        for name, contenders, originals in kinds
    }


def table(found: Mapping[str, Any]) -> None:
    for kind, figures in found.items():
        print(f"{kind}, three sizes, CPU ms a picture")
        for name, value in figures["cpu_ms"].items():
            print(f"  {name:12s} {value:7.1f}")
        for name, value in figures["ours_against"].items():
            bound = "   (bound 1.25)" if name == "bare" else ""
            print(f"  ours / {name:6s} {value:.2f}{bound}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=default_corpus())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(arguments, Path(folder))
    print(json.dumps(found, indent=2)) if arguments.json else table(found)


if __name__ == "__main__":
    main()
