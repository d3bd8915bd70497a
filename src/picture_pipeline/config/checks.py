"""What single keys cannot tell: faults between keys, and notes on what cannot be honoured."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from picture_pipeline.config.schema import Storage, Tool

WATCH = "watch"
_OWN = (".picture-pipeline", "originals", "views")


def faults_between(storage: Storage) -> list[str]:
    """Find keys that contradict each other."""
    return [*_names_given_twice(storage), *_sources_in_the_archive(storage)]


def notes_on(storage: Storage) -> tuple[str, ...]:
    """Tell what was asked for but cannot be done, one note each, with the remedy."""
    return tuple(note for rule in _RULES for note in rule(storage))


def _names_given_twice(storage: Storage) -> Iterator[str]:
    names = Counter(source.name for source in storage.sources)
    for name, count in names.items():
        if count > 1:
            yield f"storage.sources: {count} sources are called {name!r}; give each its own name"
    if storage.sync.watch_path and WATCH in names:
        yield (
            f"storage.sources: the name {WATCH!r} belongs to storage.sync.watch_path; "
            "choose another"
        )


def _sources_in_the_archive(storage: Storage) -> Iterator[str]:
    own = [storage.nas.base_path / name for name in _OWN]
    for key, path in _source_paths(storage):
        for folder in own:
            if _overlap(path, folder):
                yield (
                    f"{key}: {path} and the archive's own {folder} lie inside of each other; "
                    "a source must lie beside them"
                )
                break


def _source_paths(storage: Storage) -> Iterator[tuple[str, Path]]:
    if storage.sync.watch_path:
        yield "storage.sync.watch_path", storage.sync.watch_path
    for number, source in enumerate(storage.sources):
        yield f"storage.sources.{number}.path", source.path


def _overlap(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def _sqlite_in_the_archive(storage: Storage) -> Iterator[str]:
    file = storage.database.sqlite_file
    if file and file.is_relative_to(storage.nas.base_path):
        yield (
            f"storage.database.url: {file} lies in the archive; SQLite breaks on network disks: "
            "put it on a local disk, or use PostgreSQL (postgresql://user@host/name)"
        )


def _digikam_database_on_the_nas(storage: Storage) -> Iterator[str]:
    database = storage.tools.digikam.database
    if database and database.is_relative_to(storage.nas.base_path):
        yield (
            f"storage.tools.digikam.database: {database} is not used: digiKam's SQLite breaks on "
            "network disks; keep it on each computer's own disk "
            f"(database: {storage.local.base_path / 'digikam' / 'digikam4.db'})"
        )


def _digikam_shared_thumbnails(storage: Storage) -> Iterator[str]:
    if storage.tools.digikam.thumbnails == "shared":
        yield (
            "storage.tools.digikam.thumbnails: shared: digiKam reads no folder of thumbnails, only "
            "its own database; until ours are put into that, write thumbnails: own"
        )


def _tools_at_the_originals(storage: Storage) -> Iterator[str]:
    originals = storage.nas.base_path / "originals"
    tools: dict[str, Tool] = {
        "immich": storage.tools.immich,
        "photoprism": storage.tools.photoprism,
        "digikam": storage.tools.digikam,
        "damselfly": storage.tools.damselfly,
    }
    for name, tool in tools.items():
        if tool.path and _overlap(tool.path, originals):
            yield (
                f"storage.tools.{name}.path: {tool.path} would let {name} change or delete "
                "originals; each program gets a view of its own: "
                f"path: {storage.nas.base_path / 'views' / name}"
            )


_RULES: tuple[Callable[[Storage], Iterator[str]], ...] = (
    _sqlite_in_the_archive,
    _digikam_database_on_the_nas,
    _digikam_shared_thumbnails,
    _tools_at_the_originals,
)
