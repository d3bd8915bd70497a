"""Names that no source's pictures have: other programs' own files, and litter."""

import re
from fnmatch import translate

_FOLDERS = (
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
)

_FILES = (
    b".DS_Store",
    b"._*",
    b"Thumbs.db",
    b"ehthumbs.db",
    b"desktop.ini",
    b".mounted",
    b".localized",
    b".nomedia",
    b".picasa.ini",
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


def _any_of(patterns: tuple[bytes, ...]) -> re.Pattern[bytes]:
    joined = "|".join(translate(pattern.decode("ascii")) for pattern in patterns)
    return re.compile(joined.encode("ascii"), re.IGNORECASE)


_FOLDER = _any_of(_FOLDERS)
_FILE = _any_of(_FILES)


def is_ignored_folder(name: bytes) -> bool:
    """Tell whether a folder of this name holds no pictures of the person's."""
    return _FOLDER.match(name) is not None


def is_ignored_file(name: bytes) -> bool:
    """Tell whether a file of this name is litter or another program's own."""
    return _FILE.match(name) is not None


def lies_in_ignored_folder(folder: bytes) -> bool:
    """Tell whether any part of a relative folder path is ignored."""
    return any(is_ignored_folder(part) for part in folder.split(b"/"))
