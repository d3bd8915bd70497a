"""What ``doctor`` looks at: configuration, archive, catalog, disks, programs, icloudpd, watch."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from picture_pipeline.bootstrap.archive import open_catalog
from picture_pipeline.bootstrap.caching import disk_size, free_bytes
from picture_pipeline.bootstrap.undoing import sort_trash
from picture_pipeline.bootstrap.watching import read_health
from picture_pipeline.config import Config
from picture_pipeline.errors import ArchiveUnavailable
from picture_pipeline.model.finding import Finding, Severity
from picture_pipeline.originals.layout import CONTROL
from picture_pipeline.originals.marker import MARKER, parse_marker
from picture_pipeline.sources.icloudpd_settings import (
    AREA,
    judge_days,
    judge_settings,
    parse_settings,
)
from picture_pipeline.workers.reading import FileReaders, NoAnswer
from picture_pipeline.workflows.doctor import (
    Look,
    Space,
    judge_space,
    judge_watch,
    judge_watched,
)

_SETTINGS = "icloudpd.conf"
_DAYS = "DAYS_REMAINING"
_LARGEST = 1 << 20
"""Bytes of another program's settings that are read."""


def looks_of(config: Config) -> Mapping[str, Sequence[Look]]:
    """Give what is looked at, by area, in the order in which it is told."""
    return {
        "configuration": [partial(_configuration, config)],
        "archive": [partial(_archive, config)],
        "catalog": [partial(_catalog, config)],
        "local": [partial(_local, config)],
        "programs": [_programs],
        AREA: [partial(_icloudpd, config)],
        "watch": [lambda: judge_watch(read_health(config))],
        "sources": [lambda: judge_watched(read_health(config))],
    }


def _configuration(config: Config) -> Iterator[Finding]:
    for note in config.notes:
        yield Finding("configuration", Severity.NOTE, note)
    yield Finding("configuration", Severity.OK, f"configuration from {config.origin}")


def _archive(config: Config) -> Iterator[Finding]:
    """Look for the archive without ever waiting for a mount that hangs."""
    root = config.storage.nas.base_path
    if config.file is None and not os.path.lexists(root):
        yield Finding(
            "archive", Severity.NOTE, f"{root}: no archive yet; the first import makes it"
        )
        return
    try:
        with closing(_readers(config)) as readers:
            marker = b"".join(readers.read(root, f"{CONTROL}/{MARKER}"))
    except NoAnswer as error:
        raise ArchiveUnavailable(
            f"{root}: does not answer; look at the NAS and its mount"
        ) from error
    except OSError as error:
        do = "mount the NAS; for a new archive: picture-pipeline setup-storage"
        raise ArchiveUnavailable(f"{root}: no archive is there ({error.strerror}); {do}") from error
    found = parse_marker(marker, str(root))
    yield Finding("archive", Severity.OK, f"{root}: archive {found.id}")
    yield _space("archive", root)
    old = len(sort_trash(config).old)
    if old:
        what = f"the trash holds {old} import{'s' if old > 1 else ''} taken back over 30 days ago"
        do = "remove for good what you no longer want: picture-pipeline imports empty-trash"
        yield Finding("archive", Severity.NOTE, what, do)


def _catalog(config: Config) -> Iterator[Finding]:
    file = config.storage.database.sqlite_file
    with open_catalog(config) as (_, catalog):
        bound = catalog.bound_archive()
    where = str(file) if file else "PostgreSQL"
    what = f"{where}: belongs to archive {bound}" if bound else f"{where}: nothing imported yet"
    yield Finding("catalog", Severity.OK, what)


def _local(config: Config) -> Iterator[Finding]:
    yield _space("local", config.storage.local.base_path)


def _space(area: str, folder: Path) -> Finding:
    return judge_space(area, str(folder), Space(free_bytes(folder), disk_size(folder)))


def _programs() -> Iterator[Finding]:
    if shutil.which("exiftool"):
        yield Finding("programs", Severity.OK, "exiftool is installed")
    else:
        what = "exiftool is not installed: rare formats tell less of themselves"
        yield Finding(
            "programs", Severity.NOTE, what, "install it (Debian: libimage-exiftool-perl)"
        )


def _icloudpd(config: Config) -> Iterator[Finding]:
    with closing(_readers(config)) as readers:
        yield from _icloudpd_settings(config, readers)


def _icloudpd_settings(config: Config, readers: FileReaders) -> Iterator[Finding]:
    folder = _settings_folder(config, readers)
    if folder is None:
        if config.storage.sync.method == "docker-icloud":
            what = "icloudpd's settings were not found, and not looked at"
            do = "name the folder of its configuration: storage.sync.icloudpd_config"
            yield Finding(AREA, Severity.NOTE, what, do)
        return
    if folder.is_relative_to(config.storage.nas.base_path):
        what = f"{folder}: icloudpd's cookies and keyring lie on the share with the pictures"
        yield Finding(AREA, Severity.WARNING, what, "give /config a private volume of its own")
    settings = _text(readers, folder, _SETTINGS)
    if settings is None:
        what = f"{folder / _SETTINGS}: cannot be read"
        do = "correct storage.sync.icloudpd_config, or start icloudpd once, which writes it"
        yield Finding(AREA, Severity.WARNING, what, do)
    else:
        yield from judge_settings(parse_settings(settings))
    yield judge_days(_text(readers, folder, _DAYS))


def _settings_folder(config: Config, readers: FileReaders) -> Path | None:
    """Give the folder that is configured, else the first usual one that holds the settings."""
    sync = config.storage.sync
    if sync.icloudpd_config is not None:
        return sync.icloudpd_config
    filled = [source.path for source in config.storage.sources]
    near = [*filled, *([sync.watch_path] if sync.watch_path else [])]
    usual = [config.storage.nas.base_path / "config"]
    usual += [place for path in near for place in (path, path.parent / "config", path / "config")]
    return next((f for f in usual if _text(readers, f, _SETTINGS) is not None), None)


def _readers(config: Config) -> FileReaders:
    return FileReaders(config.storage.nas.answer_within_seconds)


def _text(readers: FileReaders, folder: Path, name: str) -> str | None:
    try:
        return b"".join(readers.read(folder, name, 0, _LARGEST)).decode("utf-8", "replace")
    except OSError:
        return None
