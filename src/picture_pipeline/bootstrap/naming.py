"""What a PATH argument means: a folder, files, a source's NAME or address, or NAME=PATH."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from picture_pipeline.bootstrap.asking_immich import configured_server, is_address, server_at
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.source_rows import added_sources, source_at
from picture_pipeline.config import Config
from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import SourceName, SourceSpec, is_utf8, printable
from picture_pipeline.sources.kinds import AUTO, kind_of_address
from picture_pipeline.sources.takeout_signs import is_zip

_NAMED = re.compile(rb"([^/=]+)=(.+)", re.DOTALL)
_WATCH = "watch"
_KINDS_OF_METHODS = {"docker-icloud": "icloudpd", "immich": "immich", "rsync": "rsync"}
"""What ``sync.method`` says of the watched folder; any other leaves it to be recognised."""
_OWN_IN_THE_ARCHIVE = (".picture-pipeline", "originals", "views")
"""Not all of the archive: people keep the folder that iCloud fills beside its originals."""
_OWN_ON_THIS_COMPUTER = ("thumbs", "cache", "config", "runs")

Chosen = tuple[SourceSpec, frozenset[bytes] | None]
"""A source, and the names in its root that are meant (None: everything below it)."""


def choose_sources(
    arguments: Sequence[bytes], config: Config, catalog: SqlCatalog, cwd: Path
) -> list[Chosen]:
    """Find out what the arguments mean; files of one folder become one source.

    What is given twice is taken once. Raises UsageError for a path that is
    not there.
    """
    folders: dict[SourceName, SourceSpec] = {}
    files: dict[bytes, set[bytes]] = {}
    for argument in arguments:
        path = absolute_path(argument, cwd)
        if is_address(argument):
            _add(folders, server_at(argument, config))
        elif kind_of_address(path):
            _add(folders, _source_at(path, config, catalog))
        elif not argument or not os.path.lexists(path):
            _add(folders, _named(argument, config, catalog, cwd))
        elif os.path.isdir(path):  # noqa: PTH112 - paths are bytes
            _add(folders, _source_at(path, config, catalog))
        else:
            folder, _, name = path.rpartition(b"/")
            files.setdefault(folder or b"/", set()).add(name)
    whole: list[Chosen] = [(spec, None) for spec in folders.values()]
    single = {
        _source_at(folder, config, catalog): frozenset(names) for folder, names in files.items()
    }
    return whole + [(spec, names) for spec, names in single.items() if spec.name not in folders]


def named_sources(config: Config, catalog: SqlCatalog) -> list[SourceSpec]:
    """Give all sources that have a name: storage.yaml's first, then those that were added.

    Kinds may be ``auto``.
    """
    configured = configured_sources(config)
    added = (spec for spec in added_sources(catalog.engine) if spec.name not in configured)
    return [*configured.values(), *added]


def configured_sources(config: Config) -> dict[str, SourceSpec]:
    """Give the sources of storage.yaml by name; ``sync.watch_path`` is ``watch``.

    The server of ``storage.immich`` is ``immich``.
    """
    found = {
        entry.name: SourceSpec(
            SourceName(entry.name), os.fsencode(entry.path), entry.kind, entry.owner, entry.policy
        )
        for entry in config.storage.sources
    }
    sync = config.storage.sync
    if sync.watch_path is not None and _WATCH not in found:
        kind = _KINDS_OF_METHODS.get(sync.method, AUTO)
        found[_WATCH] = SourceSpec(SourceName(_WATCH), os.fsencode(sync.watch_path), kind)
    server = configured_server(config)
    if server is not None:
        found.setdefault(server.name, server)
    return found


def own_folders(config: Config) -> tuple[Path, ...]:
    """Give the folders that hold what picture-pipeline made; they are no sources."""
    archive = config.storage.nas.base_path
    return (config.storage.local.base_path, *(archive / name for name in _OWN_IN_THE_ARCHIVE))


def never_entered(config: Config) -> frozenset[tuple[int, int]]:
    """Give (device, inode) of folders that are left out wherever they lie below a source.

    Our own, and the backups: old copies are looked at only where a person names them.
    """
    folders = (*own_folders(config), config.storage.nas.backups)
    found = (folder.stat() for folder in folders if folder.is_dir())
    return frozenset((status.st_dev, status.st_ino) for status in found)


def left_out_below(spec: SourceSpec, config: Config) -> Iterator[Path]:
    """Give those of the folders that are never entered that lie below a source."""
    backups = config.storage.nas.backups
    root = Path(os.fsdecode(os.path.realpath(spec.path)))
    named = backups.resolve() == root
    return own_below(spec, own_folders(config) if named else (*own_folders(config), backups))


def refuse_own(spec: SourceSpec, own: Iterable[Path]) -> None:
    """Raise UsageError when a source is one of our folders, or lies where we keep originals.

    The local base path may hold a person's folder too, by the side of ours.
    """
    if kind_of_address(spec.path):
        return
    root = Path(os.fsdecode(os.path.realpath(spec.path)))
    local, *archive = (folder.resolve() for folder in own)
    ours = (*archive, *(local / name for name in _OWN_ON_THIS_COMPUTER))
    if root == local or any(root.is_relative_to(folder) for folder in ours):
        raise UsageError(
            f"{printable(spec.path)}: belongs to picture-pipeline itself; "
            "name a folder that holds pictures of yours"
        )


def own_below(spec: SourceSpec, own: Iterable[Path]) -> Iterator[Path]:
    """Give those of our folders that lie below a source, and are left out there."""
    root = Path(os.fsdecode(os.path.realpath(spec.path)))
    below = {path.resolve() for path in own if path.resolve().is_relative_to(root)}
    return (path for path in sorted(below) if path.is_dir() and not below & set(path.parents))


def _add(folders: dict[SourceName, SourceSpec], spec: SourceSpec) -> None:
    known = folders.setdefault(spec.name, spec)
    if known.path != spec.path:
        raise UsageError(f"{spec.name} is given two paths; give each folder its own name")


def _named(argument: bytes, config: Config, catalog: SqlCatalog, cwd: Path) -> SourceSpec:
    given = _NAMED.fullmatch(argument)
    if given is not None and is_utf8(given[1]) and is_address(given[2]):
        return server_at(given[2], config, given[1].decode())
    if given is not None and is_utf8(given[1]):
        return _given(given[1].decode(), absolute_path(given[2], cwd), config, catalog)
    name = printable(argument)
    found = configured_sources(config).get(name) or _in_catalog(name, catalog)
    if found is None:
        raise UsageError(f"{name or repr(name)}: there is no such file, folder or source")
    return found


def _given(name: str, path: bytes, config: Config, catalog: SqlCatalog) -> SourceSpec:
    known = configured_sources(config).get(name)
    if known is not None and known.path != path:
        raise UsageError(
            f"storage.yaml says that source {name} is {printable(known.path)}; "
            "give this folder another name"
        )
    if os.path.lexists(path) and not os.path.isdir(path) and not is_zip(path):  # noqa: PTH112 - paths are bytes
        raise UsageError(
            f"{printable(path)}: is a file; NAME=PATH gives a folder, or a zip, a name"
        )
    return known or _at(path, _in_catalog(name, catalog)) or _called(name, path)


def _at(path: bytes, spec: SourceSpec | None) -> SourceSpec | None:
    return spec if spec is not None and spec.path == path else None


def _in_catalog(name: str, catalog: SqlCatalog) -> SourceSpec | None:
    """Find a source that was added; one that only came with an import is recognised anew."""
    known = catalog.named_source(name)
    added = {spec.name for spec in added_sources(catalog.engine)}
    if known is None or known.name in added:
        return known
    return replace(known, kind=kind_of_address(known.path) or AUTO)


def _source_at(path: bytes, config: Config, catalog: SqlCatalog) -> SourceSpec:
    """Give the source at a path: configured or added, else one called by its path."""
    for spec in configured_sources(config).values():
        if spec.path == path:
            return spec
    return source_at(catalog.engine, path) or _called(printable(path), path)


def _called(name: str, path: bytes) -> SourceSpec:
    return SourceSpec(SourceName(name), path, kind_of_address(path) or AUTO)


def absolute_path(path: bytes, cwd: Path) -> bytes:
    """Give a path whole; one with ``..`` as the system sees it, through links.

    An address that is no path stays as it is.
    """
    if kind_of_address(path):
        return path
    joined = os.path.join(os.fsencode(cwd), path)  # noqa: PTH118 - paths are bytes
    if b".." in path.split(b"/"):
        return os.path.realpath(joined)
    return os.path.normpath(joined)
