"""What three renditions of a 12-megapixel JPEG cost and how good they are.

    python benchmarks/renditions_jpeg.py [--corpus DIR] [--count 11] [--rounds 5]
                                         [--sharp NODE_MODULES/sharp] [--json]

CPU is user + system of the process; the contenders take turns on each picture;
ratios are medians over the rounds. The floor is a half-scale libjpeg-turbo
decode, SHA-256 and the three encodes of the final sizes. SSIM is the mean over
real photographs, of luma and of RGB, against what the naive loop has before it
encodes.
"""

import argparse
import hashlib
import io
import json
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image
from skimage.metrics import structural_similarity

from measure import Contender, against, rounds_of
from naive import encoded, naive, pixels_of, resized, upright_srgb
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.rendition import Rendered
from picture_pipeline.renditions.canvas import stand_upright
from picture_pipeline.renditions.colour import converter
from picture_pipeline.renditions.jpeg_header import JpegHeader, read_header
from picture_pipeline.renditions.resize import by_lanczos, resize
from picture_pipeline.renditions.specs import DEFAULT_SPECS, Size, fit_inside
from picture_pipeline.renditions.still import StillRenderer
from picture_pipeline.workflows.contents import in_memory
from pictures import default_corpus, make_twelve_megapixel_set, real_photographs

Pixels = NDArray[np.uint8]
Scale = Callable[[Pixels, Size], Pixels]
JPEG = MediaType("image/jpeg", "jpg")
MEDIUM = DEFAULT_SPECS[-1]
SHARP = Path(__file__).with_name("sharp_thumbnails.mjs")
BOUNDS = {"medium": 0.006, "small": 0.010}


def orientation_of(data: bytes) -> int:
    return Image.open(io.BytesIO(data)).getexif().get(0x0112, 1)


def ours(renderer: StillRenderer, orientation: int, data: bytes) -> dict[str, bytes]:
    hashlib.sha256(data).digest()
    rendered = renderer.render(in_memory(data), JPEG, orientation, DEFAULT_SPECS)
    if not isinstance(rendered, Rendered):
        raise TypeError(rendered)
    return {picture.name: picture.jpeg for picture in rendered.pictures}


def header_of(data: bytes) -> JpegHeader:
    header = read_header(data)
    if header is None:
        raise ValueError("no JPEG")
    return header


