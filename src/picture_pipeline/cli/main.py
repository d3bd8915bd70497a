"""The command ``picture-pipeline``: its commands, and which error ends with which status.

This is the only place that turns errors into exit statuses.
"""

import errno
import io
import select
import sys
from collections.abc import Mapping, Sequence

import click

from picture_pipeline import __version__
from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.lazy import CommandRow, LazyGroup, global_options, invocation_of
from picture_pipeline.cli.output import say
from picture_pipeline.errors import ConfigError, PipelineError

PROGRAM = "picture-pipeline"
FAILED, USAGE, INTERRUPTED = 1, 2, 130

_HERE = "picture_pipeline.cli"
COMMANDS: Mapping[str, CommandRow] = {
    "setup-storage": CommandRow(
        f"{_HERE}.setup_storage:setup_storage", "Write storage.yaml, make the archive, measure."
    ),
    "import": CommandRow(f"{_HERE}.import_:import_", "Take files and folders in, once."),
    "watch": CommandRow(f"{_HERE}.watch:watch", "Take in what arrives, again and again."),
    "imports": CommandRow(f"{_HERE}.imports:imports", "List imports, take one back."),
    "sources": CommandRow(f"{_HERE}.sources:sources", "Name the places that pictures come from."),
    "free": CommandRow(f"{_HERE}.free:free", "Remove from a card what the archive holds."),
    "reclaim": CommandRow(
        f"{_HERE}.reclaim:reclaim", "Give back the space of downloads that are archived."
    ),
    "consolidate": CommandRow(
        f"{_HERE}.consolidate:consolidate", "Tell which sources add nothing to the archive."
    ),
    "duplicates": CommandRow(
        f"{_HERE}.duplicates:duplicates", "List what is there more than once."
    ),
    "generate-thumbs": CommandRow(
        f"{_HERE}.generate_thumbs:generate_thumbs", "Make the thumbnails that are missing."
    ),
    "storage-stats": CommandRow(
        f"{_HERE}.storage_stats:storage_stats", "Count pictures, thumbnails, bytes."
    ),
    "list": CommandRow(f"{_HERE}.list_:list_", "Find pictures."),
    "show": CommandRow(f"{_HERE}.show:show", "Tell all that is known of one picture."),
    "get": CommandRow(f"{_HERE}.get:get", "Give out one picture at a size."),
    "cache": CommandRow(f"{_HERE}.cache:cache", "Look at the cache of originals, steer it."),
    "doctor": CommandRow(f"{_HERE}.doctor:doctor", "Look whether everything is well."),
    "config": CommandRow(f"{_HERE}.config:config", "Look at the configuration."),
}

EXIT_STATUSES = """\b
Exit statuses:
  0    all well
  1    some files failed; the report names them
  2    the call or the configuration is wrong
  3    something is unavailable (NAS, database); run again later
  4    integrity broken: bytes are not what they must be
  130  interrupted
"""


class _Commands(LazyGroup):
    rows = COMMANDS


@click.group(
    cls=_Commands,
    params=list(global_options()),
    epilog=EXIT_STATUSES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Keep a family's pictures: every byte once in the archive, thumbnails at hand."""
    ctx.obj = invocation_of(ctx)


def main(arguments: Sequence[str] | None = None, invocation: Invocation | None = None) -> int:
    """Run one command; gives the exit status.

    ``arguments`` default to those of the process, without the program's name.
    A command ends well by returning None, or gives a status of its own by
    returning an int, by ``ctx.exit`` or by raising.
    """
    _let_any_name_be_printed()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _run(given, invocation)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the outermost border
        status = status_of(error)
    return status


def _run(arguments: list[str], invocation: Invocation | None) -> int:
    # Not click's own main(): it takes every broken pipe, also one to a worker
    # that died, for a reader of our output that had enough.
    try:
        with cli.make_context(PROGRAM, arguments, obj=invocation) as context:
            status = cli.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    return status if isinstance(status, int) else 0


def status_of(error: BaseException) -> int:
    """Tell people how a command ended, and give the exit status that says so."""
    _log(error)
    match error:
        case click.Abort() | KeyboardInterrupt():
            say("interrupted; run the command again to go on")
            return INTERRUPTED
        case click.ClickException():
            error.show()
            return USAGE
        case PipelineError():
            say(_told(error))
            return error.exit_status
        case OSError(errno=errno.EPIPE) if _reader_is_gone():
            return _end_quietly()
        case _:
            say(f"unexpected {type(error).__name__}: {error}; traceback in {_keep(error)}")
            return FAILED


def _told(error: PipelineError) -> str:
    if isinstance(error, ConfigError) and len(error.faults) > 1:
        lines = "".join(f"\n  - {fault}" for fault in error.faults)
        return f"{len(error.faults)} faults in the configuration:{lines}"
    return str(error)


def _log(error: BaseException) -> None:
    # Without -v nothing is configured and INFO goes nowhere.
    import logging  # noqa: PLC0415 - costs time that --help must not pay

    logging.getLogger(__name__).info("ended by %s", type(error).__name__, exc_info=error)


def _keep(error: BaseException) -> str:
    import tempfile  # noqa: PLC0415 - only when something unforeseen happened
    import traceback  # noqa: PLC0415 - only when something unforeseen happened

    with tempfile.NamedTemporaryFile(
        "w", prefix=f"{PROGRAM}-", suffix=".log", delete=False, errors="backslashreplace"
    ) as file:
        traceback.print_exception(error, file=file)
    return file.name


def _reader_is_gone() -> bool:
    poll = select.poll()
    try:
        poll.register(sys.stdout.fileno(), 0)
    except (OSError, ValueError):
        return False
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))


def _end_quietly() -> int:
    # Whatever is still buffered has no reader: Python must not try again at exit.
    sys.stdout = io.StringIO()
    return 0


def _let_any_name_be_printed() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
