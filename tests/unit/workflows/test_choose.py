"""What may go is chosen from what lies there and what is booked, without touching either."""

from collections.abc import Mapping

from picture_pipeline.model.candidate import (
    Entry,
    EntryKind,
    FileStamp,
    FolderListing,
    SourceName,
    Unlistable,
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

ROOT, FOLDER = b"/card", b"DCIM"
OLD, NEW = "2024-01-01T00:00:00Z", "2024-06-01T00:00:00Z"


def stamp(number: int, size: int = 9000) -> FileStamp:
    return FileStamp(size, number, number, number)


def entry(name: bytes, number: int, size: int = 9000) -> Entry:
    return Entry(name, EntryKind.FILE, stamp(number, size))


def booked(
    name: bytes, number: int, *, asset: int | None = None, size: int = 9000, seen: str = OLD
) -> BookedFile:
    of_asset = f"{number if asset is None else asset:064x}"
    return BookedFile(
        source=SourceName("card"),
        place=Place(ROOT, FOLDER, name),
        stamp=stamp(number, size),
        digest=Digest(f"{number:064x}"),
        path=f"originals/{number}.jpg",
        asset=Digest(of_asset),
        first_seen=seen,
    )


def plan(
    entries: list[Entry], known: Mapping[bytes, Booked], choice: Choice | None = None
) -> ReleasePlan:
    listing = FolderListing(FOLDER, tuple(entries))
    return choose(ROOT, [listing], lambda _: known, choice or Choice(), lambda *_: None)


def gone(made: ReleasePlan) -> list[list[bytes]]:
    return [[file.place.name for file in lot.files] for lot in made.lots]


def left(made: ReleasePlan) -> dict[bytes, str]:
    return {each.path.rpartition(b"/")[2]: each.reason for each in made.left}


def test_what_is_booked_as_it_lies_there_goes() -> None:
    made = plan([entry(b"a", 1), entry(b"b", 2)], {b"a": booked(b"a", 1), b"b": booked(b"b", 2)})

    assert gone(made) == [[b"a"], [b"b"]]
    assert [released.path for released in made.released] == [b"/card/DCIM/a", b"/card/DCIM/b"]


def test_what_is_not_booked_stays() -> None:
    assert left(plan([entry(b"a", 1)], {})) == {b"a": "not_archived"}


def test_what_changed_stays_and_keeps_its_companions() -> None:
    known = {b"a": booked(b"a", 1, asset=7), b"b": booked(b"b", 2, asset=7)}

    made = plan([entry(b"a", 1), entry(b"b", 5)], known)

    assert left(made) == {b"a": "companion_stays", b"b": "changed"}


def test_files_of_one_asset_make_one_lot() -> None:
    known = {b"a": booked(b"a", 1, asset=7), b"b": booked(b"b", 2, asset=7)}

    assert gone(plan([entry(b"a", 1), entry(b"b", 2)], known)) == [[b"a", b"b"]]


def test_a_refused_file_stays_for_the_reason_it_was_refused_for() -> None:
    refused = RefusedFile(stamp(1), "not_a_picture", "a text")

    assert left(plan([entry(b"a", 1)], {b"a": refused})) == {b"a": "not_a_picture"}


def test_a_link_stays_although_what_it_leads_to_is_archived() -> None:
    link = Entry(b"a", EntryKind.LINK_TO_FILE, stamp(1))

    assert left(plan([link], {b"a": booked(b"a", 1)})) == {b"a": "not_a_file"}


def test_the_youngest_file_of_an_asset_says_whether_it_waits() -> None:
    known = {b"a": booked(b"a", 1, asset=7), b"b": booked(b"b", 2, asset=7, seen=NEW)}

    made = plan([entry(b"a", 1), entry(b"b", 2)], known, Choice("2024-03-01T00:00:00Z"))

    assert (gone(made), made.young) == ([], 2)


def test_small_companions_stay_without_keeping_the_others() -> None:
    known = {b"a": booked(b"a", 1, asset=7), b"b": booked(b"b", 2, asset=7, size=400)}

    made = plan([entry(b"a", 1), entry(b"b", 2, 400)], known, Choice(larger_than=4096))

    assert (gone(made), made.small, made.left) == ([[b"a"]], 1, ())


def placeholder(name: bytes, number: int) -> Hollow:
    return Hollow(
        *(SourceName("card"), Place(ROOT, FOLDER, name), 9000, 1, 0o644),
        *(Digest("1" * 64), "originals/1.jpg"),
        finished=True,
        stamp=stamp(number),
    )


def test_placeholders_are_counted() -> None:
    made = plan([entry(b"a", 1)], {b"a": placeholder(b"a", 1)})

    assert (made.hollow, made.lots, made.left) == (1, (), ())


def test_a_placeholder_that_somebody_wrote_into_is_named() -> None:
    made = plan([entry(b"a", 2)], {b"a": placeholder(b"a", 1)})

    assert (made.hollow, [left.reason for left in made.left]) == (0, ["not_a_placeholder"])


def test_a_folder_that_cannot_be_listed_is_named() -> None:
    made = choose(ROOT, [Unlistable(b"x", "no")], lambda _: {}, Choice(), lambda *_: None)

    assert left(made) == {b"x": "unreadable"}


def test_what_no_import_would_look_at_stays() -> None:
    listing = FolderListing(FOLDER, (entry(b".DS_Store", 1),))

    made = choose(
        ROOT, [listing], lambda _: {}, Choice(), lambda _, __: ("ignored", "it is litter")
    )

    assert left(made) == {b".DS_Store": "ignored"}
