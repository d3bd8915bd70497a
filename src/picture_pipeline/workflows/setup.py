"""Set up storage: make the trees and the archive, measure, write storage.yaml.

Nothing is written before it is certain that SQLite will not lie on a network
disk and that the archive which was here before is not merely unmounted.
"""

import json
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from picture_pipeline.durable import files
from picture_pipeline.durable.capabilities import Capabilities, measure
from picture_pipeline.durable.mounts import Mount, mount_of
from picture_pipeline.errors import ArchiveUnavailable, LocalDiskUnavailable, UsageError

CAPABILITIES_FILE = "config/capabilities.json"
"""Below the local base path: what was measured, and which archive was found."""
_VERSION = 1
_MEASURED_IN = ".picture-pipeline/incoming"
_REMEDY = "choose a folder on a local disk (--local DIR), or PostgreSQL (--database URL)"


@dataclass(frozen=True, slots=True)
class SetupPlan:
    """What setting up would do."""

    config_file: Path
    config_text: str | None
    """What to write into storage.yaml; None leaves it as it is."""
    config_mode: int
    keep_backup: bool
    """Keep the old storage.yaml as ``.bak``: its comments do not survive."""
    archive: Path
    local: Path
    local_folders: tuple[str, ...]
    """Relative to ``local``."""
    sqlite: tuple[Path, ...]
    """Databases, and folders that hold them, which must lie on a local disk."""
    new_archive: bool = False
    """Begin a new archive where another one was before."""


@dataclass(frozen=True, slots=True)
class SetupReport:
    """What was done and found."""

    archive_id: str
    archive: Capabilities
    local: Capabilities
    notes: tuple[str, ...]


MakeArchive = Callable[[Callable[[str], None]], str]
"""Makes the archive or finds it there; gives its id, tells notes to its argument."""


def check_plan(plan: SetupPlan, mounts: Sequence[Mount], found_id: str | None) -> None:
    """Refuse what would lose data later; reads only.

    ``found_id`` is the archive whose marker lies there now. Raises UsageError
    for SQLite on a network disk, ArchiveUnavailable when the archive known
    from an earlier call has gone.
    """
    refuse_sqlite_on_network(plan.sqlite, mounts)
    known_id = known_archive(plan.local, plan.archive)
    if known_id and found_id is None and not plan.new_archive:
        raise ArchiveUnavailable(
            f"{plan.archive}: archive {known_id} was here before, and is not now; mount the NAS "
            "first. To begin a new, empty archive here all the same: "
            "picture-pipeline setup-storage --new-archive"
        )


def carry_out(plan: SetupPlan, mounts: Sequence[Mount], make_archive: MakeArchive) -> SetupReport:
    """Do what the plan says; may be repeated. Raises Unavailable, ConfigError."""
    notes: list[str] = []
    for folder in plan.local_folders:
        _make_folder(plan.local / folder)
    archive_id = make_archive(notes.append)
    report = SetupReport(
        archive_id=archive_id,
        archive=measure(plan.archive / _MEASURED_IN, mounts),
        local=measure(plan.local, mounts),
        notes=(*notes, *_notes_on_places(plan)),
    )
    _write_config(plan)
    _write_beside(plan.local / CAPABILITIES_FILE, _as_json(plan, report), 0o644)
    return report


def refuse_sqlite_on_network(paths: Sequence[Path], mounts: Sequence[Mount]) -> None:
    """Raise UsageError when an SQLite database would lie on a network or FUSE disk."""
    for path in paths:
        mount = mount_of(path, mounts)
        if mount.is_network:
            raise UsageError(
                f"{path}: lies on {mount.point}, a network or FUSE file system ({mount.kind}), "
                f"where SQLite loses data; {_REMEDY}"
            )


def known_archive(local: Path, archive: Path) -> str | None:
    """Give the id of the archive that an earlier set-up found at this path."""
    try:
        document = json.loads((local / CAPABILITIES_FILE).read_bytes())
        known = document["archive"]
        return str(known["id"]) if known["path"] == str(archive) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _notes_on_places(plan: SetupPlan) -> tuple[str, ...]:
    same_disk = plan.archive.stat().st_dev == plan.local.stat().st_dev
    if same_disk and not plan.archive.is_relative_to(plan.local):
        note = (
            f"{plan.archive}: lies on the same disk as {plan.local}; if it should be a NAS, "
            "mount it there and run setup-storage again"
        )
        return (note,)
    return ()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LocalDiskUnavailable(f"{folder}: cannot be made ({error.strerror})") from error


def _write_config(plan: SetupPlan) -> None:
    if plan.config_text is None:
        return
    # A storage.yaml that is a link stays one: what it leads to is replaced.
    file = plan.config_file.resolve()
    mode = plan.config_mode
    _make_folder(file.parent)
    if file.exists():
        mode = stat.S_IMODE(file.stat().st_mode)
        if plan.keep_backup:
            _write_beside(file.with_name(f"{file.name}.bak"), file.read_bytes(), mode)
    _write_beside(file, plan.config_text.encode(), mode)


def _write_beside(file: Path, data: bytes, mode: int) -> None:
    try:
        folder = files.open_folder(file.parent)
        try:
            files.replace(file.name, data, folder, mode)
        finally:
            os.close(folder)
    except OSError as error:
        raise LocalDiskUnavailable(f"{file}: cannot be written ({error.strerror})") from error


def _as_json(plan: SetupPlan, report: SetupReport) -> bytes:
    document: Mapping[str, object] = {
        "version": _VERSION,
        "archive": {"path": str(plan.archive), "id": report.archive_id, **asdict(report.archive)},
        "local": {"path": str(plan.local), **asdict(report.local)},
    }
    return json.dumps(document, indent=1).encode() + b"\n"
