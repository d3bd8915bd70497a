"""Files that may be of one shot go together or not at all, be they archived or not."""

import pytest

from picture_pipeline.model.candidate import (
    Entry,
    EntryKind,
    FileStamp,
    FolderListing,
    SourceName,
)
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.release import (
    Booked,
    BookedFile,
    Hollow,
    Place,
    RefusedFile,
    ReleasePlan,
)
from picture_pipeline.workflows.choose import Choice, choose

ROOT, FOLDER = b"/card", b"DCIM/100APPLE"
SEEN = "2024-01-01T00:00:00Z"
STILL = b"IMG_0001.HEIC"
Known = dict[tuple[bytes, bytes], Booked]


def stamp(number: int) -> FileStamp:
    return FileStamp(9000, number, number, number)


def entry(name: bytes, number: int = 99) -> Entry:
    return Entry(name, EntryKind.FILE, stamp(number))


def booked(name: bytes, number: int = 1, *, asset: int = 1, folder: bytes = FOLDER) -> BookedFile:
    return BookedFile(
        source=SourceName("card"),
        place=Place(ROOT, folder, name),
        stamp=stamp(number),
        digest=Digest(f"{number:064x}"),
        path=f"originals/{number}.jpg",
        asset=Digest(f"{asset:064x}"),
        first_seen=SEEN,
    )


def placeholder(name: bytes, number: int) -> Hollow:
    return Hollow(
        *(SourceName("card"), Place(ROOT, FOLDER, name), 9000, 1, 0o644),
        *(Digest("1" * 64), "originals/1.mov"),
        finished=True,
        stamp=stamp(number),
    )


def plan(
    folders: dict[bytes, list[Entry]],
    known: Known,
    put_off: dict[bytes, tuple[str, str]] | None = None,
    choice: Choice | None = None,
) -> ReleasePlan:
    def booked_in(folder: bytes) -> dict[bytes, Booked]:
        return {name: file for (there, name), file in known.items() if there == folder}

    return choose(
        ROOT,
        [FolderListing(folder, tuple(entries)) for folder, entries in folders.items()],
        booked_in,
        choice or Choice(),
        lambda _, one: (put_off or {}).get(one.name),
    )


def beside(
    name: bytes, still: bytes = STILL, what: Booked | None = None, why: str | None = None
) -> ReleasePlan:
    """Plan for an archived picture with another file beside it."""
    known: Known = {(FOLDER, still): booked(still)}
    if what is not None:
        known[FOLDER, name] = what
    put_off = {name: (why, "so it is")} if why else None
    return plan({FOLDER: [entry(still, 1), entry(name)]}, known, put_off)


def gone(made: ReleasePlan) -> set[bytes]:
    return {file.place.name for lot in made.lots for file in lot.files}


def left(made: ReleasePlan) -> dict[bytes, str]:
    return {each.path.rpartition(b"/")[2]: each.reason for each in made.left}


@pytest.mark.parametrize(
    ("still", "name"),
    [
        (STILL, b"IMG_0001.MOV"),
        (STILL, b"img_0001.mov"),
        (STILL, b"IMG_0001_HEVC.MOV"),
        (STILL, b"IMG_0001.AAE"),
        (STILL, b"IMG_O0001.AAE"),
        (STILL, b"IMG_E0001.HEIC"),
        (b"IMG_E0001.HEIC", b"IMG_0001.MOV"),
        (STILL, b"IMG_0001.xmp"),
        (STILL, b"IMG_0001.HEIC.xmp"),
        (STILL, b"IMG_0001.HEIC.supplemental-metadata.json"),
        (b"DSC0001.JPG", b"DSC0001.ARW"),
        (b"DSC0001.JPG", b"DSC0001.WAV"),
        (b"MVI_0001.MP4", b"MVI_0001.THM"),
        (b"C0001.MP4", b"C0001M01.XML"),
        (b"a.jpg", b"a-edited.jpg"),
        (STILL, b"IMG_0001-9000.MOV"),
        (b"IMG_0001-9000.HEIC", b"IMG_0001.MOV"),
        (b"IMG_0001-9000.HEIC", b"IMG_0001-9000.AAE"),
        (b"IMG_0001-8000.HEIC", b"IMG_0001-8000.HEIC.xmp"),
        (STILL, b"IMG_0001-8000.HEIC.xmp"),
        (b"IMG_0001-8000.HEIC.xmp", STILL),
        (47 * b"a" + b".jpg", 46 * b"a" + b".json"),
        ("Ubersee é.jpg".encode(), "Ubersee e\u0301.mov".encode()),
    ],
)
def test_what_was_never_taken_in_holds_the_rest_of_its_shot_back(still: bytes, name: bytes) -> None:
    made = beside(name, still)

    assert left(made) == {still: "companion_stays", name: "not_archived"}
    assert gone(made) == set()


@pytest.mark.parametrize(
    ("still", "name"),
    [
        (STILL, b"IMG_0002.MOV"),
        (STILL, b"IMG_00011.MOV"),
        (STILL, b"notes.txt"),
        (b"20240309-123456.jpg", b"20240309-123500.jpg"),
        (b"20240309-123456.jpg.xmp", b"20240309-123500.jpg.xmp"),
    ],
)
def test_what_is_of_another_shot_holds_nobody_back(still: bytes, name: bytes) -> None:
    made = beside(name, still)

    assert (gone(made), left(made)) == ({still}, {name: "not_archived"})


