"""Which trials a scenario consists of."""

import multiprocessing
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from check import trees
from scenarios import calls, kernel, kills, mutants, pictures, soak, sweep, twice, volumes
from scenarios.trial import Result, Stage, prepare

ROOT = Path(__file__).resolve().parents[2]
SHORT = {
    "kills": 20,
    "sweep": 40,
    "unmounts": 3,
    "disk-full": 2,
    "twice": 1,
    "mutants": 1_000,
    "soak": 120,
}
FULL = {
    "kills": 200,
    "sweep": 0,
    "unmounts": 50,
    "disk-full": 20,
    "twice": 5,
    "mutants": 20_000,
    "soak": 1800,
}
"""How many trials; 0 is all there are. Of mutants, how many files; of soak, how many seconds."""

Trial = Callable[[], Result]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Order:
    """What the person asked for."""

    command: tuple[str, ...]
    folder: Path
    seed: int
    short: bool
    count: int | None = None
    only: str | None = None
    without: frozenset[str] = frozenset()
    """Invariants that are not asked, for importers that know no sidecars or ledgers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The trials of one scenario. ``alone``: they may not run side by side."""

    trials: list[Trial]
    alone: bool = False


class NotRun(Exception):
    """The scenario cannot be run on this machine; the message tells why."""


def plan_kills(order: Order) -> Plan:
    """Kill at random moments."""
    stage = _stage(order, "kills", 24)
    return Plan([partial(kills.one, stage, order.seed, n) for n in _numbers(order, "kills")])


def plan_sweep(order: Order) -> Plan:
    """Let each system call fail once; with ``--short`` a sample."""
    _must_trace()
    stage = _stage(order, "sweep", 0)
    seen = _apart(partial(sweep.trace, stage))
    if order.only:
        number, fault = order.only.split(":")
        points = [sweep.Point(int(number), fault)]
    elif order.short or order.count:
        points = sweep.sample(seen, order.seed, order.count or SHORT["sweep"])
    else:
        points = sweep.plan(seen)
    return Plan([partial(sweep.one, stage, point) for point in points])


def plan_unmounts(order: Order) -> Plan:
    """Take the volume away before random system calls."""
    _must_mount()
    _must_trace()
    stage = _stage(order, "unmounts", 12)
    most = _apart(partial(volumes.calls_of, stage))
    numbers = _numbers(order, "unmounts")
    return Plan([partial(volumes.drop_out, stage, order.seed, n, most) for n in numbers])


def plan_disk_full(order: Order) -> Plan:
    """Give the archive's volume too little room."""
    _must_mount()
    stage = _stage(order, "disk-full", 12)
    most = sum(entry.size for entry in stage.control or [] if trees.published(entry))
    numbers = _numbers(order, "disk-full")
    return Plan([partial(volumes.fill_up, stage, order.seed, n, most) for n in numbers])


def plan_twice(order: Order) -> Plan:
    """Import overlapping folders at once."""
    folder = order.folder / "twice"
    sources = tuple(folder / "sources" / name for name in ("first", "common", "last"))
    for source, count in zip(sources, (6, 18, 10), strict=True):
        pictures.many(source, pictures.corpus(ROOT), count, later=0)
    stage = prepare(order.command, folder, sources, order.without, loose=True)
    return Plan([partial(twice.one, stage, n) for n in _numbers(order, "twice")], alone=True)


def plan_mutants(order: Order) -> Plan:
    """Import files that were hurt by chance."""
    folder = order.folder / "mutants"
    herd = mutants.Herd(
        order.command,
        folder,
        mutants.make_seeds(order.command, folder / "seeds"),
        pictures.corpus(ROOT),
        order.seed,
        order.without,
    )
    total = order.count or (SHORT if order.short else FULL)["mutants"]
    folders = [int(order.only)] if order.only else range(-(-total // mutants.A_FOLDER))
    count = min(total, mutants.A_FOLDER)
    return Plan([partial(mutants.one, herd, number, count) for number in folders], alone=True)


def plan_soak(order: Order) -> Plan:
    """Watch for long; the count is in minutes."""
    seconds = 60.0 * order.count if order.count else (SHORT if order.short else FULL)["soak"]
    return Plan([partial(soak.one, order.command, order.folder / "soak", order.seed, seconds)])


SCENARIOS: dict[str, Callable[[Order], Plan]] = {
    "kills": plan_kills,
    "sweep": plan_sweep,
    "unmounts": plan_unmounts,
    "disk-full": plan_disk_full,
    "twice": plan_twice,
    "mutants": plan_mutants,
    "soak": plan_soak,
}


def _stage(order: Order, name: str, count: int) -> Stage:
    folder = order.folder / name
    source = folder / "sources"
    if count:
        pictures.many(source, pictures.corpus(ROOT), count)
    else:
        pictures.three(source, pictures.corpus(ROOT))
    return prepare(order.command, folder, (source,), order.without)


def _numbers(order: Order, name: str) -> Iterable[int]:
    if order.only:
        return [int(order.only)]
    return range(1, (order.count or (SHORT if order.short else FULL)[name]) + 1)


def _apart(ask: Callable[[], T]) -> T:
    """Ask in a process of its own: mounting and tracing change a process for good."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(ask).result()


def _must_mount() -> None:
    if not kernel.may_mount():
        raise NotRun("this process may not mount (needs CAP_SYS_ADMIN)")


def _must_trace() -> None:
    if not calls.supported():
        raise NotRun("system calls are only known for x86-64")
