"""What companions add to an original can be taken back."""

from collections.abc import Sequence
from dataclasses import replace

from picture_pipeline.model.original import Original
from picture_pipeline.model.told import NOTHING, Told
from picture_pipeline.workflows.describe import described, without_companions
from samples import original_of

OWN = original_of(1, rating=2, keywords=("own",))
THREE, FIVE = original_of(2, rating=3, keywords=("theirs",)), original_of(3, rating=5)


def last_word(own: Original, companions: Sequence[Original], _told: Told) -> Original:
    """Trust the last companion in everything it says."""
    told = companions[-1]
    return replace(own, rating=told.rating, keywords=told.keywords or own.keywords)


def test_an_original_says_what_its_companion_says() -> None:
    now = described(OWN, [THREE], NOTHING, last_word)
    assert (now.rating, now.keywords) == (3, ("theirs",))


def test_what_its_own_bytes_say_comes_back() -> None:
    assert without_companions(described(OWN, [THREE], NOTHING, last_word)) == OWN
    assert described(described(OWN, [THREE], NOTHING, last_word), [], NOTHING, last_word) == OWN


def test_a_later_companion_does_not_build_on_an_earlier_one() -> None:
    first = described(OWN, [THREE], NOTHING, last_word)
    assert described(first, [FIVE], NOTHING, last_word) == described(
        OWN, [FIVE], NOTHING, last_word
    )


def test_nothing_is_kept_where_nothing_is_added() -> None:
    assert described(OWN, [OWN], NOTHING, last_word).own is None
