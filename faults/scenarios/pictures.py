"""Sources to import: real camera files where a corpus is present, else pictures made here."""

import os
import random
import struct
import zlib
from pathlib import Path

from check import jpeg

NOON_2020 = 1_591_012_800
DAY = 86_400
REAL = {".jpg": (20_000, 300_000), ".heic": (100_000, 900_000)}
"""Sizes in bytes that make a run short; tiny files are often crafted for tests of parsers."""
LETTERS = "A text among pictures, to be rejected with a reason.\n"


def png(width: int, height: int, seed: int) -> bytes:
    """Make an RGB picture of coloured noise, so that no two are equal (PNG, RFC 2083)."""
    dice = random.Random(seed)  # noqa: S311 - replayable, no secret
    rows = b"".join(b"\0" + dice.randbytes(width * 3) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def corpus(root: Path) -> Path | None:
    """Find the corpus of real camera files; ``root`` is the checkout."""
    default = root.parent / "shared" / "corpus"
    folder = Path(os.environ.get("PICTURE_PIPELINE_CORPUS", default))
    return folder if (folder / "manifest.csv").is_file() else None


def real(folder: Path | None, suffix: str, count: int) -> list[bytes]:
    """Give the smallest ordinary corpus files of a kind; fewer where there are fewer."""
    if folder is None:
        return []
    least, most = REAL[suffix]
    sized = [(file.stat().st_size, file) for file in folder.rglob("*") if _is(file, suffix)]
    chosen = sorted((size, file) for size, file in sized if least <= size <= most)
    contents = dict.fromkeys(file.read_bytes() for _size, file in chosen[: 2 * count])
    return [data for data in contents if suffix != ".jpg" or _is_whole(data)][:count]


def _is_whole(data: bytes) -> bool:
    try:
        return jpeg.size_of(data).width > 0
    except jpeg.UnsoundJpeg:
        return False


def _is(file: Path, suffix: str) -> bool:
    return file.suffix.lower() == suffix and file.is_file()


def three(folder: Path, corpus_folder: Path | None) -> None:
    """Lay out three pictures: JPEG and HEIC from the corpus where present, and a PNG."""
    _put(folder, "IMG_0001.JPG", next(iter(real(corpus_folder, ".jpg", 1)), png(160, 120, 1)), 0)
    _put(folder, "IMG_0002.PNG", png(320, 200, 2), 1)
    _put(folder, "IMG_0003.HEIC", next(iter(real(corpus_folder, ".heic", 1)), png(90, 160, 3)), 2)


def many(folder: Path, corpus_folder: Path | None, count: int, later: int = 50) -> None:
    """Lay out ``count`` pictures with duplicates, strange names and what is no picture.

    Duplicates are so many days ``later``: where only the modification time
    tells the day, it matters which of them comes first.
    """
    contents = real(corpus_folder, ".jpg", count // 3) + real(corpus_folder, ".heic", 2)
    contents += [png(200 + 20 * n, 150 + 10 * n, n) for n in range(count - len(contents))]
    for number, data in enumerate(contents):
        _put(folder, f"{100 + number % 3}APPLE/IMG_{number:04}.JPG", data, _day(data))
    for number, name in enumerate((b"again \xff\xfe.jpg", b"line\nbreak.png", b"-rf.jpg")):
        _put(
            folder, os.fsdecode(b"copies/" + name), contents[number], _day(contents[number]) + later
        )
    _put(folder, "notes.txt", LETTERS.encode(), 60)
    _put(folder, "empty.jpg", b"", 61)


def _day(data: bytes) -> int:
    """Spread pictures over a few days, equal ones over one."""
    return zlib.crc32(data) % 20


def _put(folder: Path, name: str, data: bytes, day: int) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    os.utime(file, (NOON_2020 + day * DAY, NOON_2020 + day * DAY))
