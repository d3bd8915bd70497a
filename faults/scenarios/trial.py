"""One trial: a fault, the rerun of the same command, and the check after both."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from check import invariants, snap
from check.evidence import Run, gather, named_by, trees
from check.snap import Entry
from scenarios.product import Done, Home

RERUNS = 2


@dataclass(frozen=True, slots=True)
class Stage:
    """What all trials of a scenario share: sources, and an undisturbed run of them."""

    command: tuple[str, ...]
    folder: Path
    arguments: tuple[Path, ...]
    """The sources in the order they are given to ``import``."""
    sources_before: list[Entry]
    control: list[Entry] | None
    rejected: frozenset[bytes]
    """Source files that the undisturbed run rejects."""
    seconds: float
    """How long the undisturbed run took."""
    seen: int
    """How many entries the undisturbed run saw."""
    loose: bool = False
    without: frozenset[str] = frozenset()
    """Invariants that are not asked."""

    @property
    def sources(self) -> tuple[Path, ...]:
        """Every source once."""
        return tuple(dict.fromkeys(self.arguments))


class ControlFailed(Exception):
    """The product fails without any fault: nothing can be learnt from faults."""


@dataclass(slots=True)
class Result:
    """What came of one trial. ``broken`` maps an invariant to what breaks it."""

    trial: str
    """Names the trial; ``--only`` takes it."""
    fault: str
    hit: bool = False
    """Whether the fault came before the run had ended by itself."""
    statuses: list[int | None] = field(default_factory=list)
    seconds: float = 0.0
    broken: dict[str, list[str]] = field(default_factory=dict)
    kept: str | None = None
    """Where the evidence of a broken trial lies."""
    notes: dict[str, float | list[str]] = field(default_factory=dict)
    """What else was counted."""

    def blame(self, phase: str, found: dict[str, list[str]]) -> None:
        """Add what was found broken in a phase."""
        for name, lines in found.items():
            if lines:
                self.broken.setdefault(name, []).extend(f"{phase}: {line}" for line in lines)

    def saw(self, done: Done) -> None:
        """Add how a run ended."""
        self.statuses.append(done.run.status)
        self.seconds += done.seconds
        late = ["the run did not end"] if done.overdue else []
        left = [f"{done.orphans} processes left over"] if done.orphans else []
        self.blame("after", {"I14": late + left})


def prepare(
    command: tuple[str, ...],
    folder: Path,
    arguments: tuple[Path, ...],
    without: frozenset[str],
    *,
    loose: bool = False,
) -> Stage:
    """Run once undisturbed. Raises ControlFailed when even that breaks an invariant."""
    sources = tuple(dict.fromkeys(arguments))
    before = [entry for source in sources for entry in snap.take(source)]
    home = Home(command, folder / "control")
    done = home.run(*home.take_in(*arguments))
    if done.run.status != 0:
        raise ControlFailed(f"exit status {done.run.status}: {done.run.stderr[-2000:]}")
    control = trees(home.where())
    rejected = named_by(done.run)
    stage = Stage(
        command,
        folder,
        arguments,
        before,
        control,
        rejected,
        done.seconds,
        done.run.count("seen"),
        loose,
        without,
    )
    found = check(stage, home, [done.run], settled=True)
    entries = sum(entry.kind != "dir" for entry in before)
    if stage.seen != entries:
        found.setdefault("I11", []).append(f"{stage.seen} seen, there are {entries}")
    lines = [f"{name} {line}" for name, broken in found.items() for line in broken]
    if lines:
        raise ControlFailed("\n".join(lines))
    return stage


def check(
    stage: Stage, home: Home, runs: list[Run], *, settled: bool, **known: list[Entry] | None
) -> dict[str, list[str]]:
    """Ask the check."""
    evidence = gather(
        home.where(*stage.sources),
        settled=settled,
        sources_before=stage.sources_before,
        control=stage.control,
        excused=stage.rejected,
        loose=stage.loose,
        runs=runs,
        **known,
    )
    found = invariants.broken(evidence)
    return {name: lines for name, lines in found.items() if lines and name not in stage.without}


def after_fault(stage: Stage, home: Home, done: Done, result: Result) -> list[Entry]:
    """Check what the fault left; give the originals for later comparison."""
    result.saw(done)
    settled = done.run.complete
    _all_seen(stage, done.run, result)
    # Not compared with the control: a run that met a fault may end elsewhere.
    found = check(replace(stage, control=None), home, [done.run], settled=settled)
    result.blame("fault", found)
    return snap.take(home.where().archive / "originals")


def recover(stage: Stage, home: Home, before: list[Entry], runs: list[Run], result: Result) -> None:
    """Run the same command until it succeeds, make missing thumbnails, check again."""
    again = []
    for done in _reruns(stage, home):
        result.saw(done)
        _all_seen(stage, done.run, result)
        again.append(done.run)
    if again[-1].status != 0:
        said = again[-1].stderr.strip().splitlines()[-1:]
        result.blame("rerun", {"I13": [f"exit status {again[-1].status} after {RERUNS}: {said}"]})
    if any((run.report or {}).get("warnings") for run in runs + again):
        result.saw(home.run("generate-thumbs"))
    result.blame("rerun", check(stage, home, again, settled=True, before=before))


def _all_seen(stage: Stage, run: Run, result: Result) -> None:
    if run.complete and run.count("seen") != stage.seen:
        result.blame("seen", {"I11": [f"{run.count('seen')} seen, there are {stage.seen}"]})


def _reruns(stage: Stage, home: Home) -> Iterator[Done]:
    for _ in range(RERUNS):
        done = home.run(*home.take_in(*stage.arguments))
        yield done
        if done.run.status == 0:
            return


def tidy(home: Home, result: Result) -> Result:
    """Throw a sound trial away, keep a broken one."""
    if result.broken:
        result.kept = str(home.folder)
    else:
        shutil.rmtree(home.folder, ignore_errors=True)
    return result
