"""What three renditions of an iPhone HEIC cost, and how true their colours are.

    python benchmarks/renditions_heic.py [--corpus DIR] [--rounds 5] [--json]

CPU is user + system of the process; the contenders take turns on each picture;
ratios are medians over the rounds. "bare" decodes the tiles with FFmpeg and
does nothing with them; "pillow-heif" decodes with one thread, converts the
colours at medium size and scales by area. Colours: mean CIEDE2000 of medium
before encoding, against pillow-heif, lcms at full size and Lanczos.
"""

import argparse
import io
import json
import statistics
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pillow_heif
import simplejpeg
from PIL import ImageCms
from skimage.color import deltaE_ciede2000, rgb2lab

from measure import against, rounds_of
from naive import SRGB, resized
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.rendition import Rendered
from picture_pipeline.renditions.canvas import Demand
from picture_pipeline.renditions.colour import converter
from picture_pipeline.renditions.heic import NotPlain, decode_tiles, scale_for
from picture_pipeline.renditions.specs import DEFAULT_SPECS, Size, fit_inside
from picture_pipeline.renditions.still import StillRenderer, paint
from picture_pipeline.renditions.tiles import TilePlan, plan_tiles
from picture_pipeline.workflows.contents import in_memory
from pictures import default_corpus

HEIC = MediaType("image/heic", "heic")
MEDIUM = DEFAULT_SPECS[-1]
TWELVE_MEGAPIXELS = 12_000_000
DEMAND = Demand(1, DEFAULT_SPECS, 400_000_000)


def plain_heics(corpus: Path) -> Iterator[tuple[str, bytes, TilePlan]]:
    """Give the HEICs of the corpus that the fast path takes and pillow-heif can decode, too."""
    for path in sorted(corpus.rglob("*")):
        if path.suffix.lower() not in (".heic", ".heif"):
            continue
        data = path.read_bytes()
        plan = plan_tiles(data)
        if plan is None:
            continue
        try:
            decode_tiles(plan, 2)
            pillow_heif.open_heif(data).to_pillow()
        except (NotPlain, av.FFmpegError, ValueError):
            continue
        yield path.name, data, plan


class BareDecoder:
    """One decoder for all pictures of the same parameters, flushed in between."""

    def __init__(self) -> None:
        self._decoders: dict[bytes, av.CodecContext] = {}

    def _decoder(self, record: bytes) -> av.CodecContext:
        if record not in self._decoders:
            decoder = av.CodecContext.create("hevc", "r")
            decoder.extradata = record
            decoder.thread_count = 1
            decoder.thread_type = "NONE"
            self._decoders[record] = decoder
        return self._decoders[record]

    def run(self, plan: TilePlan) -> int:
        """Decode all tiles; give how many frames came."""
        decoder = self._decoder(plan.decoder)
        frames = sum(len(decoder.decode(av.Packet(tile))) for tile in plan.tiles)
        frames += len(decoder.decode(None))
        decoder.flush_buffers()
        return frames


def ours(renderer: StillRenderer, data: bytes) -> Rendered:
    rendered = renderer.render(in_memory(data), HEIC, None, DEFAULT_SPECS)
    if not isinstance(rendered, Rendered):
        raise TypeError(rendered)
    return rendered


def by_area(data: bytes) -> list[bytes]:
    """Render with pillow-heif: each size by area from the one before, colours at medium."""
    held = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
    pixels = np.asarray(held.to_pillow().convert("RGB"))
    full = Size(pixels.shape[1], pixels.shape[0])
    convert = converter(3, held.info.get("icc_profile"))
    jpegs = []
    for spec in reversed(DEFAULT_SPECS):
        size = fit_inside(full, spec)
        scaled = cv2.resize(pixels, (size.width, size.height), interpolation=cv2.INTER_AREA)
        pixels = convert(scaled) if spec is MEDIUM else scaled
        jpegs.append(simplejpeg.encode_jpeg(pixels, quality=85, colorsubsampling="420"))
    return jpegs


def colour_difference(data: bytes, plan: TilePlan) -> float:
    """Give the mean CIEDE2000 of medium before encoding."""
    _, mine = next(iter(paint(decode_tiles(plan, scale_for(plan, DEMAND)), [MEDIUM])))
    picture = pillow_heif.open_heif(data).to_pillow().convert("RGB")
    profile = picture.info.get("icc_profile")
    if profile:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        ImageCms.profileToProfile(picture, source, SRGB, inPlace=True)
    reference = np.asarray(resized(picture, MEDIUM))
    return float(deltaE_ciede2000(rgb2lab(reference), rgb2lab(mine)).mean())


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    renderer, bare = StillRenderer(), BareDecoder()
    pillow_heif.options.DECODE_THREADS = 1
    held = list(plain_heics(arguments.corpus))
    plans = {data: plan for _, data, plan in held}
    large = [data for _, data, plan in held if plan.size.pixels >= TWELVE_MEGAPIXELS]
    contenders = {
        "bare": lambda data: bare.run(plans[data]),
        "ours": lambda data: ours(renderer, data),
        "pillow-heif": by_area,
    }
    times = rounds_of(contenders, large, arguments.rounds)
    return {
        "pictures": len(large),
        "cpu_ms": {name: statistics.median(values) for name, values in times.items()},
        "ours_against_bare": against(times, "ours", "bare"),
        "pillow_heif_against_ours": against(times, "pillow-heif", "ours"),
        "ciede2000": {name: colour_difference(data, plan) for name, data, plan in held},
    }


def table(found: Mapping[str, Any]) -> None:
    print(f"{found['pictures']} HEICs of 12 megapixels and more, three sizes, CPU ms a picture")
    for name, value in found["cpu_ms"].items():
        print(f"  {name:12s} {value:7.1f}")
    print(f"  ours / bare tile decode {found['ours_against_bare']:.2f}   (bound 1.25)")
    print(f"  pillow-heif / ours      {found['pillow_heif_against_ours']:.2f}   (bound 1.5)")
    print("mean CIEDE2000 of medium before encoding (bound 1)")
    for name, value in found["ciede2000"].items():
        print(f"  {name:32s} {value:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=default_corpus())
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure(arguments)
    print(json.dumps(found, indent=2)) if arguments.json else table(found)


if __name__ == "__main__":
    main()
