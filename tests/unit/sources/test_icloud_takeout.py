"""What the CSVs of an iCloud export tell of the pictures beside them."""

from collections.abc import Mapping

import pytest

from picture_pipeline.model.told import NOTHING, Told
from picture_pipeline.sources.icloud_takeout import icloud_notes, utc_time
from trees import MemoryTree

HEADER = "imgName,fileChecksum,favorite,hidden,deleted,originalCreationDate,viewCount,importDate\n"
PART = "iCloud Photos Part 1 of 2"
OTHER = "iCloud Photos Part 2 of 2"


def row(name: str, favourite: str = "no", hour: int = 1) -> str:
    when = f'"Saturday June 4,2022 {hour}:11 PM GMT"'
    return f"{name},AfQj57ORF2JIumUCjO+PawZ9nqPg,{favourite},yes,no,{when},10,{when}\n"


def told(path: str, files: Mapping[str, str]) -> Told:
    """Give what is told of a picture among some files."""
    split = {name.encode().rpartition(b"/"): text for name, text in {path: "", **files}.items()}
    tree = MemoryTree({(folder, name): text.encode() for (folder, _, name), text in split.items()})
    folder, _, name = path.encode().rpartition(b"/")
    return icloud_notes(tree)(folder, name)


def test_a_row_tells_favourite_hidden_deleted_and_time() -> None:
    files = {f"{PART}/Photos/Photo Details.csv": HEADER + row("IMG_1.HEIC", "yes")}

    assert told(f"{PART}/Photos/IMG_1.HEIC", files) == Told(
        favourite=True, hidden=True, deleted=False, taken_at="2022-06-04T13:11:00+00:00"
    )


def test_one_name_in_two_parts_is_two_pictures() -> None:
    files = {
        f"{PART}/Photos/Photo Details.csv": HEADER + row("IMG_0861.JPG", "yes"),
        f"{OTHER}/Photos/Photo Details.csv": HEADER + row("IMG_0861.JPG", "no"),
    }

    assert told(f"{PART}/Photos/IMG_0861.JPG", files).favourite is True
    assert told(f"{OTHER}/Photos/IMG_0861.JPG", files).favourite is False


def test_of_one_name_twice_in_a_part_only_what_both_say_is_told() -> None:
    rows = row("IMG_0861.JPG", "yes", 1) + row("IMG_0861.JPG", "yes", 2)
    said = told(f"{PART}/Photos/IMG_0861.JPG", {f"{PART}/Photos/Photo Details.csv": HEADER + rows})

    assert (said.favourite, said.taken_at) == (True, None)


def test_the_second_file_of_a_name_has_the_rows_of_that_name() -> None:
    files = {f"{PART}/Photos/Photo Details-1.csv": HEADER + row("IMG_0861.JPG", "yes")}

    assert told(f"{PART}/Photos/IMG_0861(1).JPG", files).favourite is True


def test_an_albums_file_tells_its_pictures() -> None:
    files = {f"{PART}/Albums/Summer in Rome.csv": "Images\nIMG_1.JPG\nIMG_2.JPG\n"}

    assert told(f"{PART}/Photos/IMG_1.JPG", files).albums == ("Summer in Rome",)


def test_an_album_means_the_picture_of_its_own_part() -> None:
    files = {
        f"{PART}/Albums/Rome.csv": "Images\nIMG_1.JPG\n",
        f"{PART}/Photos/IMG_1.JPG": "",
    }

    assert told(f"{OTHER}/Photos/IMG_1.JPG", files) == NOTHING


def test_an_album_finds_a_picture_that_only_another_part_has() -> None:
    files = {f"{PART}/Albums/Rome.csv": "Images\nIMG_1.JPG\n"}

    assert told(f"{OTHER}/Photos/IMG_1.JPG", files).albums == ("Rome",)


def test_memories_are_no_albums() -> None:
    files = {f"{PART}/Memories/Spring.csv": "Images\nIMG_1.JPG\n"}

    assert told(f"{PART}/Photos/IMG_1.JPG", files) == NOTHING


@pytest.mark.parametrize(
    "text",
    [
        *("", "\ufeff", HEADER, "imgName\n", "a,b,c\n1,2,3\n", '"\n', "\0\n\0"),
        *(HEADER + "IMG_1.JPG\n" + ",,,\n", HEADER + '"IMG_2.JPG,"no\n'),
    ],
)
def test_odd_csvs_are_tolerated(text: str) -> None:
    files = {f"{PART}/Photos/Photo Details.csv": text, f"{PART}/Albums/Rome.csv": text}

    assert told(f"{PART}/Photos/IMG_1.JPG", files).favourite is None


def test_a_byte_order_mark_hides_no_column() -> None:
    files = {f"{PART}/Photos/Photo Details.csv": "\ufeff" + HEADER + row("IMG_1.JPG", "yes")}

    assert told(f"{PART}/Photos/IMG_1.JPG", files).favourite is True


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Saturday June 4,2022 12:11 PM GMT", "2022-06-04T12:11:00+00:00"),
        ("Saturday June 4,2022 12:11 AM GMT", "2022-06-04T00:11:00+00:00"),
        ("Monday December 31,2018 11:59 PM GMT", "2018-12-31T23:59:00+00:00"),
        ("Tuesday February 30,2021 1:00 PM GMT", None),
        ("Samstag Juni 4,2022 12:11 PM GMT", "2022-06-04T12:11:00+00:00"),
        ("4.6.2022", None),
        ("", None),
    ],
)
def test_times_are_read_as_apple_writes_them(text: str, time: str | None) -> None:
    assert utc_time(text) == time
