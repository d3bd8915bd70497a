"""Make small whole files of the formats that the corpus lacks: ``make_seeds.py FOLDER``.

Run by the interpreter beside the command under test, whose environment has
Pillow and PyAV; what one of them cannot write is left out.
"""

import sys
from contextlib import suppress
from pathlib import Path

SIDE = 96
PICTURES = {
    "png": {},
    "jpg": {"quality": 80, "progressive": True},
    "tif": {"compression": "tiff_lzw"},
    "webp": {},
    "gif": {},
    "bmp": {},
    "avif": {},
    "jp2": {},
    "jxl": {},
    "heic": {},
}
FILMS = {
    "mp4": ("mp4", "libx264"),
    "mov": ("mov", "libx265"),
    "m4v": ("mp4", "mpeg4"),
    "3gp": ("3gp", "h263"),
    "avi": ("avi", "mpeg4"),
    "mts": ("mpegts", "libx264"),
    "mpg": ("mpeg", "mpeg2video"),
    "mkv": ("matroska", "libvpx-vp9"),
    "webm": ("webm", "libvpx"),
    "wmv": ("asf", "wmv2"),
}
SIZES = {"3gp": (176, 144)}


def main(folder: Path) -> None:
    """Write what can be written."""
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, options in PICTURES.items():
        with suppress(Exception):
            picture(folder / f"made.{suffix}", options)
    for suffix, (container, codec) in FILMS.items():
        with suppress(Exception):
            film(folder / f"made.{suffix}", container, codec, SIZES.get(suffix, (SIDE, SIDE)))


def picture(path: Path, options: dict[str, object]) -> None:
    """Write a gradient with noise, of several modes by turns."""
    from PIL import Image  # noqa: PLC0415 - only where it is installed

    for plugin in ("pillow_heif", "pillow_jxl"):
        with suppress(ImportError):
            loaded = __import__(plugin)
            getattr(loaded, "register_heif_opener", lambda: None)()
    image = Image.merge(
        "RGB", [Image.linear_gradient("L").resize((SIDE, SIDE)).rotate(90 * n) for n in range(3)]
    )
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "Seed", "2020:02:02 02:02:02"
    with suppress(OSError, ValueError):
        image.save(path, exif=exif, **options)
        return
    image.save(path, **options)


def film(path: Path, container: str, codec: str, size: tuple[int, int]) -> None:
    """Write five frames."""
    import av  # noqa: PLC0415 - only where it is installed
    from PIL import Image  # noqa: PLC0415 - only where it is installed

    exact = {"fflags": "+bitexact"}  # no random ids: equal seeds on every day
    with av.open(str(path), "w", format=container, options=exact) as written:
        stream = written.add_stream(codec, rate=25)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for number in range(5):
            image = Image.linear_gradient("L").rotate(30 * number).resize(size).convert("RGB")
            written.mux(stream.encode(av.VideoFrame.from_image(image)))
        written.mux(stream.encode(None))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
