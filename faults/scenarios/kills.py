"""SIGKILL at random moments, to all processes, to the first one, or to a worker."""

import os
import random
import signal
from contextlib import suppress

from scenarios.product import Home, Victim, descendants, kill_group, kill_main
from scenarios.trial import Result, Stage, after_fault, recover, tidy


def kill_worker(dice: random.Random) -> Victim:
    """Kill one process below the first, as a crashing decoder does."""

    def kill(pid: int) -> None:
        workers = descendants(pid)
        if workers:
            with suppress(ProcessLookupError):
                os.kill(dice.choice(workers), signal.SIGKILL)

    return kill


def one(stage: Stage, seed: int, number: int) -> Result:
    """Kill once, at a moment within the undisturbed run's time, then recover."""
    dice = random.Random(f"{seed}/{number}")  # noqa: S311 - replayable, no secret
    what, victim = dice.choice(
        (
            ("all", kill_group),
            ("all", kill_group),
            ("first", kill_main),
            ("worker", kill_worker(dice)),
        )
    )
    after = dice.uniform(0.0, stage.seconds)
    result = Result(str(number), f"SIGKILL {what} after {after:.3f} s")
    home = Home(stage.command, stage.folder / f"kill-{number}")
    done = home.run_killed(home.take_in(*stage.arguments), victim, after)
    result.hit = what == "worker" or done.run.status == -signal.SIGKILL
    before = after_fault(stage, home, done, result)
    recover(stage, home, before, [done.run], result)
    return tidy(home, result)
