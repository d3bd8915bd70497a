"""What three renditions of a film cost against opening it and decoding one frame.

    python benchmarks/renditions_video.py [--corpus DIR] [--rounds 7] [--json]

CPU is user + system of the process; the contenders take turns on each film;
ratios are medians over the rounds. "one frame" is what a poster costs at
least when written with PyAV: open, take the first frame of the first video
stream, one thread, nothing done with it. The films are those of the corpus
that have frames, and clips of 1080p and 4K cut from a 12-megapixel picture of
the corpus, panned over, as a telephone films them: H.264 and HEVC of 8 bits,
HEVC of 10 bits.
"""

import argparse
import io
import json
import os
import statistics
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import av
import numpy as np
import pillow_heif
from numpy.typing import NDArray

from measure import against, rounds_of
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.rendition import Rendered
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.still import StillRenderer
from picture_pipeline.workflows.contents import FileContent
from pictures import default_corpus

TYPES = {
    ".mov": MediaType("video/quicktime", "mov"),
    ".mp4": MediaType("video/mp4", "mp4"),
    ".3gp": MediaType("video/3gpp", "3gp"),
}
CLIPS = {
    "1080p H.264": ((1920, 1080), "libx264", "yuv420p", "26000000"),
    "1080p HEVC": ((1920, 1080), "libx265", "yuv420p", "12000000"),
    "4K H.264": ((3840, 2160), "libx264", "yuv420p", "80000000"),
    "4K HEVC": ((3840, 2160), "libx265", "yuv420p", "45000000"),
    "4K HEVC 10 bits": ((3840, 2160), "libx265", "yuv420p10le", "55000000"),
}
"""Size, encoder, pixels and bits a second, as iPhones have them at 30 frames a second."""
FRAMES = 16
LEAST_SIDE = 240


def scenery(corpus: Path) -> NDArray[np.uint8]:
    """Give the pixels of the first 12-megapixel HEIC."""
    for path in sorted(corpus.rglob("*.[hH][eE][iI][cC]")):
        picture = pillow_heif.open_heif(path.read_bytes(), convert_hdr_to_8bit=True)
        if min(picture.size) >= 3000:
            pixels = np.asarray(picture.to_pillow().convert("RGB"))
            return pixels if pixels.shape[1] > pixels.shape[0] else np.rot90(pixels).copy()
    raise FileNotFoundError(f"no HEIC of 12 megapixels in {corpus}")


def clip(name: str, pixels: NDArray[np.uint8]) -> bytes:
    """Pan over the picture, two pixels a frame."""
    (width, height), codec, planes, rate = CLIPS[name]
    target = io.BytesIO()
    quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    with av.open(target, "w", format="mov") as film:
        stream = film.add_stream(codec, rate=30, options={"preset": "veryfast", **quiet})
        stream.width, stream.height, stream.pix_fmt = width, height, planes
        stream.bit_rate = int(rate)
        for number in range(FRAMES):
            cut = pixels[2 * number : 2 * number + height, 2 * number : 2 * number + width]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(cut), "rgb24")
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return target.getvalue()


def films(corpus: Path, made: Path) -> Iterator[Path]:
    """Give the films of the corpus that have a frame, and the clips."""
    pixels = scenery(corpus)
    for name in CLIPS:
        path = made / f"{name}.mov"
        path.write_bytes(clip(name, pixels))
        yield path
    for path in sorted(corpus.rglob("*")):
        if path.suffix.lower() in TYPES and path.is_file() and _has_frames(path):
            yield path


def _has_frames(path: Path) -> bool:
    try:
        frame = one_frame(path)
    except (av.FFmpegError, StopIteration, IndexError):
        return False
    return min(frame.width, frame.height) >= LEAST_SIDE


def one_frame(path: Path) -> av.VideoFrame:
    """Open and decode one frame, on one thread."""
    with av.open(str(path)) as film:
        stream = film.streams.video[0]
        stream.codec_context.thread_count = 1
        stream.codec_context.thread_type = "NONE"
        return next(film.decode(stream))


def ours(renderer: StillRenderer, path: Path) -> Rendered:
    """Make all renditions."""
    with FileContent(path.stat().st_size, lambda: _opened(path)) as content:
        kind = TYPES[path.suffix.lower()]
        rendered = renderer.render(content, kind, None, DEFAULT_SPECS)
    if not isinstance(rendered, Rendered):
        raise TypeError(rendered)
    return rendered


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDONLY)


def measure_one(renderer: StillRenderer, path: Path, rounds: int) -> dict[str, Any]:
    contenders = {
        "one frame": lambda _: one_frame(path),
        "ours": lambda _: ours(renderer, path),
    }
    times = rounds_of(contenders, [b""], rounds)
    return {
        "cpu_ms": {name: statistics.median(values) for name, values in times.items()},
        "ours_against_one_frame": against(times, "ours", "one frame"),
    }


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    renderer = StillRenderer()
    with tempfile.TemporaryDirectory(prefix="films-") as made:
        found = {
            path.name: measure_one(renderer, path, arguments.rounds)
            for path in films(arguments.corpus, Path(made))
        }
    ratios = [each["ours_against_one_frame"] for each in found.values()]
    return {"films": found, "median_ratio": statistics.median(ratios), "worst": max(ratios)}


def table(found: Mapping[str, Any]) -> None:
    print("three renditions of a film against one frame, CPU ms")
    print(f"  {'':34s} one frame     ours    ratio (bound 1.5)")
    for name, held in found["films"].items():
        ms = held["cpu_ms"]
        ratio = held["ours_against_one_frame"]
        print(f"  {name:34s} {ms['one frame']:9.1f} {ms['ours']:8.1f} {ratio:8.2f}")
    print(f"  median {found['median_ratio']:.2f}, worst {found['worst']:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, default=default_corpus())
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure(arguments)
    print(json.dumps(found, indent=2)) if arguments.json else table(found)


if __name__ == "__main__":
    main()
