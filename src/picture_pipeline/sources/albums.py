"""Albums that a source tells by its folders; pure."""

import re

from picture_pipeline.sources.recognising import CAMERA_ROLLS, is_phone

_NO_ALBUM = re.compile(r"[\d._ -]*")
"""Nothing, or a date: that is how people sort pictures by hand."""


def no_albums(_root: bytes, _folder: bytes) -> tuple[str, ...]:
    """Tell nothing: folders are no albums."""
    return ()


def photosync_albums(root: bytes, folder: bytes) -> tuple[str, ...]:
    """Name the album of ``Device/Album``, which PhotoSync fills with a copy for each album.

    ``root`` may be the folder above the devices, or a device's. What phones
    call the whole camera roll is no album.
    """
    parts = folder.split(b"/") if folder else []
    own = root.rstrip(b"/").rpartition(b"/")[2]
    if parts and (is_phone(parts[0]) or (len(parts) > 1 and not is_phone(own))):
        parts = parts[1:]
    album = parts[0].decode("utf-8", "replace") if parts else ""
    return () if album.casefold() in CAMERA_ROLLS or _NO_ALBUM.fullmatch(album) else (album,)
