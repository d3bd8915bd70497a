"""Which originals lie in an archive, by their names alone."""

import os
import re
from collections.abc import Iterator

from picture_pipeline.durable.files import open_folder
from picture_pipeline.model.digest import Digest
from picture_pipeline.originals.faults import archive_faults
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.layout import ORIGINALS

_FOLDERS = (r"\d{4}", r"\d{2}", r"\d{2}")
_ORIGINAL = re.compile(r"([0-9a-f]{64})\.(?!xmp$)[a-z0-9]+")


def originals_in(archive: ArchiveHandle) -> Iterator[tuple[Digest, str]]:
    """Give digest and path of every original; no file is opened, whatever else lies there.

    Constant memory: a folder is read bit by bit. Raises ArchiveUnavailable.
    """
    with archive_faults(str(archive.root)):
        top = open_folder(ORIGINALS, archive.fd)
        try:
            yield from _below(top, ORIGINALS, _FOLDERS)
        finally:
            os.close(top)


def _below(folder: int, path: str, deeper: tuple[str, ...]) -> Iterator[tuple[Digest, str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if deeper and re.fullmatch(deeper[0], entry.name) and _is_folder(entry):
                child = open_folder(entry.name, folder)
                try:
                    yield from _below(child, f"{path}/{entry.name}", deeper[1:])
                finally:
                    os.close(child)
            elif not deeper and (named := _ORIGINAL.fullmatch(entry.name)) and _is_file(entry):
                yield Digest(named[1]), f"{path}/{entry.name}"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _is_file(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False)