def decoded_at(data: bytes, eighths: int) -> Pixels:
    size = header_of(data).size
    width, height = (-(-side * eighths // 8) for side in (size.width, size.height))
    return simplejpeg.decode_jpeg(data, "RGB", min_width=width, min_height=height, strict=False)


def floor(finished: Sequence[Pixels], data: bytes) -> None:
    decoded_at(data, 4)
    hashlib.sha256(data).digest()
    for pixels in finished:
        simplejpeg.encode_jpeg(pixels, quality=85, colorsubsampling="420")


def by_opencv(way: int, pixels: Pixels, size: Size) -> Pixels:
    return cv2.resize(pixels, (size.width, size.height), interpolation=way)


# Ways to the medium: eighths of the decode, and how the rest is scaled.
WAYS: dict[str, tuple[int, Scale]] = {
    "3/8, OpenCV cubic": (3, partial(by_opencv, cv2.INTER_CUBIC)),
    "3/8, libvips Lanczos-3": (3, by_lanczos),
    "4/8, OpenCV area": (4, partial(by_opencv, cv2.INTER_AREA)),
    "4/8, OpenCV cubic": (4, partial(by_opencv, cv2.INTER_CUBIC)),
    "4/8, five taps + linear": (4, resize),
    "4/8, libvips Lanczos-3": (4, by_lanczos),
    "8/8, libvips Lanczos-3": (8, by_lanczos),
}


def medium_by(eighths: int, scale: Scale, data: bytes) -> Pixels:
    """Make the medium in stored axes, before colours and encoding."""
    turned = orientation_of(data)
    size = fit_inside(header_of(data).size.turned(turned), MEDIUM).turned(turned)
    pixels = decoded_at(data, eighths)
    if pixels.shape[1] < size.width:
        pixels = decoded_at(data, 8)
    return np.ascontiguousarray(scale(pixels, size))


def finished_medium(eighths: int, scale: Scale, data: bytes) -> bytes:
    pixels = converter(3, header_of(data).profile)(medium_by(eighths, scale, data))
    upright = np.ascontiguousarray(stand_upright(pixels, orientation_of(data)))
    return simplejpeg.encode_jpeg(upright, quality=85, colorsubsampling="420")


def ssim(one: Pixels, other: Pixels) -> tuple[float, float]:
    luma = [cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) for pixels in (one, other)]
    return (
        float(structural_similarity(*luma)),
        float(structural_similarity(one, other, channel_axis=2)),
    )


def costs(pictures: Sequence[bytes], rounds: int) -> dict[str, list[float]]:
    renderer = StillRenderer()
    turned = {data: orientation_of(data) for data in pictures}
    ready = {data: [pixels_of(jpeg) for jpeg in naive(data).values()] for data in pictures}
    contenders: dict[str, Contender] = {
        "floor": lambda data: floor(ready[data], data),
        "ours": lambda data: ours(renderer, turned[data], data),
        "naive": naive,
    }
    return rounds_of(contenders, pictures, rounds)


def costs_of_ways(pictures: Sequence[bytes], rounds: int) -> dict[str, list[float]]:
    ways = {name: partial(medium_by, *way) for name, way in WAYS.items()}
    return rounds_of(ways, pictures, rounds)


def sharp_ms(module: Path, paths: Sequence[Path], rounds: int) -> float:
    command = ["node", str(SHARP), str(module.resolve()), *map(str, paths)]
    times = [float(subprocess.check_output(command)) for _ in range(rounds)]
    return statistics.median(times)


def quality(corpus: Path) -> dict[str, dict[str, tuple[float, float]]]:
    """Give mean SSIM (luma, RGB) by contender and rendition."""
    renderer = StillRenderer()
    found: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for _, data in real_photographs(corpus):
        full = upright_srgb(data)
        mine = ours(renderer, orientation_of(data), data)
        for spec in DEFAULT_SPECS[1:]:
            picture = resized(full, spec)
            reference = np.asarray(picture)
            jpegs = {"reference": encoded(picture), "ours": mine[spec.name]}
            if spec is MEDIUM:
                jpegs |= {name: finished_medium(*way, data) for name, way in WAYS.items()}
            for name, jpeg in jpegs.items():
                rows = found.setdefault(name, {}).setdefault(spec.name, [])
                rows.append(ssim(reference, pixels_of(jpeg)))
    return {
        name: {size: means(rows) for size, rows in by_size.items()}
        for name, by_size in found.items()
    }


def means(rows: Sequence[tuple[float, float]]) -> tuple[float, float]:
    luma, rgb = zip(*rows, strict=True)
    return statistics.mean(luma), statistics.mean(rgb)


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        paths = make_twelve_megapixel_set(arguments.corpus, Path(folder), arguments.count)
        pictures = [path.read_bytes() for path in paths]
        times = costs(pictures, arguments.rounds)
        ways = costs_of_ways(pictures, arguments.rounds)
        sharp = sharp_ms(arguments.sharp, paths, arguments.rounds) if arguments.sharp else None
    return {
        "pictures": len(pictures),
        "cpu_ms": {name: statistics.median(values) for name, values in times.items()},
        "sharp_cpu_ms": sharp,
        "ours_against_floor": against(times, "ours", "floor"),
        "naive_against_ours": against(times, "naive", "ours"),
        "ways_cpu_ms": {name: statistics.median(values) for name, values in ways.items()},
        "ssim": quality(arguments.corpus),
    }


def table(found: Mapping[str, Any]) -> None:
    cpu, ways, likeness = found["cpu_ms"], found["ways_cpu_ms"], found["ssim"]
    print(f"{found['pictures']} JPEGs of 12 megapixels, three sizes, CPU ms a picture (median)")
    for name, value in {**cpu, "sharp": found["sharp_cpu_ms"]}.items():
        if value is not None:
            print(f"  {name:8s} {value:7.1f}   {value / cpu['floor']:5.2f} x floor")
    print(f"  ours / floor {found['ours_against_floor']:.2f}")
    print(f"  naive / ours {found['naive_against_ours']:.2f}")
    print("SSIM, luma and RGB                medium            small")
    for name, sizes in likeness.items():
        figures = "   ".join(f"{luma:.4f} {rgb:.4f}" for luma, rgb in reversed(sizes.values()))
        extra = f"   {ways[name]:6.1f} ms decode + scale" if name in ways else ""
        print(f"  {name:30s} {figures}{extra}")
    for size, bound in BOUNDS.items():
        pairs = zip(likeness["reference"][size], likeness["ours"][size], strict=True)
        loss = max(reference - mine for reference, mine in pairs)
        print(f"  {size}: {loss:.4f} below the reference's own JPEG; bound {bound}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=default_corpus())
    parser.add_argument("--count", type=int, default=11)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sharp", type=Path, help="folder of the npm package sharp")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure(arguments)
    print(json.dumps(found, indent=2)) if arguments.json else table(found)


if __name__ == "__main__":
    main()
