"""When two pictures are the same shot, and which copy is the better one."""

from dataclasses import replace

import pytest

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness, PictureHash
from picture_pipeline.model.media import Family
from picture_pipeline.workflows.sameshot import (
    Sameness,
    correlation,
    same_shot,
    vetoed,
    why_better,
    worth,
)

CLEAR = PictureHash(bytes(32), 90)
PLAIN = PictureHash(bytes(32), 49)
ORIGINAL = Likeness(
    digest=Digest("a" * 64),
    size=2_000_000,
    media_type="image/heic",
    family=Family.STILL,
    taken_at="2024-03-15T10:11:12+01:00",
    taken_from="exif_original",
    subsecond="705",
    make="Apple",
    model="iPhone 13",
    width=4032,
    height=3024,
    hash=CLEAR,
)
COPY = replace(ORIGINAL, digest=Digest("b" * 64), media_type="image/jpeg", size=900_000)
STRIPPED = replace(
    COPY,
    taken_at="2024-03-20T08:00:00+00:00",
    taken_from="mtime",
    subsecond=None,
    make=None,
    model=None,
    width=1600,
    height=1200,
)
FILM = replace(
    ORIGINAL,
    media_type="video/quicktime",
    family=Family.VIDEO,
    taken_from="quicktime",
    subsecond=None,
    duration=12.5,
)


def unasked(_one: Likeness, _other: Likeness) -> float | None:
    raise AssertionError("pixels were asked for")


def judge(
    one: Likeness, other: Likeness, distance: int | None = 4, correlated: float | None = 1.0
) -> Sameness | None:
    return same_shot(one, other, distance, lambda _one, _other: correlated)


def test_what_looks_alike_at_the_same_second_by_the_same_camera_is_one_shot() -> None:
    assert same_shot(ORIGINAL, COPY, 31, unasked) is Sameness.CONFIRMED


def test_beyond_31_bits_it_is_another_picture() -> None:
    assert judge(ORIGINAL, COPY, 32) is None


def test_the_rule_is_the_same_both_ways() -> None:
    assert judge(STRIPPED, ORIGINAL) is judge(ORIGINAL, STRIPPED) is Sameness.PROBABLE


@pytest.mark.parametrize(
    "changed",
    [
        {"taken_at": "2024-03-15T10:11:13"},
        {"model": "iPhone 14"},
        {"subsecond": "912"},
        {"content_identifier": "two"},
        {"burst": "two"},
    ],
)
def test_what_says_that_it_is_another_shot_is_one(changed: dict[str, str]) -> None:
    original = replace(ORIGINAL, content_identifier="one", burst="one")
    assert judge(original, replace(COPY, **changed), 0) is None  # type: ignore[arg-type]  # all text


def test_digits_of_a_second_are_compared_as_far_as_both_tell_them() -> None:
    assert judge(ORIGINAL, replace(COPY, subsecond="70")) is Sameness.CONFIRMED


def test_an_offset_that_a_copy_lost_is_no_difference() -> None:
    copy = replace(COPY, taken_at="2024-03-15T10:11:12")
    assert judge(ORIGINAL, copy) is Sameness.CONFIRMED


def test_a_copy_without_exif_is_probably_the_same_shot() -> None:
    assert judge(ORIGINAL, STRIPPED, 20, 0.98) is Sameness.PROBABLE


def test_without_exif_more_bits_are_too_many() -> None:
    assert same_shot(ORIGINAL, STRIPPED, 21, unasked) is None


def test_without_exif_the_levels_of_gray_have_to_agree() -> None:
    assert judge(ORIGINAL, STRIPPED, 4, 0.97) is None


def test_without_exif_and_without_pixels_nobody_can_tell() -> None:
    assert judge(ORIGINAL, STRIPPED, 4, None) is None


def test_without_exif_the_aspect_has_to_agree() -> None:
    assert same_shot(ORIGINAL, replace(STRIPPED, width=1600, height=1000), 4, unasked) is None


