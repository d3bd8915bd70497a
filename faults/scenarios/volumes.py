"""The archive on a volume of its own that drops out or fills up. Needs the right to mount."""

import random
import shutil
from pathlib import Path

from check import snap
from check.evidence import Run
from scenarios import kernel
from scenarios.product import Done, Home
from scenarios.tracer import PASS, Call
from scenarios.trial import Result, Stage, after_fault, check, recover, tidy

UNAVAILABLE = 3
ROOM = "256m"


def drop_out(stage: Stage, seed: int, number: int, calls: int) -> Result:
    """Take the volume away before a random write-class call, bring it back, recover."""
    dice = random.Random(f"{seed}/{number}")  # noqa: S311 - replayable, no secret
    point = dice.randint(1, calls)
    result = Result(str(number), f"umount -l before call {point}")
    home, volume = _mounted(stage, f"unmount-{number}", f"size={ROOM}")

    def judge(call: Call) -> int:
        if call.number == point:
            result.hit = True
            kernel.unmount(_nas(home))
        return PASS

    done = home.run_traced(home.take_in(*stage.arguments), judge)
    if result.hit:
        runs = _while_away(stage, home, done, result)
        kernel.mount("--bind", str(volume), str(_nas(home)))
    else:
        runs = [done.run]
    recover(stage, home, after_fault(stage, home, done, result), runs, result)
    return _released(home, volume, result)


def _while_away(stage: Stage, home: Home, done: Done, result: Result) -> list[Run]:
    """Nothing may land on the local disk, neither now nor by a run started meanwhile."""
    again = home.run(*home.take_in(*stage.arguments))
    result.saw(again)
    statuses = {"first run": done.run.status, "run while away": again.run.status}
    # The first may have been through with the archive when it went.
    allowed = {"first run": {UNAVAILABLE, 0}, "run while away": {UNAVAILABLE}}
    wrong = [
        f"{name}: exit status {status}"
        for name, status in statuses.items()
        if status not in allowed[name]
    ]
    below = [f"{entry.shown}: below the mount point" for entry in snap.take(_nas(home))[1:]]
    result.blame("away", {"I12": below, "I11": wrong})
    return [done.run, again.run]


def fill_up(stage: Stage, seed: int, number: int, most: int) -> Result:
    """Give the volume too little room, then enough, and recover."""
    dice = random.Random(f"{seed}/{number}")  # noqa: S311 - replayable, no secret
    limit = f"size={dice.randint(16, most // 1024)}k"
    if number % 4 == 3:
        limit = f"size={ROOM},nr_inodes={dice.randint(12, 40)}"
    result = Result(str(number), f"tmpfs {limit}")
    home, volume = _mounted(stage, f"full-{number}", limit)
    done = home.run(*home.take_in(*stage.arguments))
    result.hit = done.run.status != 0
    if done.run.status not in {0, UNAVAILABLE}:
        result.blame("full", {"I11": [f"exit status {done.run.status}: {done.run.stderr[-300:]}"]})
    left = snap.take(home.where().archive / ".picture-pipeline" / "incoming")
    kinds = [f"incoming/{entry.shown}: left over" for entry in left if entry.kind != "dir"]
    result.blame("full", {"I4": kinds})
    before = after_fault(stage, home, done, result)
    kernel.mount("-o", f"remount,size={ROOM},nr_inodes=1000000", str(volume))
    recover(stage, home, before, [done.run], result)
    return _released(home, volume, result)


def calls_of(stage: Stage) -> int:
    """Count the write-class calls of an undisturbed import into a mounted archive."""
    home, volume = _mounted(stage, "mounted", f"size={ROOM}")
    done = home.run_traced(home.take_in(*stage.arguments), lambda _call: PASS)
    found = check(stage, home, [done.run], settled=True)
    result = Result("control", "none", broken=found)
    _released(home, volume, result)
    if found:
        raise RuntimeError(f"an archive on a volume of its own breaks {found}")
    return len(done.trace.calls) if done.trace else 0


def _mounted(stage: Stage, name: str, options: str) -> tuple[Home, Path]:
    """Mount a volume at a steady place and bind it to where the product looks for it."""
    kernel.own_mounts()
    folder = stage.folder / name
    home = Home(stage.command, folder, folder / "nas")
    volume = folder / "volume"
    for place in (volume, _nas(home)):
        place.mkdir(parents=True)
    kernel.mount("-t", "tmpfs", "-o", f"size={ROOM}", "none", str(volume))
    kernel.mount("--bind", str(volume), str(_nas(home)))
    home.set_up()
    kernel.mount("-o", f"remount,{options}", str(volume))
    return home, volume


def _nas(home: Home) -> Path:
    return home.where().archive


def _released(home: Home, volume: Path, result: Result) -> Result:
    """Unmount; what a broken trial leaves on the volume is copied beside it first."""
    if result.broken:
        shutil.copytree(volume, home.folder / "volume-kept", symlinks=True)
    kernel.unmount(_nas(home))
    kernel.unmount(volume)
    return tidy(home, result)
