"""From a source's spec to what lists it: its kind is told, or recognised by itself."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from picture_pipeline.bootstrap.asking_immich import open_server
from picture_pipeline.config import Config
from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import SourceSpec
from picture_pipeline.ports import Source
from picture_pipeline.sources.folder import FolderSource
from picture_pipeline.sources.glimpse import look_at
from picture_pipeline.sources.icloud_takeout import icloud_notes
from picture_pipeline.sources.immich_api import KIND as IMMICH_API
from picture_pipeline.sources.iphone_usb import ADDRESS, UsbPhones, mount_phone
from picture_pipeline.sources.kinds import AUTO, FALLBACK, KINDS, Recognised, recognise
from picture_pipeline.sources.takeout import takeout_notes
from picture_pipeline.sources.takeout_signs import is_zip, look_into_zips
from picture_pipeline.sources.telling import Tell, TellingSource, Tree
from picture_pipeline.sources.zips import ZipsSource
from picture_pipeline.workers.programs import run_program

Names = frozenset[bytes] | None
"""The names in a source's root that are meant; None: everything below it."""
Folders = frozenset[tuple[int, int]]
"""(device, inode) of folders that are never entered."""
Opener = Callable[[SourceSpec, Names, Folders, Config], Source]


@dataclass(frozen=True, slots=True)
class Arriving:
    """A source that is about to be looked at."""

    spec: SourceSpec
    """Its kind is known."""
    only: Names
    recognised: Recognised


def arrive(spec: SourceSpec, only: Names, kind: str | None = None) -> Arriving:
    """Find out what kind a source is; ``kind`` overrules its spec.

    Raises UsageError for a kind that nobody knows.
    """
    recognised = recognise_source(replace(spec, kind=kind) if kind else spec, only)
    return Arriving(replace(spec, kind=recognised.kind.name), only, recognised)


def recognise_source(spec: SourceSpec, only: Names = None) -> Recognised:
    """Tell what kind a source is: the one that its spec says, or the one that it looks like.

    Opens no file. Raises UsageError for a kind that nobody knows.
    """
    if spec.kind == AUTO:
        found = recognise(look_into_zips(look_at(spec.path, only), spec.path))
        return _as_zips(found, only or (spec.path,))
    row = KINDS.get(spec.kind)
    if row is None:
        kinds = ", ".join(KINDS)
        raise UsageError(f"{spec.kind}: there is no such kind of source; there are {kinds}")
    return Recognised(row, 1.0, "as configured", by_itself=False)


def open_source(spec: SourceSpec, only: Names, forbidden: Folders, config: Config) -> Source:
    """Make what lists a source; its spec then says the kind.

    Raises UsageError when it is not there, or of a kind that nobody knows.
    """
    kind = recognise_source(spec, only).kind.name
    return _OPENERS.get(kind, _open_folder)(replace(spec, kind=kind), only, forbidden, config)


def _as_zips(found: Recognised, named: Collection[bytes]) -> Recognised:
    """Take zips that were named themselves for what they are, whatever they hold."""
    if found.kind.name != FALLBACK or not all(map(is_zip, named)):
        return found
    return Recognised(KINDS["takeout"], 1.0, "zips that were named themselves", by_itself=True)


def _open_folder(spec: SourceSpec, only: Names, forbidden: Folders, _config: Config) -> Source:
    row = KINDS[spec.kind]
    source = FolderSource(spec, only, forbidden, row.rules, row.albums)
    source.check()
    return source


def _open_export(spec: SourceSpec, only: Names, forbidden: Folders, _config: Config) -> Source:
    """Make a source that reads zips in place, and the notes among the pictures."""
    row = KINDS[spec.kind]
    zips = ZipsSource(FolderSource(spec, only, forbidden, row.rules, row.albums))
    zips.check()
    return TellingSource(zips, zips, _NOTES[spec.kind])


def _open_phone(spec: SourceSpec, only: Names, forbidden: Folders, config: Config) -> Source:
    if not spec.path.startswith(ADDRESS):
        return _open_folder(spec, only, forbidden, config)
    rules = KINDS[spec.kind].rules
    return mount_phone(
        spec, UsbPhones(run_program), lambda at: FolderSource(at, None, forbidden, rules)
    )


_NOTES: Mapping[str, Callable[[Tree], Tell]] = {
    "takeout": takeout_notes,
    "icloud_takeout": icloud_notes,
}
_OPENERS: Mapping[str, Opener] = {
    **dict.fromkeys(_NOTES, _open_export),
    IMMICH_API: open_server,
    "iphone_usb": _open_phone,
}
"""Of kinds that are no folder of files."""
