"""When a file has stood still long enough."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.watched import Place, StandingStill, Verdict
from picture_pipeline.workflows.gate import Gate, Patience

SETTLE, INCOMPLETE = 30.0, 3600.0
PLACE = Place(b"2024", b"IMG_1.HEIC")


def stamp(version: int) -> FileStamp:
    return FileStamp(1000 * version, 1, version, 7)


def gate() -> Gate:
    return Gate(Patience(SETTLE, INCOMPLETE))


def after(looks: Sequence[tuple[float, int]]) -> Gate:
    made = gate()
    for time, version in looks:
        made.look(PLACE, stamp(version), time)
    return made


def test_a_file_seen_once_waits() -> None:
    assert after([(0, 1)]).verdict(PLACE, stamp(1), 1000) is Verdict.WAIT


def test_a_file_that_stood_still_over_two_looks_is_taken_if_it_is_whole() -> None:
    assert after([(0, 1), (30, 1)]).verdict(PLACE, stamp(1), 31) is Verdict.IF_WHOLE


def test_two_looks_too_near_to_each_other_are_not_enough() -> None:
    assert after([(0, 1), (29, 1)]).verdict(PLACE, stamp(1), 29) is Verdict.WAIT


def test_a_file_that_grew_begins_anew() -> None:
    assert after([(0, 1), (30, 2), (59, 2)]).verdict(PLACE, stamp(2), 59) is Verdict.WAIT


def test_a_file_that_changed_since_the_last_look_waits() -> None:
    assert after([(0, 1), (30, 1)]).verdict(PLACE, stamp(2), 31) is Verdict.WAIT


def test_a_file_nobody_looked_at_waits() -> None:
    assert gate().verdict(PLACE, stamp(1), 9999) is Verdict.WAIT


def test_a_file_that_grows_is_looked_at_ever_more_rarely() -> None:
    made = gate()
    pauses = []
    for version in range(10):
        now = 10_000.0 * version
        made.look(PLACE, stamp(version), now)
        due = made.next_due()
        assert due is not None
        pauses.append(due - now)
    assert pauses == [30, 60, 120, 240, 300, 300, 300, 300, 300, 300]


def test_a_file_cut_short_is_tried_again_ever_later() -> None:
    made = after([(0, 1), (30, 1)])
    made.tried(PLACE, 30)
    assert made.ready(89) == {}
    assert made.ready(90) == {PLACE.folder: frozenset({PLACE.name})}


def test_a_file_cut_short_is_taken_as_it_is_when_it_stood_still_for_an_hour() -> None:
    made = after([(0, 1), (30, 1)])
    now = 30.0
    while not made.ready(3600) or now < 3600:
        made.tried(PLACE, now)
        due = made.next_due()
        assert due is not None
        now = due
        if now >= 3600:
            break
    assert now == 3600
    assert made.verdict(PLACE, stamp(1), now) is Verdict.AS_IT_IS


def test_a_file_that_cannot_be_read_is_tried_once_an_hour_in_the_end() -> None:
    made = after([(0, 1), (30, 1)])
    for _ in range(40):
        made.tried(PLACE, 50_000)
    assert made.next_due() == 50_000 + 3600


def test_a_file_that_was_taken_is_forgotten() -> None:
    made = after([(0, 1), (30, 1)])
    made.forget(PLACE)
    assert (len(made), made.next_due()) == (0, None)


def test_a_restart_goes_on_waiting() -> None:
    before = after([(0, 1), (30, 1)])
    before.tried(PLACE, 30)
    kept = tuple(before.standing_still(offset=1_000_000))
    again = gate()
    again.take_up(kept, offset=999_000, now=1040)
    again.look(PLACE, stamp(1), 1040)
    assert again.verdict(PLACE, stamp(1), 1000 + 3600) is Verdict.AS_IT_IS
    assert again.verdict(PLACE, stamp(1), 1000 + 3599) is Verdict.IF_WHOLE


def test_what_was_noted_by_a_clock_that_was_fast_waits_no_shorter() -> None:
    again = gate()
    again.take_up([StandingStill(PLACE, stamp(1), since=5_000, tries=1)], offset=0, now=100)
    again.look(PLACE, stamp(1), 100)
    assert again.verdict(PLACE, stamp(1), 100) is Verdict.WAIT


def test_a_file_that_was_never_tried_is_not_noted() -> None:
    assert list(after([(0, 1), (30, 1)]).standing_still(0)) == []


def test_a_gate_tells_when_it_is_full() -> None:
    made = Gate(Patience(SETTLE, INCOMPLETE), limit=2)
    for number in range(2):
        assert not made.is_full()
        made.look(Place(b"", b"%d" % number), stamp(1), 0)
    assert made.is_full()


@dataclass
class Taking:
    """Plays a watch on one file: looks at it, and takes it when the gate lets it through."""

    gate: Gate
    taken: list[tuple[float, int]] = field(default_factory=list)
    known: int | None = None

    def at(self, now: float, version: int) -> None:
        if version == self.known:
            self.gate.forget(PLACE)
            return
        self.gate.look(PLACE, stamp(version), now)
        if self.gate.verdict(PLACE, stamp(version), now) is not Verdict.WAIT:
            self.taken.append((now, version))
            self.known = version
            self.gate.forget(PLACE)


STEPS = st.lists(st.tuples(st.floats(0.5, 100), st.booleans()), min_size=1, max_size=30)


@given(STEPS)
def test_whatever_happens_no_version_is_taken_before_it_stood_still(
    steps: list[tuple[float, bool]],
) -> None:
    play = Taking(gate())
    now, version, since = 0.0, 0, 0.0
    first_seen: dict[int, float] = {}
    for pause, changes in steps:
        now += pause
        if changes:
            version, since = version + 1, now
        first_seen.setdefault(version, now)
        play.at(now, version)
        for when, taken in play.taken:
            assert when - first_seen[taken] >= SETTLE
    assert since <= now
    assert len({taken for _, taken in play.taken}) == len(play.taken)


@given(STEPS)
def test_whatever_happened_a_file_that_then_stands_still_is_taken_once(
    steps: list[tuple[float, bool]],
) -> None:
    play = Taking(gate())
    now, version = 0.0, 0
    for pause, changes in steps:
        now += pause
        version += changes
        play.at(now, version)
    for _ in range(3):
        now += SETTLE
        play.at(now, version)
    assert [taken for _, taken in play.taken].count(version) == 1


@pytest.mark.parametrize("settle", [0.0, 0.5, 30.0])
def test_a_file_is_due_again_when_it_may_be_settled(settle: float) -> None:
    made = Gate(Patience(settle, INCOMPLETE))
    made.look(PLACE, stamp(1), 100)
    assert made.next_due() == 100 + settle
    made.look(PLACE, stamp(1), 100 + settle)
    assert made.ready(100 + settle) == {PLACE.folder: frozenset({PLACE.name})}
