"""The optional deep reader: one long-lived exiftool in each worker process.

It fills in what our own readers leave open, for the types in ``DEEP_TYPES``.
exiftool takes its arguments one a line from a pipe, so a newline in a name
would be an argument of its own: it is given ``/proc/<pid>/fd/<n>`` and never a
name of a source. ``-config ''`` keeps it from running a configuration file,
which is Perl. An answer ends with a random number that no content can know.

Measured with exiftool 12.57: the end of its input does not end it (it polls for
more for ever), so the kernel is asked to.
"""

import json
import os
import secrets
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from picture_pipeline.metadata.parsing.values import MAX_ITEMS, MAX_TEXT, Evidence, Values
from picture_pipeline.model.media import MediaType
from picture_pipeline.ports import Content
from picture_pipeline.workers.attached import end_attached, start_attached

DEEP_TYPES: frozenset[str] = frozenset(
    {
        "image/x-kodak-dcr",
        "image/x-kodak-k25",
        "image/x-kodak-kdc",
        "image/x-leaf-mos",
        "image/x-mamiya-mef",
        "image/x-phaseone-iiq",
        "image/x-sigma-x3f",
        "video/mp2t",
        "video/mpeg",
        "video/x-matroska",
        "video/x-ms-wmv",
        "video/x-msvideo",
    }
)
"""Types of whose makers' notes and user data our own readers know but a part."""

TAGS: Mapping[str, str] = {
    "IFD0:Make": "Exif.Image.Make",
    "IFD0:Model": "Exif.Image.Model",
    "IFD0:Software": "Exif.Image.Software",
    "IFD0:Orientation#": "Exif.Image.Orientation",
    "IFD0:ImageDescription": "Exif.Image.ImageDescription",
    "ExifIFD:DateTimeOriginal": "Exif.Photo.DateTimeOriginal",
    "ExifIFD:SubSecTimeOriginal": "Exif.Photo.SubSecTimeOriginal",
    "ExifIFD:OffsetTimeOriginal": "Exif.Photo.OffsetTimeOriginal",
    "ExifIFD:CreateDate": "Exif.Photo.DateTimeDigitized",
    "ExifIFD:SubSecTimeDigitized": "Exif.Photo.SubSecTimeDigitized",
    "ExifIFD:OffsetTimeDigitized": "Exif.Photo.OffsetTimeDigitized",
    "ExifIFD:LensModel": "Exif.Photo.LensModel",
    "ExifIFD:ExposureTime#": "Exif.Photo.ExposureTime",
    "ExifIFD:FNumber#": "Exif.Photo.FNumber",
    "ExifIFD:ISO#": "Exif.Photo.ISOSpeedRatings",
    "ExifIFD:FocalLength#": "Exif.Photo.FocalLength",
    "ExifIFD:FocalLengthIn35mmFormat#": "Exif.Photo.FocalLengthIn35mmFilm",
    "GPS:GPSLatitude#": "Exif.GPSInfo.GPSLatitude",
    "GPS:GPSLatitudeRef#": "Exif.GPSInfo.GPSLatitudeRef",
    "GPS:GPSLongitude#": "Exif.GPSInfo.GPSLongitude",
    "GPS:GPSLongitudeRef#": "Exif.GPSInfo.GPSLongitudeRef",
    "GPS:GPSAltitude#": "Exif.GPSInfo.GPSAltitude",
    "GPS:GPSAltitudeRef#": "Exif.GPSInfo.GPSAltitudeRef",
    "GPS:GPSDateStamp": "Exif.GPSInfo.GPSDateStamp",
    "GPS:GPSTimeStamp": "Exif.GPSInfo.GPSTimeStamp",
    "PhaseOne:Software": "Exif.Image.Software",
    "PhaseOne:LensModel": "Exif.Photo.LensModel",
    "SigmaRaw:Make": "X3F.CAMMANUF",
    "SigmaRaw:Model": "X3F.CAMMODEL",
    "H264:Make": "H264.Make",
    "H264:Model": "Exif.Image.Model",
    "H264:DateTimeOriginal": "H264.DateTimeOriginal",
    "RIFF:DateTimeOriginal": "RIFF.IDIT",
    "RIFF:Software": "RIFF.ISFT",
    "XMP-xmp:Rating#": "Xmp.xmp.Rating",
    "XMP-dc:Title": "Xmp.dc.title",
    "XMP-dc:Description": "Xmp.dc.description",
    "XMP-dc:Subject": "Xmp.dc.subject",
}
"""exiftool's group and tag -> our key; of two with the same key the first that says anything.

``#`` asks for the stored number and not for its meaning in words. Where our own
reader knows the place, the key is its own: so what it read itself goes before.
"""