def test_the_file_that_stays_is_named() -> None:
    (companion,) = (e for e in beside(b"IMG_0001.MOV").left if e.reason == "companion_stays")

    assert companion.detail == "it belongs with IMG_0001.MOV, which stays"


def test_a_shot_of_the_same_name_in_another_folder_goes() -> None:
    other = b"DCIM/101APPLE"

    made = plan(
        {FOLDER: [entry(b"IMG_0001.MOV")], other: [entry(STILL, 1)]},
        {(other, STILL): booked(STILL, folder=other)},
    )

    assert (gone(made), left(made)) == ({STILL}, {b"IMG_0001.MOV": "not_archived"})


def test_the_whole_asset_stays_wherever_its_files_lie() -> None:
    other, copy = b"backup", b"other.heic"

    made = plan(
        {FOLDER: [entry(STILL, 1), entry(b"IMG_0001.MOV")], other: [entry(copy, 2)]},
        {(FOLDER, STILL): booked(STILL), (other, copy): booked(copy, 2, folder=other)},
    )

    assert left(made) == {
        STILL: "companion_stays",
        b"IMG_0001.MOV": "not_archived",
        copy: "companion_stays",
    }


def test_all_assets_stay_that_a_file_may_belong_to() -> None:
    edited = b"IMG_E0001.JPG"

    made = plan(
        {FOLDER: [entry(STILL, 1), entry(edited, 2), entry(b"IMG_0001.MOV")]},
        {(FOLDER, STILL): booked(STILL), (FOLDER, edited): booked(edited, 2, asset=2)},
    )

    assert gone(made) == set()


def test_what_changed_holds_back_those_it_may_belong_to_now() -> None:
    """It was a shot of its own; what it is by now nobody knows."""
    made = beside(b"IMG_0001.MOV", what=booked(b"IMG_0001.MOV", 5, asset=5))

    assert left(made) == {STILL: "companion_stays", b"IMG_0001.MOV": "changed"}


@pytest.mark.parametrize("reason", ["waiting", "unreadable"])
def test_what_cannot_be_taken_in_yet_holds_its_shot_back(reason: str) -> None:
    assert left(beside(b"IMG_0001.MOV", why=reason)) == {
        STILL: "companion_stays",
        b"IMG_0001.MOV": reason,
    }


@pytest.mark.parametrize("reason", ["ignored", "special_file", "link_to_folder", "dangling_link"])
def test_what_no_import_would_open_holds_nobody_back(reason: str) -> None:
    made = beside(b"IMG_0001.MOV", why=reason)

    assert (gone(made), left(made)) == ({STILL}, {b"IMG_0001.MOV": reason})


@pytest.mark.parametrize("reason", ["not_a_picture", "unsupported_format", "empty"])
def test_what_was_looked_at_and_rejected_is_named_and_holds_nobody_back(reason: str) -> None:
    made = beside(b"IMG_0001.txt", what=RefusedFile(stamp(99), reason, "it is a text"))

    assert (gone(made), left(made)) == ({STILL}, {b"IMG_0001.txt": reason})


@pytest.mark.parametrize("reason", ["placeholder", "decoder_crashed", "unreadable"])
def test_a_refused_file_of_which_nobody_saw_the_bytes_holds_its_shot_back(reason: str) -> None:
    made = beside(b"IMG_0001.MOV", what=RefusedFile(stamp(99), reason, "no bytes"))

    assert left(made) == {STILL: "companion_stays", b"IMG_0001.MOV": reason}


def test_a_rejected_file_that_changed_since_was_not_looked_at() -> None:
    refused = RefusedFile(stamp(98), "not_a_picture", "it was a text")

    assert left(beside(b"IMG_0001.MOV", what=refused)) == {
        STILL: "companion_stays",
        b"IMG_0001.MOV": "not_archived",
    }


def test_a_link_holds_nobody_back() -> None:
    link = Entry(b"IMG_0001.MOV", EntryKind.LINK_TO_FILE, stamp(99))

    made = plan({FOLDER: [entry(STILL, 1), link]}, {(FOLDER, STILL): booked(STILL)})

    assert (gone(made), left(made)) == ({STILL}, {b"IMG_0001.MOV": "not_a_file"})


def test_a_placeholder_holds_nobody_back() -> None:
    made = beside(b"IMG_0001.MOV", what=placeholder(b"IMG_0001.MOV", 99))

    assert (gone(made), made.hollow, made.left) == ({STILL}, 1, ())


def test_a_placeholder_that_was_written_into_holds_its_shot_back() -> None:
    made = beside(b"IMG_0001.MOV", what=placeholder(b"IMG_0001.MOV", 98))

    assert (gone(made), left(made)[STILL]) == (set(), "companion_stays")


def test_what_was_let_go_already_holds_nobody_back() -> None:
    """Cameras begin anew at IMG_0001: the new video is not of the picture that lay there."""
    copy = b"copy.heic"

    made = plan(
        {FOLDER: [entry(b"IMG_0001.MOV"), entry(copy, 2)]},
        {(FOLDER, STILL): booked(STILL), (FOLDER, copy): booked(copy, 2)},
    )

    assert (gone(made), left(made)) == ({copy}, {b"IMG_0001.MOV": "not_archived"})


def test_held_back_files_are_neither_young_nor_small() -> None:
    made = plan(
        {FOLDER: [entry(STILL, 1), entry(b"IMG_0001.MOV")]},
        {(FOLDER, STILL): booked(STILL)},
        choice=Choice(seen_before="2023-01-01T00:00:00Z", larger_than=10_000),
    )

    assert (made.young, made.small, left(made)[STILL]) == (0, 0, "companion_stays")
