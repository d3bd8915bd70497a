"""Names that hold no pictures of a person's: other programs' own files, and litter.

Tables of patterns as in ``fnmatch``, in any case, each with what people are
told. Those of ``GENERAL`` hold in every source; a kind adds its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import lru_cache

_LITTER = "the name belongs to another program, or to litter"
_UNFINISHED = "a program that is still writing calls its file so; the whole one gets another name"
_AVCHD = "the camera's own list of its clips, no clip"

Row = tuple[bytes, str]
"""A pattern, and what it tells people."""

_FOLDERS: tuple[bytes, ...] = (
    b"@eaDir",
    b"#recycle",
    b"#snapshot",
    b"@tmp",
    b"@Recycle",
    b"@Recently-Snapshot",
    b"@__thumb",
    b".@__thumb",
    b".stfolder",
    b".stversions",
    b".Trash*",
    b".Spotlight-V100",
    b".fseventsd",
    b".TemporaryItems",
    b"__MACOSX",
    b"lost+found",
    b"System Volume Information",
    b"$RECYCLE.BIN",
    b".thumbnails",
    b"THMBNL",
    b".photoprism",
    b".photostructure",
    b"*.lrdata",
    b".git",
    b".picture-pipeline",
    b".MISC",
    b".~tmp~",
    b".rsync-partial",
)
_TOLD_FOLDERS: tuple[Row, ...] = (
    (b"Recently Deleted", "its owner deleted what lies there"),
    (b"Lightroom Catalog", "Lightroom's own books and previews"),
)

_FILES: tuple[bytes, ...] = (
    b".DS_Store",
    b"._*",
    b"Thumbs.db",
    b"ehthumbs.db",
    b"desktop.ini",
    b".mounted",
    b".localized",
    b".nomedia",
    b".picasa.ini",
    b".immich",
    b"SYNOPHOTO_THUMB_*",
    b"SYNOFILE_THUMB_*",
    b"SYNOINDEX_MEDIA_INFO",
    b"*.part",
    b"*.partial",
    b"*.tmp",
    b"*.crdownload",
    b".syncthing.*",
    b"~syncthing~*",
    b"*.digikamtempfile.*",
    b"*_exiftool_tmp",
    b".nfs*",
    b".fuse_hidden*",
    b".smb*",
)
_TOLD_FILES: tuple[Row, ...] = (
    (b".?*." + b"[A-Za-z0-9]" * 6, _UNFINISHED),  # rsync: .IMG_1.JPG.a1B2c3
    (b"*_original", "exiftool's copy of a file from before it was edited; rename it to take it in"),
    (b"*.cpi", _AVCHD),
    (b"*.mpl", _AVCHD),
    (b"*.bdm", _AVCHD),
)

_UUID = rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_PLACES: tuple[Row, ...] = (
    (
        rb"\.photoslibrary/(?!(?:originals|Masters)/)",
        "the inside of an Apple Photos library; only its originals are pictures of yours",
    ),
    (
        rb"/(?:thumbs|encoded-video|profile)/" + _UUID + rb"/",
        "made by Immich from its originals",
    ),
    (rb"/M4ROOT/SUB/", "a small proxy that the camera made of a clip"),
)
"""Regular expressions on the whole path of a folder, with a slash at its end."""

_IMMICH_MADE = rb"(?:thumbs|encoded-video|profile|backups)/"
_IMMICH_KEPT = rb"(?:library|upload)/"
_IMMICH_PLACES: tuple[Row, ...] = (
    (
        rb"\A(?:(?!%b)[^/]+/)*?%b(?!%b)" % (_IMMICH_KEPT, _IMMICH_MADE, _IMMICH_KEPT),
        "made by Immich from its originals, or its own backup",
    ),
)
"""The same from the source's own folder on: what people keep below ``library`` is theirs."""


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Rows that are tried together."""

    pattern: re.Pattern[bytes]
    told: tuple[str, ...]

    @classmethod
    def of_names(cls, rows: Sequence[Row]) -> "_Table":
        return cls.of_patterns(
            [
                (rb"\A" + translate(name.decode("ascii")).encode("ascii"), told)
                for name, told in rows
            ]
        )

    @classmethod
    def of_patterns(cls, rows: Sequence[Row]) -> "_Table":
        joined = b"|".join(b"(" + pattern + b")" for pattern, _ in rows) or rb"(?!)"
        return cls(re.compile(joined, re.IGNORECASE), tuple(told for _, told in rows))

    def find(self, name: bytes) -> str | None:
        found = self.pattern.search(name)
        return self.told[(found.lastindex or 1) - 1] if found else None


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """What is left out of a source, by names alone. Make it with ``rules``."""

    files: _Table
    folders: _Table
    places: _Table
    near: _Table

    def why_not(self, root: bytes, folder: bytes, name: bytes) -> str | None:
        """Tell why a file is left out; None when it is not.

        ``root`` is the source's path, ``folder`` relative to it. A folder that
        the person names may be called as it likes: names count below it.
        """
        return self.files.find(name) or _why_not_folder(self, root, folder)


def rules(
    files: Sequence[Row] = (),
    folders: Sequence[Row] = (),
    near: Sequence[Row] = (),
) -> Rules:
    """Make the rules of a kind: the general ones, and its own.

    ``near`` are expressions on the path from the source's own name on.
    """
    return Rules(
        _Table.of_names([*((name, _LITTER) for name in _FILES), *_TOLD_FILES, *files]),
        _Table.of_names([*((name, _LITTER) for name in _FOLDERS), *_TOLD_FOLDERS, *folders]),
        _Table.of_patterns(_PLACES),
        _Table.of_patterns(near),
    )


GENERAL = rules()
IMMICH = rules(near=_IMMICH_PLACES)
SYNOLOGY = rules(
    files=[(b"*@SynoEAStream", _LITTER), (b"*@SynoResource", _LITTER)],
    folders=[(b".SynologyWorkingDirectory", _LITTER)],
)


@lru_cache(maxsize=64)
def _why_not_folder(of: Rules, root: bytes, folder: bytes) -> str | None:
    named = next(filter(None, map(of.folders.find, folder.split(b"/"))), None)
    below = folder + b"/" if folder else b""
    own = root.rpartition(b"/")[2]
    return named or of.places.find(root + b"/" + below) or of.near.find(own + b"/" + below)


def is_ignored_file(name: bytes) -> bool:
    """Tell whether a file of this name is litter or another program's own, in any source."""
    return GENERAL.files.find(name) is not None


def lies_in_ignored_folder(folder: bytes) -> bool:
    """Tell whether any part of a relative folder path is ignored, in any source."""
    return any(GENERAL.folders.find(part) for part in folder.split(b"/"))
