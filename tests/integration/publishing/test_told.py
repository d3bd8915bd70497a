"""What sources tell reaches catalog, sidecar and ledger, whatever the order of arrival."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from computers import KILLED, File, Fuse, World, die, in_process
from judging import faults
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.showing import show
from picture_pipeline.model.original import Original
from picture_pipeline.model.told import Told
from samples import digest_of

Worlds = Callable[[], World]
PICTURE = File(b"IMG_1.JPG", 1)
IN_SEA = replace(PICTURE, name=b"sea.JPG", told=Told(albums=("Sea",), favourite=False))
IN_ALPS = replace(PICTURE, name=b"alps.JPG", told=Told(albums=("Alps",), favourite=True))
IN_BOTH = ("Alps", "Sea")


def booked(world: World, number: int = 1) -> Original:
    catalog = SqlCatalog.open(world.url)
    found = show(catalog.engine, digest_of(number)).original
    catalog.close()
    return found


def sidecar(world: World, number: int = 1) -> Path:
    return (world.archive / booked(world, number).path).with_suffix(".xmp")


def apart_from_arrival(world: World) -> tuple[Original, str]:
    """Give catalog and sidecar without what tells when, and under which name, bytes came first."""
    lines = sidecar(world).read_text().splitlines()
    first = ("<pp:revision>", "<pp:path>", "<xmpMM:PreservedFileName>")
    text = "\n".join(line for line in lines if not line.startswith(first))
    return replace(booked(world), sidecar_sha256="", original_name=b""), text


def arrive(world: World, *batches: Sequence[File]) -> World:
    for files in batches:
        world.take_in(files)
    return world


def test_copies_in_two_albums_say_the_same_in_any_order(new_world: Worlds) -> None:
    one_by_one = [
        apart_from_arrival(arrive(new_world(), *([file] for file in order)))
        for order in permutations((PICTURE, IN_SEA, IN_ALPS))
    ]
    together = apart_from_arrival(arrive(new_world(), (IN_ALPS, PICTURE, IN_SEA)))

    assert [each == together for each in one_by_one] == [True] * 6
    assert together[0].albums == IN_BOTH
    assert together[0].tags == ("Albums/Alps", "Albums/Sea")
    assert together[0].favourite is True
    assert "<pp:albums><rdf:Bag><rdf:li>Alps</rdf:li><rdf:li>Sea</rdf:li></rdf:Bag>" in together[1]


def test_a_duplicate_that_tells_something_rewrites_the_sidecar(world: World) -> None:
    arrive(world, [PICTURE])
    before = sidecar(world).read_text()
    with world.run() as run:
        batch = run.publish([run.known(IN_SEA)])

    assert "<pp:revision>1<" in before
    assert "<pp:revision>2<" in sidecar(world).read_text()
    assert "Albums/Sea" in sidecar(world).read_text()
    assert [change.original.albums for change in batch.changes] == [("Sea",)]
    assert faults(world, "one") == []


def test_a_duplicate_that_tells_nothing_changes_nothing(world: World) -> None:
    arrive(world, [IN_SEA])
    with world.run() as run:
        batch = run.publish([run.known(PICTURE), run.known(IN_SEA)])

    assert batch.changes == ()


def test_what_a_place_tells_now_counts(world: World) -> None:
    arrive(world, [IN_SEA], [replace(IN_ALPS, name=IN_SEA.name, told=Told(albums=("Alps",)))])
    with world.run() as run:
        run.publish([run.known(replace(IN_SEA, told=Told(albums=("Home",))))])

    found = booked(world)
    assert (found.albums, found.tags, found.favourite) == (("Home",), ("Albums/Home",), None)
    assert "Sea" not in sidecar(world).read_text()


def test_a_place_with_other_bytes_tells_no_more(world: World) -> None:
    arrive(world, [PICTURE, IN_SEA], [File(IN_SEA.name, 2)])

    assert booked(world).albums == ()
    assert "Sea" not in sidecar(world).read_text()
    assert faults(world, "one") == []


def test_a_told_time_decides_the_day_of_a_new_original(world: World) -> None:
    arrive(world, [replace(PICTURE, told=Told(taken_at="2020-02-03T04:05:06"))])

    found = booked(world)
    assert found.path.startswith("originals/2020/02/03/")
    assert (found.taken_at, found.taken_from) == ("2020-02-03T04:05:06", "takeout")


def test_a_told_time_that_comes_later_moves_nothing(world: World) -> None:
    arrive(world, [PICTURE])
    before = booked(world).path
    arrive(world, [replace(IN_SEA, told=Told(taken_at="2020-02-03T04:05:06"))])

    assert (booked(world).path, booked(world).taken_at) == (before, "2020-02-03T04:05:06")


def test_the_sources_own_name_is_the_originals(world: World) -> None:
    arrive(world, [replace(PICTURE, told=Told(original_name="../Réveil.heic"))])

    assert booked(world).original_name == "Réveil.heic".encode()
    assert "PreservedFileName>Réveil.heic<" in sidecar(world).read_text()


def test_a_sidecar_that_another_program_changed_is_left_alone(world: World) -> None:
    arrive(world, [PICTURE])
    theirs = sidecar(world).read_bytes().replace(b"</rdf:RDF>", b"</rdf:RDF> ")
    sidecar(world).chmod(0o644)
    sidecar(world).write_bytes(theirs)
    arrive(world, [IN_SEA])

    assert sidecar(world).read_bytes() == theirs
    assert booked(world).albums == ("Sea",)


def test_the_ledger_says_what_was_told(world: World) -> None:
    arrive(world, [IN_SEA, IN_ALPS])
    (chain,) = (world.archive / ".picture-pipeline" / "ledger").rglob("*.jsonl")
    lines = [json.loads(line) for line in chain.read_text().splitlines()]

    assert [(line["outcome"], line["told"]) for line in lines] == [
        ("archived", {"albums": ["Sea"], "favourite": False}),
        ("duplicate", {"albums": ["Alps"], "favourite": True}),
    ]


@pytest.mark.parametrize("first", [[PICTURE], [IN_ALPS]])
def test_whatever_the_step_of_death_the_next_start_tells_it_all(
    new_world: Worlds, first: list[File]
) -> None:
    broken: dict[int, object] = {}
    for at in range(1, 60):
        world = arrive(new_world(), first)

        def publish(world: World = world, at: int = at) -> None:
            with world.run(fuse=Fuse(at, die)) as run:
                run.publish([run.known(IN_SEA), run.known(IN_ALPS), run.staged(File(b"2.JPG", 2))])

        ended = in_process(publish)
        arrive(world, [*first, IN_SEA, IN_ALPS, File(b"2.JPG", 2)])
        said = apart_from_arrival(world)[1]
        if booked(world).albums != IN_BOTH or "Albums/Sea" not in said or faults(world, "one"):
            broken[at] = (booked(world).albums, said, faults(world, "one"))
        if ended != KILLED:
            break

    assert broken == {}
    assert at > 10


WORDS = st.sampled_from(["Sea", "Alps", "Home", "A/B"])
SEEN = st.builds(
    File,
    name=st.sampled_from([b"a.jpg", b"b.jpg", b"c.jpg"]),
    number=st.integers(1, 3),
    told=st.builds(
        Told,
        albums=st.lists(WORDS, max_size=2).map(tuple),
        people=st.lists(WORDS, max_size=1).map(tuple),
        favourite=st.none() | st.booleans(),
    ),
)
BATCHES = st.lists(
    st.lists(SEEN, min_size=1, max_size=3, unique_by=lambda f: f.name), min_size=1, max_size=6
)


@settings(max_examples=12, deadline=None)
@given(batches=BATCHES)
def test_what_every_place_told_last_is_what_originals_say(batches: list[list[File]]) -> None:
    with TemporaryDirectory() as folder:
        world = World.make(Path(folder), f"sqlite:///{folder}/catalog.db")
        places: dict[bytes, File] = {}
        for files in batches:
            with world.run() as run:
                run.publish([run.staged(file) for file in files])
            places |= {file.name: file for file in files}
        for number in {file.number for files in batches for file in files}:
            telling = [file.told for file in places.values() if file.number == number]
            found, text = booked(world, number), sidecar(world, number).read_text()
            albums = sorted({album for told in telling for album in told.albums})
            assert found.albums == tuple(albums)
            assert found.people == tuple(sorted({who for told in telling for who in told.people}))
            said = {told.favourite for told in telling} - {None}
            assert found.favourite == (any(said) if said else None)
            assert text.count("<pp:albums>") == bool(albums)
            assert all(f"<rdf:li>{album}</rdf:li>" in text for album in albums)
        assert faults(world, "one") == []