Program = Callable[[], str | None]
"""Finds exiftool; None where it is not installed."""

_OPTIONS = ("-config", "", "-stay_open", "True", "-@", "-")
"""``-config`` must be the very first."""
_ASKED = ("-j", "-G1", "-m", "-q", "-q", *(f"-{tag}" for tag in TAGS))
_MEMORY = 1 << 30
_MOST = 4 * 1024 * 1024
"""Bytes of one answer."""
_CHUNK = 65_536
_UNKNOWN = "Unknown ("
"""How exiftool names a number that it has no word for."""
_SECONDS = 10.0
_MOST_FAILURES = 3
"""After so many in a row it is not started again: then it is broken, not the files."""


def find_exiftool() -> str | None:
    """Find exiftool on the path."""
    return shutil.which("exiftool")


@dataclass(slots=True)
class DeepReader:
    """Asks exiftool. Not for use by several threads at once."""

    program: Program = find_exiftool
    seconds: float = _SECONDS
    """Most time for one file; then exiftool is ended, and started anew for the next."""
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _failures: int = field(default=0, init=False)

    def __call__(self, content: Content, media_type: MediaType) -> Evidence:
        """Read one file; the same as ``read``."""
        return self.read(content, media_type)

    def read(self, content: Content, media_type: MediaType) -> Evidence:
        """Give exiftool's evidence under the keys of the field table.

        Nothing for other types than ``DEEP_TYPES``, without exiftool, and for
        whatever goes wrong: it is optional. Raises OSError only when the
        content itself is gone.
        """
        if media_type.name not in DEEP_TYPES or self._failures >= _MOST_FAILURES:
            return {}
        path = content.path
        program = self.program() if self._process is None else None
        if "\n" in path or (self._process is None and program is None):
            return {}
        try:
            answer = self._ask(self._process or self._start(program), path)
        except (OSError, _NoAnswerError):
            self._failures += 1
            self.close()
            return {}
        self._failures = 0
        return evidence_of(answer)

    def close(self) -> None:
        """End exiftool, if it runs; twice does no harm."""
        process, self._process = self._process, None
        if process is not None:
            end_attached(process)

    def _start(self, program: str | None) -> "subprocess.Popen[bytes]":
        if program is None:
            raise _NoAnswerError
        path = f"{Path(program).parent}:{os.defpath}"
        command = (program, *_OPTIONS)
        self._process = start_attached(command, _MEMORY, {"PATH": path, "LC_ALL": "C.UTF-8"})
        return self._process

    def _ask(self, process: "subprocess.Popen[bytes]", path: str) -> bytes:
        """Send one file's path, receive the JSON. Raises OSError, _NoAnswerError."""
        number = secrets.randbelow(10**18)
        lines = (*_ASKED, path, f"-execute{number}")
        if process.stdin is None:
            raise _NoAnswerError
        process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        return self._answer(process, b"{ready%d}\n" % number)

    def _answer(self, process: "subprocess.Popen[bytes]", end: bytes) -> bytes:
        """Read until the ready number, the limit of bytes or of time."""
        if process.stdout is None:
            raise _NoAnswerError
        answer, deadline = bytearray(), time.monotonic() + self.seconds
        answered = select.poll()  # select() knows no descriptor beyond 1023
        answered.register(process.stdout, select.POLLIN)
        while not answer.endswith(end):
            left = deadline - time.monotonic()
            if left <= 0 or not answered.poll(left * 1000):
                raise _NoAnswerError
            part = os.read(process.stdout.fileno(), _CHUNK)
            answer += part
            if not part or len(answer) > _MOST:
                raise _NoAnswerError
        return bytes(answer[: -len(end)])


class _NoAnswerError(Exception):
    """exiftool ended, or took too long, or talked too much."""


def evidence_of(answer: bytes) -> Evidence:
    """Turn exiftool's JSON into evidence; what is no such JSON gives nothing."""
    try:
        parsed = json.loads(answer, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return {}
    found = parsed[0] if isinstance(parsed, list) and parsed else None
    if not isinstance(found, dict):
        return {}
    evidence: dict[str, Values] = {}
    for tag, key in TAGS.items():
        values = _values(found.get(tag.removesuffix("#")))
        if values:
            evidence.setdefault(key, values)
    return evidence


def _values(value: object) -> Values:
    values = value if isinstance(value, list) else [value]
    texts = (each[:MAX_TEXT] for each in values[:MAX_ITEMS] if isinstance(each, str))
    return tuple(text for text in texts if text.strip() and not text.startswith(_UNKNOWN))