def test_without_exif_it_does_not_matter_which_side_is_stored_as_the_long_one() -> None:
    assert judge(ORIGINAL, replace(STRIPPED, width=1200, height=1600)) is Sameness.PROBABLE


def test_a_copy_that_lost_its_time_alone_still_names_its_camera() -> None:
    copy = replace(STRIPPED, make="Google", model="Pixel 8")
    assert judge(ORIGINAL, copy) is None


def test_hashes_of_plain_pictures_mean_nothing() -> None:
    plain = replace(STRIPPED, hash=PLAIN)
    assert judge(replace(ORIGINAL, hash=PLAIN), plain, 0) is None


def test_plain_pictures_of_one_instant_are_one_shot() -> None:
    one, other = replace(ORIGINAL, hash=PLAIN), replace(COPY, hash=PLAIN)
    assert same_shot(one, other, None, unasked) is Sameness.CONFIRMED


def test_plain_pictures_of_one_second_may_be_two_shots() -> None:
    one, other = (replace(each, hash=PLAIN, subsecond=None) for each in (ORIGINAL, COPY))
    assert same_shot(one, other, 0, unasked) is None


def test_what_is_cut_short_is_known_by_its_instant_and_its_dimensions() -> None:
    cut = replace(ORIGINAL, digest=Digest("c" * 64), incomplete=True, size=10)
    assert judge(ORIGINAL, cut, 120) is Sameness.CONFIRMED


def test_what_is_cut_short_and_of_other_dimensions_is_not_known() -> None:
    cut = replace(COPY, incomplete=True, width=100, height=75)
    assert judge(ORIGINAL, cut, 120) is None


def test_a_film_is_never_a_still() -> None:
    assert judge(replace(ORIGINAL, subsecond=None), FILM) is None


def test_a_film_of_another_length_is_another_film() -> None:
    assert judge(FILM, replace(FILM, duration=14.0)) is None


def test_a_film_that_tells_utc_is_the_one_that_tells_the_clock_on_the_wall() -> None:
    utc = replace(FILM, taken_at="2024-03-15T09:11:12+00:00", taken_from="quicktime_utc")
    assert judge(FILM, utc) is Sameness.CONFIRMED


def test_two_bursts_veto_each_other() -> None:
    assert vetoed(replace(ORIGINAL, burst="one"), replace(COPY, burst="two"))


def test_a_whole_copy_is_worth_more_than_a_cut_original_of_the_phone() -> None:
    assert worth(COPY, 2) > worth(replace(ORIGINAL, incomplete=True), 0)


def test_what_comes_from_the_device_is_worth_more_than_what_is_larger() -> None:
    assert worth(ORIGINAL, 0) > worth(replace(COPY, width=8000, height=6000), 1)


def test_the_larger_copy_is_the_better_one() -> None:
    larger, smaller = worth(COPY, 1), worth(STRIPPED, 1)
    assert why_better(larger, smaller) == "larger"


def test_raw_is_better_than_heic_and_heic_better_than_jpeg() -> None:
    raw = replace(ORIGINAL, family=Family.RAW, media_type="image/x-adobe-dng")
    assert worth(raw, 1) > worth(ORIGINAL, 1) > worth(replace(COPY, size=9_000_000), 1)


def test_nothing_is_better_than_its_equal() -> None:
    assert why_better(worth(COPY, 1), worth(COPY, 1)) == ""


def test_a_picture_correlates_with_itself() -> None:
    assert correlation(bytes(range(256)), bytes(range(256))) == pytest.approx(1.0)


def test_a_negative_correlates_the_other_way() -> None:
    assert correlation(bytes(range(256)), bytes(range(255, -1, -1))) == pytest.approx(-1.0)


@pytest.mark.parametrize("other", [b"", bytes(10), bytes(256)])
def test_nothing_correlates_with_what_is_missing_or_flat(other: bytes) -> None:
    assert correlation(bytes(range(256)), other) is None
