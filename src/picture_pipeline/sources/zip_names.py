"""Names within zips, made harmless; and which zips are parts of one export.

The names are used for showing, matching and the catalog only: no file is
ever made by one.
"""

import re
from hashlib import sha256

_LONGEST_PART = 255
_LONGEST_PATH = 1024
"""Bytes; catalogs keep an index on it."""
_DEEPEST = 32
_TAKEOUT_PART = re.compile(rb"(takeout-\d{8}t\d{6}z)(?:-\d{1,3})?-\d{3}\Z", re.IGNORECASE)


def harmless(name: bytes) -> tuple[bytes, bytes]:
    r"""Give folder and name that a member's name comes to, whatever it tries.

    Absolute names, drive letters, ``..``, NUL, and backslashes between folders
    become ordinary relative folders; a name that nothing is left of is ``_``.

    >>> harmless(b"/etc/../C:\\x.jpg")
    (b'etc/_/C_', b'x.jpg')
    """
    if b"/" not in name or b":\\" in name:
        name = name.replace(b"\\", b"/")
    parts = [_part(part) for part in name.split(b"/") if part not in (b"", b".")]
    folder, last = parts[:-1][:_DEEPEST], parts[-1] if parts else b"_"
    path = b"/".join(folder)
    if len(path) + len(last) > _LONGEST_PATH:
        path = b"long-" + sha256(name).hexdigest()[:16].encode()
    return path, last


def _part(part: bytes) -> bytes:
    if part == b"..":
        return b"_"
    part = part.replace(b"\0", b"_")
    if len(part) == 2 and part.endswith(b":"):  # noqa: PLR2004 - a drive letter and its colon
        part = part[:1] + b"_"
    if len(part) <= _LONGEST_PART:
        return part
    mark = sha256(part).hexdigest()[:8].encode()
    return part[:200] + b"~" + mark + part[-20:]


def export_of(zip_name: bytes) -> bytes:
    """Give the virtual folder that a zip's members stand in: one for all parts of one export.

    Google numbers the parts of one export: ``takeout-20240101T000000Z-001.zip``,
    ``takeout-20240101T000000Z-1-001.zip``. Other zips stand alone: parts of an
    iCloud export repeat each other's names.
    """
    stem = zip_name[: -len(b".zip")]
    part = _TAKEOUT_PART.match(stem)
    return (part[1] if part else stem) + b".zip"
