"""CPU times of contenders that take turns, so that a busy machine is unfair to none."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence

Contender = Callable[[bytes], object]


def cpu_ms(work: Callable[[], object]) -> float:
    """Give the user and system time of this process, all threads, in ms."""
    before = time.process_time_ns()
    work()
    return (time.process_time_ns() - before) / 1e6


def rounds_of(
    contenders: Mapping[str, Contender], pictures: Sequence[bytes], rounds: int
) -> dict[str, list[float]]:
    """Run all contenders on each picture in turn; mean ms a picture, one figure a round."""
    for contender in contenders.values():
        contender(pictures[0])
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds):
        totals = dict.fromkeys(contenders, 0.0)
        for picture in pictures:
            names = list(contenders) if number % 2 == 0 else list(reversed(contenders))
            for name in names:
                totals[name] += cpu_ms(lambda name=name, picture=picture: contenders[name](picture))
        for name, total in totals.items():
            times[name].append(total / len(pictures))
    return times


def against(times: Mapping[str, Sequence[float]], name: str, base: str) -> float:
    """Give the median over the rounds of how many times ``base`` a contender costs."""
    return statistics.median(
        mine / theirs for mine, theirs in zip(times[name], times[base], strict=True)
    )
