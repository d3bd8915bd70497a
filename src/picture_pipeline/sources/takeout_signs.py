"""What a glimpse says of exports: Google Takeout's and iCloud's, as folders or zips; pure but one.

``look_into_zips`` adds to a glimpse what some of its zips hold, by their directories alone.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from picture_pipeline.sources.glimpse import Glimpse
from picture_pipeline.sources.recognising import Guess
from picture_pipeline.sources.zip_directory import read_directory
from picture_pipeline.sources.zip_faults import ZipFault
from picture_pipeline.sources.zip_names import harmless

_ZIP = b".zip"
_ZIPS_LOOKED_INTO = 4
_MEMBERS = 400
_Signs = Sequence[tuple[float, str, re.Pattern[bytes]]]

_TAKEOUT: _Signs = (
    (
        0.95,
        "Google's folder Takeout",
        re.compile(rb"(?:.*/)?Takeout/(?:Google |[^/]*Google)[^/]*(?:/.*)?\Z", re.DOTALL),
    ),
    (
        0.95,
        "a part of a Google Takeout",
        re.compile(rb"(?:.*/)?takeout-\d{8}T\d{6}Z[^/]*\.(?:zip|tgz)\Z", re.IGNORECASE),
    ),
    (
        0.9,
        "Google's JSON beside pictures",
        re.compile(rb"(?:.*/)?[^/]+\.supplemental-metadata(?:\(\d+\))?\.json\Z", re.DOTALL),
    ),
    (
        0.75,
        "JSON beside pictures, as Google writes it",
        re.compile(
            rb"(?:.*/)?[^/]+\.(?:jpg|jpeg|heic|png|mp4|mov|gif)(?:\(\d+\))?\.json\Z",
            re.IGNORECASE | re.DOTALL,
        ),
    ),
)
_JSONS = tuple(pattern for _, _, pattern in _TAKEOUT[2:])
_JSON_SHARE = 0.2
"""Google puts one beside each picture; a few among many came with something else."""
_ICLOUD: _Signs = (
    (0.95, "Apple's Photo Details.csv", re.compile(rb"(?:.*/)?Photo Details(?:-\d+)?\.csv\Z")),
    (
        0.9,
        "a part of an iCloud export",
        re.compile(rb"(?:.*/)?iCloud Photos(?: Part \d+ of \d+(?:\.zip)?|\.zip)\Z"),
    ),
)


def recognise_takeout(glimpse: Glimpse) -> Guess | None:
    """Tell by Google's own names, in folders and in zips."""
    return _surest(_TAKEOUT, glimpse)


def recognise_icloud_takeout(glimpse: Glimpse) -> Guess | None:
    """Tell by Apple's own names, in folders and in zips."""
    return _surest(_ICLOUD, glimpse)


def _surest(signs: _Signs, glimpse: Glimpse) -> Guess | None:
    for weight, reason, pattern in signs:
        names = (glimpse.name, *glimpse.folders, *glimpse.files)
        found = sum(pattern.match(name) is not None for name in names)
        least = _JSON_SHARE * len(glimpse.files) if pattern in _JSONS else 0
        if found > least:
            return Guess(weight, reason)
    return None


def look_into_zips(glimpse: Glimpse, path: bytes) -> Glimpse:
    """Add names of members: of the first zips directly in a folder, or of the zip at ``path``.

    Opens nothing but zips, and reads only their directories; those that
    cannot be read add nothing.
    """
    zips = [name for name in sorted(glimpse.top_files) if is_zip(name)][:_ZIPS_LOOKED_INTO]
    paths = [(name + b"/", path + b"/" + name) for name in zips]
    if is_zip(path) and os.path.isfile(path):  # noqa: PTH113 - paths are bytes
        paths = [(b"", path)]
    members = (prefix + name for prefix, zip_path in paths for name in _members(zip_path))
    return replace(glimpse, files=(*glimpse.files, *members))


def is_zip(name: bytes) -> bool:
    """Tell whether a file is called as zips are."""
    return name.lower().endswith(_ZIP)


def _members(path: bytes) -> Iterator[bytes]:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
        try:
            members = read_directory(fd)
        finally:
            os.close(fd)
    except (OSError, ZipFault):
        return
    for member in islice(members, _MEMBERS):
        yield b"/".join(filter(None, harmless(member.name)))
