"""What a PATH argument means: a folder, files, a source's NAME, or NAME=PATH."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.config import Config
from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import SourceName, SourceSpec, is_utf8, printable

_NAMED = re.compile(rb"([^/=]+)=(.+)", re.DOTALL)
_WATCH = "watch"
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
        path = _absolute(argument, cwd)
        if not argument or not os.path.lexists(path):
            _add(folders, _named(argument, config, catalog, cwd))
        elif os.path.isdir(path):  # noqa: PTH112 - paths are bytes
            _add(folders, _source_at(path, config))
        else:
            folder, _, name = path.rpartition(b"/")
            files.setdefault(folder or b"/", set()).add(name)
    whole: list[Chosen] = [(spec, None) for spec in folders.values()]
    single = {_source_at(folder, config): frozenset(names) for folder, names in files.items()}
    return whole + [(spec, names) for spec, names in single.items() if spec.name not in folders]


def own_folders(config: Config) -> tuple[Path, ...]:
    """Give the folders that hold what picture-pipeline made; they are no sources."""
    archive = config.storage.nas.base_path
    return (config.storage.local.base_path, *(archive / name for name in _OWN_IN_THE_ARCHIVE))


def refuse_own(spec: SourceSpec, own: Iterable[Path]) -> None:
    """Raise UsageError when a source is one of our folders, or lies where we keep originals.

    The local base path may hold a person's folder too, by the side of ours.
    """
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
    if given is not None and is_utf8(given[1]):
        return _given(given[1].decode(), _absolute(given[2], cwd), config)
    name = printable(argument)
    found = _configured(config).get(name) or catalog.named_source(name)
    if found is None:
        raise UsageError(f"{name or repr(name)}: there is no such file, folder or source")
    return found


def _given(name: str, path: bytes, config: Config) -> SourceSpec:
    known = _configured(config).get(name)
    if known is not None and known.path != path:
        raise UsageError(
            f"storage.yaml says that source {name} is {printable(known.path)}; "
            "give this folder another name"
        )
    if os.path.lexists(path) and not os.path.isdir(path):  # noqa: PTH112 - paths are bytes
        raise UsageError(f"{printable(path)}: is a file; NAME=PATH gives a folder a name")
    return known or SourceSpec(SourceName(name), path)


def _source_at(path: bytes, config: Config) -> SourceSpec:
    """Give the source at a path: the configured one, else one called by its path."""
    for spec in _configured(config).values():
        if spec.path == path:
            return spec
    return SourceSpec(SourceName(printable(path)), path)


def _configured(config: Config) -> dict[str, SourceSpec]:
    found = {
        entry.name: SourceSpec(
            SourceName(entry.name), os.fsencode(entry.path), "folder", entry.owner, entry.policy
        )
        for entry in config.storage.sources
    }
    watched = config.storage.sync.watch_path
    if watched is not None:
        found[_WATCH] = SourceSpec(SourceName(_WATCH), os.fsencode(watched))
    return found


def _absolute(path: bytes, cwd: Path) -> bytes:
    """Give a path whole; one with ``..`` as the system sees it, through links."""
    joined = os.path.join(os.fsencode(cwd), path)  # noqa: PTH118 - paths are bytes
    if b".." in path.split(b"/"):
        return os.path.realpath(joined)
    return os.path.normpath(joined)
