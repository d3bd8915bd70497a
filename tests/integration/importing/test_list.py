"""``list`` and ``show``: every filter, paging without gaps, digests by their beginning."""

import hashlib
from pathlib import Path

import pytest

from installed import Storage
from picture_pipeline.catalog.catalog import SqlCatalog
from pictures import fill, jpeg, photo, picture, write

WORDS = """<xmp:Rating>4</xmp:Rating>
<dc:subject><rdf:Bag><rdf:li>Skiing</rdf:li></rdf:Bag></dc:subject>
<digiKam:TagsList><rdf:Seq><rdf:li>Places/Austria/Tyrol</rdf:li></rdf:Seq></digiKam:TagsList>"""
MANY = 2300
"""More than two pages of the catalog's own."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """Give a storage with pictures of two cameras, three years and two sources."""
    folder = tmp_path_factory.mktemp("library")
    phone, card = folder / "phone", folder / "card"
    write(
        phone / "2022.jpg", photo(1, taken="2022:12:31 23:59:59", make="Apple", model="iPhone 12")
    )
    write(
        phone / "2023.jpg",
        photo(2, taken="2023:06:15 12:00:00", make="Apple", model="iPhone 14", gps=True),
    )
    write(
        card / "2024.jpg",
        photo(3, taken="2024:01:01 00:00:00", make="Canon", model="EOS R5", xmp=WORDS),
    )
    write(card / "drawing.png", picture(4, "PNG"))
    storage = Storage(folder / "home")
    storage.here("import", f"phone={phone}", f"card={card}")
    return storage


def names(storage: Storage, *conditions: str) -> list[object]:
    said = storage.here("list", "--json", *conditions)
    assert (said.status, said.err) == (0, "")
    return [line["original_name"] for line in said.lines]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        (("--from", "2023"), ["2023.jpg", "2024.jpg", "drawing.png"]),
        (("--to", "2022"), ["2022.jpg"]),
        (("--to", "2022-12"), ["2022.jpg"]),
        (("--to", "2022-12-30"), []),
        (("--from", "2022-12-31T23:59", "--to", "2023-06-15"), ["2022.jpg", "2023.jpg"]),
        (("--from", "2023-06-15 12:00:01", "--to", "2024-01-01"), ["2024.jpg"]),
        (("--type", "png"), ["drawing.png"]),
        (("--type", "image/jpeg"), ["2022.jpg", "2023.jpg", "2024.jpg"]),
        (("--type", "image"), ["2022.jpg", "2023.jpg", "2024.jpg", "drawing.png"]),
        (("--type", "video"), []),
        (("--camera", "iphone"), ["2022.jpg", "2023.jpg"]),
        (("--camera", "Canon EOS"), ["2024.jpg"]),
        (("--camera", "%"), []),
        (("--source", "card"), ["2024.jpg", "drawing.png"]),
        (("--source", "nowhere"), []),
        (("--has-gps",), ["2023.jpg"]),
        (("--no-gps", "--source", "phone"), ["2022.jpg"]),
        (("--camera", "apple", "--from", "2023"), ["2023.jpg"]),
        (("--rating", "4"), ["2024.jpg"]),
        (("--rating", "5"), []),
        (("--tag", "Skiing"), ["2024.jpg"]),
        (("--tag", "Places/Austria/Tyrol"), ["2024.jpg"]),
        (("--tag", "Places"), ["2024.jpg"]),
        (("--tag", "Place"), []),
        (("--limit", "2"), ["2022.jpg", "2023.jpg"]),
    ],
)
def test_every_condition_given_must_hold(
    library: Storage, conditions: tuple[str, ...], expected: list[str]
) -> None:
    assert names(library, *conditions) == expected


@pytest.mark.parametrize("time", ["yesterday", "2024-13", "2024-01-32", "24", "2024-01-01T25"])
def test_what_is_no_time_is_refused(library: Storage, time: str) -> None:
    said = library.here("list", "--from", time)

    assert (said.status, said.out) == (2, b"")
    assert "is no time" in said.err


@pytest.mark.parametrize(
    "wrong", [("--limit", "0"), ("--rating", "6"), ("--after", "0000"), ("--after", "xyz")]
)
def test_what_cannot_be_is_refused(library: Storage, wrong: tuple[str, str]) -> None:
    assert library.here("list", *wrong).status == 2


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """Give a storage with more originals than a page of the catalog holds."""
    folder = tmp_path_factory.mktemp("crowd")
    fill(folder / "source", 1)
    storage = Storage(folder / "home")
    storage.here("import", folder / "source")
    catalog = SqlCatalog.open(f"sqlite:///{storage.home / 'catalog.db'}")
    with catalog.engine.begin() as connection:
        columns = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(originals)")]
        kept = ", ".join(each for each in columns if each not in {"id", "digest", "path"})
        connection.exec_driver_sql(
            f"INSERT INTO originals (digest, path, {kept}) "  # noqa: S608 - names of our own columns
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION SELECT i + 1 FROM n WHERE i < {MANY}) "
            f"SELECT printf('%064x', i), 'originals/' || i, {kept} FROM originals, n"
        )
    catalog.close()
    return storage


@pytest.mark.parametrize("limit", [1000, 999, 1])
def test_pages_are_disjoint_and_complete(crowd: Storage, limit: int) -> None:
    whole = [str(line["digest"]) for line in crowd.here("list", "--json").lines]
    start = 0 if limit > 1 else MANY - 3
    pages = whole[:start]
    while page := crowd.here(
        "list", "--json", "--limit", str(limit), *(("--after", pages[-1]) if pages else ())
    ).lines:
        pages += [str(line["digest"]) for line in page]

    assert len(set(whole)) == MANY + 1
    assert pages == whole


def test_show_takes_a_beginning_that_fits_one(library: Storage) -> None:
    digest = str(library.here("list", "--json", "--limit", "1").lines[0]["digest"])

    for prefix in (digest, digest[:10], digest.upper()):
        assert library.here("show", prefix, "--json").json["digest"] == digest


@pytest.mark.parametrize("prefix", ["", "xyz", "0" * 64, "f" * 65, "../x", "%"])
@pytest.mark.parametrize("command", [("show",), ("get", "--size", "full"), ("get",)])
def test_an_unknown_digest_is_refused(
    library: Storage, command: tuple[str, ...], prefix: str
) -> None:
    said = library.here(*command, prefix)

    assert (said.status, said.out) == (2, b"")
    assert said.err.startswith("picture-pipeline: ")


@pytest.mark.parametrize("command", [("show",), ("get",), ("list", "--after")])
def test_an_ambiguous_beginning_is_refused(crowd: Storage, command: tuple[str, ...]) -> None:
    said = crowd.here(*command, "000")

    assert (said.status, said.out) == (2, b"")
    assert "several" in said.err


def test_list_for_people_shows_one_line_each(library: Storage) -> None:
    lines = library.here("list").text.splitlines()

    assert len(lines) == 4
    assert lines[0].split()[-1] == "2022.jpg"


def test_show_for_people_leaves_out_what_is_unknown(library: Storage) -> None:
    digest = hashlib.sha256(picture(4, "PNG")).hexdigest()

    said = library.here("show", digest)

    assert f"digest         {digest}" in said.text
    assert "rating" not in said.text


def test_an_empty_storage_lists_nothing(storage: Storage) -> None:
    assert storage.here("list", "--json") == storage.here("list")


def test_a_flat_folder_of_many_different_sizes_is_no_trouble(
    storage: Storage, source: Path
) -> None:
    data = jpeg(1)
    write(source / "real.jpg", data)
    for number in range(6000):
        write(source / f"{number}.txt", b"x" * (number + 1))

    report = storage.here("import", "--json", source).json

    assert (report["seen"], report["imported"], report["rejected"]) == (6001, 1, 6000)
