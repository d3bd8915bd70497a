"""Where an original lies."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.originals.layout import original_path, sidecar_path, split
from samples import digest_of


def test_an_original_lies_below_its_day() -> None:
    path = original_path(digest_of(1), "heic", date(2024, 3, 5))

    assert path == f"originals/2024/03/05/{digest_of(1)}.heic"


@given(st.dates(), st.integers(0, 99))
def test_the_sidecar_lies_beside_the_original(day: date, number: int) -> None:
    path = original_path(digest_of(number), "jpg", day)

    assert split(sidecar_path(path)) == (split(path)[0], f"{digest_of(number)}.xmp")


@given(st.dates())
def test_days_sort_as_their_folders(day: date) -> None:
    later = date.fromordinal(min(day.toordinal() + 1, date.max.toordinal()))

    assert original_path(digest_of(1), "jpg", day) <= original_path(digest_of(1), "jpg", later)
