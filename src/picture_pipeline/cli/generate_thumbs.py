"""The command ``generate-thumbs``."""

from typing import TYPE_CHECKING

import click

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json, print_line, say
from picture_pipeline.errors import IntegrityError

if TYPE_CHECKING:
    from picture_pipeline.workflows.render import RenderReport

_FAILED, _INTERRUPTED = 1, 130
_SHOWN = 20
"""Failures that people are shown; all of them are in the JSON."""


@click.command("generate-thumbs")
@click.option(
    "--all", "everything", is_flag=True, help="Also try again what could not be decoded before."
)
@click.option("--background", is_flag=True, help="Go on in a detached process of low priority.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON document.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_obj
def generate_thumbs(
    invocation: Invocation, *, everything: bool, background: bool, as_json: bool, quiet: bool
) -> int:
    """Make the thumbnails that are missing or damaged on this computer.

    May be interrupted and run again at any time: what is there and whole is kept.
    """
    from picture_pipeline.bootstrap.rendering import open_render  # noqa: PLC0415 - --help stays quick
    from picture_pipeline.cli.progress import progress_on  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.stopping import Stopping  # noqa: PLC0415 - likewise
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    if background:
        return _hand_over(invocation, everything=everything, as_json=as_json)
    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    with (
        Stopping() as stopping,
        progress_on("Thumbnails", quiet=quiet) as progress,
        open_render(config, progress, stopping, progress.expect) as render,
    ):
        report = render.run(everything=everything)
    if as_json:
        print_json(_document(report))
    else:
        _print_for_people(report)
    return _status(report)


def _status(report: "RenderReport") -> int:
    if report.interrupted:
        return _INTERRUPTED
    if report.integrity_broken:
        return IntegrityError.exit_status
    return _FAILED if report.failed else 0


def _document(report: "RenderReport") -> dict[str, object]:
    return {
        "originals": report.looked_at,
        "sound": report.sound,
        "made": report.made,
        "given_up": report.given_up,
        "failed": len(report.failed),
        "problems": [
            {"digest": digest, "reason": why.reason, "detail": why.detail}
            for digest, why in report.failed
        ],
        "seconds": round(report.seconds, 3),
    }


def _print_for_people(report: "RenderReport") -> None:
    for digest, why in report.failed[:_SHOWN]:
        print_line(f"failed: {digest}: {why.reason} ({why.detail})")
    if len(report.failed) > _SHOWN:
        print_line(f"{len(report.failed)} thumbnails not made; all of them with --json")
    print_line(
        f"{report.looked_at} originals: {report.sound} sound, {report.made} made, "
        f"{len(report.failed)} failed, {report.given_up} given up before; "
        f"{report.seconds:.1f} s"
    )
    if report.interrupted:
        print_line("interrupted; run the same command again to go on")


def _hand_over(invocation: Invocation, *, everything: bool, as_json: bool) -> int:
    import sys  # noqa: PLC0415 - --help stays quick

    from picture_pipeline.bootstrap.archive import open_catalog  # noqa: PLC0415 - likewise
    from picture_pipeline.bootstrap.background import BackgroundRun  # noqa: PLC0415 - likewise
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise
    from picture_pipeline.workers.detached import start_detached  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    with open_catalog(config) as (local, _):
        log = local.path / "generate-thumbs.log"
        running = BackgroundRun(local.path).is_running()
    pid = None
    if running:
        say("generate-thumbs is already running; see: picture-pipeline storage-stats")
    else:
        command = [sys.executable, "-m", "picture_pipeline", "generate-thumbs", "--quiet"]
        command += ["--all"] if everything else []
        command += ["--config", str(invocation.config_file)] if invocation.config_file else []
        pid = start_detached(command, log, invocation.environ, invocation.cwd)
        say(f"generate-thumbs goes on in the background (process {pid}, log in {log})")
    if as_json:
        print_json({"started": not running, "process": pid, "log": str(log)})
    return 0
