"""Every write-class system call of an import fails once: SIGKILL, EIO, ENOSPC."""

import errno
import os
import random
from collections import defaultdict
from dataclasses import dataclass

from scenarios.product import Home
from scenarios.tracer import KILL, PASS, Call, Judge
from scenarios.trial import Result, Stage, after_fault, recover, tidy

FAULTS = {"SIGKILL": KILL, "EIO": errno.EIO, "ENOSPC": errno.ENOSPC}
BEYOND = 5
"""How many more calls than in the undisturbed run are tried: no two runs are equal."""


@dataclass(frozen=True, slots=True)
class Point:
    """Let the ``number``-th call fail."""

    number: int
    fault: str

    @property
    def name(self) -> str:
        """For ``--only``."""
        return f"{self.number}:{self.fault}"


def trace(stage: Stage) -> list[Call]:
    """List the write-class calls of an undisturbed import."""
    home = Home(stage.command, stage.folder / "trace")
    done = home.run_traced(home.take_in(*stage.arguments), lambda _call: PASS)
    tidy(home, Result("trace", "none"))
    return done.trace.calls if done.trace else []


def plan(seen: list[Call]) -> list[Point]:
    """Give every call every fault."""
    numbers = range(1, len(seen) + BEYOND + 1)
    return [Point(number, fault) for number in numbers for fault in FAULTS]


def sample(seen: list[Call], seed: int, count: int) -> list[Point]:
    """Choose points such that each kind of call in each kind of place comes first."""
    dice = random.Random(seed)  # noqa: S311 - replayable, no secret
    kinds: dict[tuple[str, str], list[int]] = defaultdict(list)
    for call in seen:
        kinds[call.name, _place(call.path)].append(call.number)
    rounds = [dice.sample(numbers, len(numbers)) for numbers in kinds.values()]
    order = [numbers[n] for n in range(len(seen)) for numbers in rounds if n < len(numbers)]
    names = list(FAULTS)
    return [Point(number, names[n % len(names)]) for n, number in enumerate(order[:count])]


def _place(path: bytes) -> str:
    for word in (b"incoming", b"ledger", b"originals", b"thumbs", b"catalog.db", b"local.db"):
        if word in path:
            return word.decode()
    return "elsewhere"


def one(stage: Stage, point: Point) -> Result:
    """Let one call fail, then recover."""
    result = Result(point.name, point.fault)
    home = Home(stage.command, stage.folder / f"sweep-{point.number}-{point.fault}")
    done = home.run_traced(home.take_in(*stage.arguments), _judge(point))
    seen = done.trace.calls if done.trace else []
    result.hit = len(seen) >= point.number
    if result.hit:
        call = seen[point.number - 1]
        result.fault = f"{point.fault} at {call.name} {_shown(home, call)}"
    before = after_fault(stage, home, done, result)
    recover(stage, home, before, [done.run], result)
    return tidy(home, result)


def _judge(point: Point) -> Judge:
    def judge(call: Call) -> int:
        return FAULTS[point.fault] if call.number == point.number else PASS

    return judge


def _shown(home: Home, call: Call) -> str:
    return os.path.relpath(os.fsdecode(call.path), home.folder)
