"""How ``watch`` runs: for ever as a service, or once."""

import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from picture_pipeline.bootstrap.arriving import arrive
from picture_pipeline.bootstrap.watch import (
    Surroundings,
    WatchOptions,
    chosen_folders,
    make_watch,
)
from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json_line, say
from picture_pipeline.cli.report import print_report, report_document, report_status
from picture_pipeline.cli.stopping import Stopping
from picture_pipeline.config import Config
from picture_pipeline.errors import Unavailable
from picture_pipeline.model.candidate import SourceSpec
from picture_pipeline.model.report import ImportReport
from picture_pipeline.workers.service import ServiceManager
from picture_pipeline.workers.waking import Waker
from picture_pipeline.workflows.outage import Outage
from picture_pipeline.workflows.watch_once import watch_once
from picture_pipeline.workflows.watched import Clock

_AWAY = 3
_TALKATIVE = ("watchfiles", "alembic")
_INTERRUPTED = 130
_LINE = "%(asctime)sZ level=%(levelname)s %(message)s"


@dataclass(frozen=True, slots=True)
class WatchCall:
    """One call of the command."""

    invocation: Invocation
    config: Config
    names: tuple[bytes, ...]
    options: WatchOptions
    as_json: bool


class WakingStop(Stopping):
    """Ctrl-C and SIGTERM, which also end a sleep."""

    def __init__(self, wake: Callable[[], None]) -> None:
        super().__init__()
        self._wake = wake
        self.by_person = False

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.by_person = number == signal.SIGINT
        self._wake()
        super()._ask(number, frame)


def watch_on(call: WatchCall) -> int:
    """Watch until stopped; gives the exit status: 0 after SIGTERM, 130 after Ctrl-C."""
    _log_each_event()
    tell = _print_line if call.as_json else _print_nothing
    with _around(call, tell) as (around, stopping):
        specs = _choose_patiently(call, around)
        watch = make_watch(call.config, specs, call.options, around)
        for note in call.config.notes:
            say(f"note: {note}")
        around.service.ready(f"watching {', '.join(spec.name for spec in specs)}")
        watch.run()
        around.service.stopping()
    return _INTERRUPTED if stopping.by_person else 0


def watch_until_settled(call: WatchCall) -> int:
    """Watch once; gives the exit status of an import, or 3 when a source was not there."""
    with _around(call, _print_nothing) as (around, _):
        specs = chosen_folders(call.config, call.names, call.invocation.cwd)
        watch = make_watch(call.config, specs, call.options, around)
        once = watch_once(watch)
    there = [each.source.spec for each in watch.sources if each.source is not None]
    print_report(once.report, [arrive(spec, None) for spec in there], as_json=call.as_json)
    for each in once.away:
        say(f"{each.spec.name}: {each.state.status}: {each.state.detail}; nothing was concluded")
    status = report_status(once.report)
    return _AWAY if once.away and status == 0 else status


@contextmanager
def _around(
    call: WatchCall, tell: Callable[[ImportReport], None]
) -> Iterator[tuple[Surroundings, WakingStop]]:
    service = ServiceManager.of(call.invocation.environ)
    with Waker() as waker, WakingStop(waker.wake) as stopping:
        clock = Clock(time.monotonic, time.time)
        yield (
            Surroundings(clock, waker.sleep, waker.wake, service, stopping, tell),
            stopping,
        )


def _choose_patiently(call: WatchCall, around: Surroundings) -> list[SourceSpec]:
    """Find out what is to be watched; the database may start later than we do."""
    away = Outage(time.monotonic)
    while not around.stopping():
        try:
            specs = chosen_folders(call.config, call.names, call.invocation.cwd)
        except Unavailable as error:
            away.strike(error)
            around.service.ready(f"waiting: {error}")
            _sleep_until(away.not_before, around)
        else:
            away.back()
            return specs
    return []


def _sleep_until(moment: float, around: Surroundings) -> None:
    while not around.stopping() and time.monotonic() < moment:
        around.service.alive()
        around.sleep(min(1.0, moment - time.monotonic()))


def _log_each_event() -> None:
    """Log what happens to stderr, a line each; ``-v`` set it up already."""
    formatter = logging.Formatter(_LINE, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
        root.setLevel(logging.INFO)
        for library in _TALKATIVE:
            logging.getLogger(library).setLevel(logging.WARNING)
    for handler in root.handlers:
        handler.setFormatter(formatter)


def _print_line(report: ImportReport) -> None:
    print_json_line(report_document(report))


def _print_nothing(_: ImportReport) -> None:
    pass
