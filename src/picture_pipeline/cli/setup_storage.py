"""``setup-storage``: write storage.yaml, make the trees and the archive, measure."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json, print_line, print_table, say
from picture_pipeline.errors import ArchiveUnavailable

if TYPE_CHECKING:
    from picture_pipeline.config import Revision
    from picture_pipeline.durable.capabilities import Capabilities
    from picture_pipeline.workflows.setup import SetupPlan, SetupReport

_KEYS: Mapping[str, tuple[str, ...]] = {
    "nas": ("storage", "nas", "base_path"),
    "local": ("storage", "local", "base_path"),
    "database": ("storage", "database", "url"),
}
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("setup-storage")
@click.option("--nas", type=_FOLDER, metavar="DIR", help="The archive: originals on the NAS.")
@click.option("--local", type=_FOLDER, metavar="DIR", help="Thumbnails and cache, on a local disk.")
@click.option("--database", metavar="URL", help="postgresql://... or sqlite:///...")
@click.option("--new-archive", is_flag=True, help="Begin anew where an archive was before.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def setup_storage(
    invocation: Invocation,
    *,
    nas: Path | None,
    local: Path | None,
    database: str | None,
    new_archive: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Write storage.yaml, make the archive, measure the disks.

    Keys that storage.yaml holds are kept; only what is given here is changed.
    May be called again at any time.
    """
    if nas is None and not as_json:
        nas = _asked(invocation)
    given = {"nas": _whole(nas, invocation), "local": _whole(local, invocation)}
    revision = _revised(invocation, {**given, "database": database})
    plan = _planned(revision, new_archive=new_archive)
    found = _found_id(plan.archive)
    report = _done(plan, revision, found, dry_run=dry_run)
    document = _document(revision, plan, report, is_new=found is None)
    if as_json:
        print_json(document)
    else:
        _print_for_people(revision, plan, report, document)


def _asked(invocation: Invocation) -> Path | None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    revision = _revised(invocation, {})
    if revision.text is None:
        # storage.yaml names the archive already.
        return None
    current = revision.config.storage.nas.base_path
    answer = click.prompt("Folder of the archive (NAS)", default=str(current), err=True)
    return Path(answer)


def _whole(folder: Path | None, invocation: Invocation) -> str | None:
    if folder is None:
        return None
    # The shell has expanded ~ already, but a prompt has not.
    if folder.parts[:1] == ("~",) and invocation.environ.get("HOME"):
        folder = Path(invocation.environ["HOME"], *folder.parts[1:])
    return os.path.normpath(invocation.cwd / folder)


def _revised(invocation: Invocation, given: dict[str, str | None]) -> "Revision":
    from picture_pipeline.config import revise  # noqa: PLC0415 - not for --help

    changes = {_KEYS[name]: value for name, value in given.items() if value is not None}
    return revise(invocation.environ, invocation.config_file, invocation.cwd, changes)


def _planned(revision: "Revision", *, new_archive: bool) -> "SetupPlan":
    from picture_pipeline.workflows.setup import SetupPlan  # noqa: PLC0415 - not for --help

    storage = revision.config.storage
    sqlite = storage.database.sqlite_file
    return SetupPlan(
        config_file=revision.file,
        config_text=revision.text,
        config_mode=0o600 if revision.holds_secret else 0o644,
        keep_backup=not revision.keeps_comments,
        archive=storage.nas.base_path,
        local=storage.local.base_path,
        local_folders=(
            *(f"thumbs/{spec.name}" for spec in storage.local.renditions),
            *("thumbs/metadata", "cache/full", "config"),
        ),
        sqlite=(storage.local.base_path, *([sqlite] if sqlite else [])),
        new_archive=new_archive,
    )


def _found_id(root: Path) -> str | None:
    from picture_pipeline.originals.handle import ArchiveHandle  # noqa: PLC0415 - not for --help

    try:
        handle = ArchiveHandle.open(root)
    except ArchiveUnavailable:
        return None
    handle.close()
    return handle.identity.id


def _done(
    plan: "SetupPlan", revision: "Revision", found_id: str | None, *, dry_run: bool
) -> "SetupReport | None":
    from picture_pipeline.durable.mounts import read_mounts  # noqa: PLC0415 - not for --help
    from picture_pipeline.originals.marker import create_marker  # noqa: PLC0415 - not for --help
    from picture_pipeline.workflows.setup import carry_out, check_plan  # noqa: PLC0415 - as above

    group = revision.config.storage.nas.group

    def make_archive(note: Callable[[str], None]) -> str:
        return create_marker(plan.archive, random_bytes=os.urandom, group=group, note=note).id

    mounts = read_mounts()
    check_plan(plan, mounts, found_id)
    return None if dry_run else carry_out(plan, mounts, make_archive)


def _document(
    revision: "Revision", plan: "SetupPlan", report: "SetupReport | None", *, is_new: bool
) -> dict[str, object]:
    from picture_pipeline.config import mask_text  # noqa: PLC0415 - not for --help

    return {
        "dry_run": report is None,
        "config": {
            "file": str(plan.config_file),
            "changed": plan.config_text is not None,
            "backup": f"{plan.config_file}.bak" if _backs_up(plan) else None,
        },
        "archive": {
            "path": str(plan.archive),
            "id": report.archive_id if report else None,
            "new": is_new,
            "capabilities": asdict(report.archive) if report else None,
        },
        "local": {
            "path": str(plan.local),
            "capabilities": asdict(report.local) if report else None,
        },
        "database": mask_text(revision.config.storage.database.url),
        "notes": [*revision.config.notes, *(report.notes if report else ())],
    }


def _backs_up(plan: "SetupPlan") -> bool:
    return plan.config_text is not None and plan.keep_backup


def _print_for_people(
    revision: "Revision",
    plan: "SetupPlan",
    report: "SetupReport | None",
    document: Mapping[str, object],
) -> None:
    would = "would be " if report is None else ""
    changed = f"{would}written" if plan.config_text is not None else "unchanged"
    print_line(f"configuration  {plan.config_file} ({changed})")
    if _backs_up(plan):
        print_line(f"               its comments {would}kept only in {plan.config_file}.bak")
    print_line(f"archive        {plan.archive}" + (f", id {report.archive_id}" if report else ""))
    print_line(f"local          {plan.local}")
    print_line(f"database       {document['database']}")
    if report:
        print_line()
        print_table(_capability_rows(report.archive, report.local))
    for note in (*revision.config.notes, *(report.notes if report else ())):
        say(f"note: {note}")


def _capability_rows(archive: "Capabilities", local: "Capabilities") -> list[tuple[str, str, str]]:
    rows = [("", "archive", "local")]
    for name, value in asdict(archive).items():
        label = name.removesuffix("_ns").replace("_", " ")
        rows.append((label, _word(name, value), _word(name, getattr(local, name))))
    return rows


def _word(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_ns"):
        return f"{value} ns" if value is not None else "not kept"
    return str(value)
