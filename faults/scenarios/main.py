"""``faults/run``: parse, run the trials two at a time, tell."""

import argparse
import json
import multiprocessing
import secrets
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path

from scenarios import plans, product
from scenarios.plans import SCENARIOS, NotRun, Order, Plan
from scenarios.trial import ControlFailed, Result

BESIDE = 2
BROKEN, MISUSED, NOT_RUN = 1, 2, 3
SHOWN = 3


@dataclass(slots=True)
class Summary:
    """One line of the table."""

    scenario: str
    seed: int
    results: list[Result] = field(default_factory=list)
    seconds: float = 0.0
    not_run: str | None = None
    failed: str | None = None
    """Why even the undisturbed run is no base for trials."""

    @property
    def broken(self) -> list[Result]:
        """Trials that broke an invariant."""
        return [result for result in self.results if result.broken]


def main(arguments: list[str] | None = None) -> int:
    """Exit 0: all held; 1: an invariant broke; 3: something could not be run."""
    options = _parser().parse_args(arguments)
    names = list(SCENARIOS) if options.scenario == "all" else [options.scenario]
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir=options.temp))
    order = _order(options, folder)
    _say(f"seed {order.seed}, evidence in {folder}")
    summaries = [_run(name, order) for name in names]
    _table(summaries)
    if options.output:
        options.output.write_text(json.dumps([asdict(summary) for summary in summaries], indent=1))
    return _close(summaries, folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="faults/run", description=main.__doc__)
    parser.add_argument("scenario", nargs="?", default="all", choices=[*SCENARIOS, "all"])
    parser.add_argument("count", nargs="?", type=int, help="how many trials")
    parser.add_argument("--short", action="store_true", help="a few of each")
    parser.add_argument("--seed", type=int, help="of an earlier run, to replay it")
    parser.add_argument("--only", help="one trial of an earlier run, as it was printed")
    parser.add_argument("--command", help="the command to test (default: the checkout's .venv)")
    parser.add_argument("--without", default="", help="invariants not to ask: I7,I15")
    parser.add_argument("--temp", type=Path, help="where to work (default: TMPDIR)")
    parser.add_argument("-o", "--output", type=Path, help="results as JSON")
    return parser


def _order(options: argparse.Namespace, folder: Path) -> Order:
    command = product.words(options.command) if options.command else product.installed(plans.ROOT)
    if not Path(command[0]).exists():
        _say(f"{command[0]} is not there: run ./run.sh once, or give --command")
        sys.exit(MISUSED)
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    without = frozenset(options.without.split(","))
    return Order(command, folder, seed, options.short, options.count, options.only, without)


def _run(name: str, order: Order) -> Summary:
    start = time.monotonic()
    summary = Summary(name, order.seed)
    try:
        plan = SCENARIOS[name](order)
    except NotRun as reason:
        summary.not_run = str(reason)
        _say(f"{name}: not run, {reason}")
    except ControlFailed as reason:
        summary.failed = str(reason)
        _say(f"{name}: even undisturbed: {reason}")
    else:
        for result in _results(plan):
            summary.results.append(result)
            _progress(name, order.seed, len(summary.results), len(plan.trials), result)
    summary.seconds = time.monotonic() - start
    return summary


def _results(plan: Plan) -> Iterator[Result]:
    """Each trial in a process of its own: it traces, adopts orphans and mounts."""
    with ProcessPoolExecutor(
        1 if plan.alone else BESIDE,
        mp_context=multiprocessing.get_context("spawn"),
        max_tasks_per_child=1,
    ) as pool:
        for done in as_completed([pool.submit(_tried, trial) for trial in plan.trials]):
            yield done.result()


def _tried(trial: plans.Trial) -> Result:
    """Run a trial; what goes wrong in the harness itself must not pass for a sound trial."""
    try:
        return trial()
    except Exception:  # noqa: BLE001 - one trial's border
        return Result("?", "the harness", broken={"harness": [traceback.format_exc()]})


def _progress(name: str, seed: int, done: int, total: int, result: Result) -> None:
    if not result.broken:
        if sys.stderr.isatty() or done % 20 == 0 or done == total:
            _say(f"{name}: {done} of {total}")
        return
    _say(f"{name}: BROKEN, replay: faults/run {name} --seed {seed} --only {result.trial}")
    _say(f"  {result.fault}; exit statuses {result.statuses}; kept in {result.kept}")
    for invariant, lines in result.broken.items():
        for line in lines[:SHOWN]:
            _say(f"  {invariant} {line}")


def _table(summaries: list[Summary]) -> None:
    print(f"{'scenario':<10} {'trials':>6} {'hit':>5} {'broken':>6} {'seconds':>8}  seed")
    for one in summaries:
        hit = sum(result.hit for result in one.results)
        note = f"not run: {one.not_run}" if one.not_run else ""
        note = "failed undisturbed" if one.failed else note
        print(
            f"{one.scenario:<10} {len(one.results):>6} {hit:>5} {len(one.broken):>6}"
            f" {one.seconds:>8.1f}  {one.seed} {note}"
        )


def _close(summaries: list[Summary], folder: Path) -> int:
    if any(summary.broken or summary.failed for summary in summaries):
        return BROKEN
    shutil.rmtree(folder, ignore_errors=True)
    return NOT_RUN if any(summary.not_run for summary in summaries) else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
