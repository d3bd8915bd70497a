"""Small pictures made on the spot, each with bytes of its own."""

import io
import os
from pathlib import Path

from PIL import Image, TiffImagePlugin

_SIDE = 32
_RDF = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:digiKam="http://www.digikam.org/ns/1.0/">%s</rdf:Description></rdf:RDF></x:xmpmeta>"""


def jpeg(number: int, side: int = _SIDE) -> bytes:
    """Make a JPEG whose bytes depend on its number, without any metadata."""
    return _saved(number, "JPEG", side)


def picture(number: int, kind: str, side: int = _SIDE) -> bytes:
    """Make a picture in one of Pillow's formats."""
    return _saved(number, kind, side)


def fill(folder: Path, count: int, side: int = _SIDE) -> None:
    """Fill a folder with JPEGs that differ in what follows their end, which decoders ignore."""
    data = jpeg(1, side)
    for number in range(count):
        write(folder / f"{number:05}.jpg", data + b"%d" % number)


def photo(
    number: int, *, taken: str, make: str = "", model: str = "", gps: bool = False, xmp: str = ""
) -> bytes:
    """Make a JPEG with EXIF; ``taken`` like ``2024:03:15 10:11:12``, ``xmp`` goes into RDF."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = taken
    exif[0x010F], exif[0x0110] = make, model
    if gps:
        position = exif.get_ifd(0x8825)
        position[1], position[2] = "N", _degrees(47)
        position[3], position[4] = "E", _degrees(11)
    return _saved(number, "JPEG", _SIDE, exif=exif.tobytes(), xmp=_RDF % xmp.encode())


def write(path: Path | bytes, data: bytes) -> None:
    """Write a file under a name that need not be text, with its folders."""
    name = os.fsencode(path)
    os.makedirs(os.path.dirname(name), exist_ok=True)  # noqa: PTH103, PTH120 - names are bytes
    with open(name, "wb") as file:
        file.write(data)


def _degrees(whole: int) -> tuple[TiffImagePlugin.IFDRational, ...]:
    return tuple(TiffImagePlugin.IFDRational(number, 1) for number in (whole, 0, 0))


def _saved(number: int, kind: str, side: int, **options: object) -> bytes:
    colour = (number * 37 % 256, number * 91 % 256, number % 256)
    image = Image.new("RGB", (side, side), colour)
    image.putpixel((number % side, number // side % side), (255, 255, 255))
    out = io.BytesIO()
    image.save(out, kind, comment=b"%d" % number if kind == "JPEG" else None, **options)
    return out.getvalue()
