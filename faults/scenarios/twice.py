"""Eight imports of overlapping folders into one archive, all at once."""

from check import trees
from check.evidence import Run
from scenarios.product import LIMIT_SECONDS, Home, Started
from scenarios.trial import Result, Stage, check, tidy

PROCESSES = 8


def one(stage: Stage, number: int) -> Result:
    """Start all at once; each must succeed, and one of them win each picture."""
    first, common, last = stage.sources
    result = Result(str(number), f"{PROCESSES} imports at once", hit=True)
    home = Home(stage.command, stage.folder / f"twice-{number}")
    halves = ((first, common), (common, last))
    started = [home.start(*home.take_in(*halves[n % 2])) for n in range(PROCESSES)]
    runs = [_ended(one_started, result) for one_started in started]
    originals = {entry.sha256 for entry in stage.control or [] if trees.published(entry)}
    imported = sum(run.count("imported") for run in runs)
    if imported != len(originals):
        result.blame("twice", {"I3": [f"{imported} imported, {len(originals)} originals"]})
    for run in runs:
        if run.status != 0 or "database is locked" in run.stderr:
            result.blame("twice", {"I11": [f"exit status {run.status}: {run.stderr[-500:]}"]})
    result.blame("twice", check(stage, home, runs, settled=True))
    return tidy(home, result)


def _ended(started: Started, result: Result) -> Run:
    run, overdue = started.finish(LIMIT_SECONDS)
    result.statuses.append(run.status)
    if overdue:
        result.blame("twice", {"I14": ["a run did not end"]})
    return run
