"""What a PATH argument means: a folder, files, a source's NAME, or NAME=PATH."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.config import Config
from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import SourceName, SourceSpec, printable

_NAMED = re.compile(rb"([A-Za-z0-9][A-Za-z0-9 ._-]*)=(.+)", re.DOTALL)

Chosen = tuple[SourceSpec, frozenset[bytes] | None]
"""A source, and the names in its root that are meant (None: everything below it)."""


def choose_sources(
    arguments: Sequence[bytes], config: Config, catalog: SqlCatalog, cwd: Path
) -> list[Chosen]:
    """Find out what the arguments mean; files of one folder become one source.

    Raises UsageError for a path that is not there.
    """
    folders: list[SourceSpec] = []
    files: dict[bytes, set[bytes]] = {}
    for argument in arguments:
        spec = _named(argument, config, catalog, cwd)
        if spec is not None:
            folders.append(spec)
            continue
        path = _absolute(argument, cwd)
        if os.path.isdir(path):  # noqa: PTH112 - paths are bytes
            folders.append(SourceSpec(source_name(path), path))
        elif os.path.lexists(path):
            folder, _, name = path.rpartition(b"/")
            files.setdefault(folder or b"/", set()).add(name)
        else:
            raise UsageError(f"{printable(argument)}: there is no such file, folder or source")
    chosen: list[Chosen] = [(spec, None) for spec in folders]
    chosen += [
        (SourceSpec(source_name(folder), folder), frozenset(names))
        for folder, names in files.items()
    ]
    return chosen


def source_name(path: bytes) -> SourceName:
    """Name a source without a name: by its absolute path, in printable form."""
    return SourceName(printable(path))


def _named(argument: bytes, config: Config, catalog: SqlCatalog, cwd: Path) -> SourceSpec | None:
    given = _NAMED.fullmatch(argument)
    if given is not None and not os.path.lexists(_absolute(argument, cwd)):
        return SourceSpec(SourceName(given[1].decode("ascii")), _absolute(given[2], cwd))
    if os.path.lexists(_absolute(argument, cwd)):
        return None
    name = printable(argument)
    return _configured(name, config) or catalog.named_source(name)


def _configured(name: str, config: Config) -> SourceSpec | None:
    for entry in config.storage.sources:
        if entry.name == name:
            path = os.fsencode(entry.path)
            return SourceSpec(SourceName(name), path, "folder", entry.owner, entry.policy)
    watched = config.storage.sync.watch_path
    if name == "watch" and watched is not None:
        return SourceSpec(SourceName("watch"), os.fsencode(watched))
    return None


def _absolute(path: bytes, cwd: Path) -> bytes:
    return os.path.normpath(os.path.join(os.fsencode(cwd), path))  # noqa: PTH118 - bytes
