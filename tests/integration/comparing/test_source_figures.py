"""What ``sources`` tells of copies, and of sources that were only looked at."""

from typing import Any

from planted import Family, original, planted, second
from scenes import encoded, scene


def copy() -> bytes:
    return encoded(scene(1), quality=60, taken=second(1), subsecond="101", model="iPhone 13")


def figures(family: Family, name: str, *options: str) -> dict[str, Any]:
    said = family.storage.here("sources", "--json", *options)
    assert said.status == 0, said.err
    return next(each for each in said.json["sources"] if each["name"] == name)


def test_a_source_that_was_only_looked_at_shows_what_was_seen(family: Family) -> None:
    family.put({"same.jpg": original(0), "copy.jpg": copy(), "new.jpg": original(50)})
    family.of_sync()

    told = figures(family, "sync")

    assert (told["files"], told["archived"], told["only_here"]) == (3, 1, 2)
    assert told["bytes"] == len(original(0)) + len(copy()) + len(original(50))


def test_what_a_look_found_elsewhere_is_no_longer_only_there(family: Family) -> None:
    before = figures(family, "icloud")["only_here"]
    family.put({"same.jpg": original(0)})
    family.of_sync()

    assert figures(family, "icloud")["only_here"] == before - 1


def test_looking_and_then_importing_counts_nothing_twice(family: Family) -> None:
    family.put({"same.jpg": original(0), "copy.jpg": copy(), "new.jpg": original(50)})
    family.of_sync()
    looked = figures(family, "sync")
    family.storage.here("import", f"sync={family.sync}", "-q")

    taken_in = figures(family, "sync")

    assert taken_in["archived"] == 3
    alike = ("files", "bytes", "only_here")
    assert [taken_in[key] for key in alike] == [looked[key] for key in alike]


def test_copies_of_one_shot_are_counted_in_both_sources(family: Family) -> None:
    family.put({"copy.jpg": copy(), "new.jpg": original(50)})
    family.storage.here("import", f"sync={family.sync}", "-q")

    assert figures(family, "icloud")["near_duplicates"] == 1
    assert figures(family, "sync")["near_duplicates"] == 1


def test_looked_at_copies_are_counted_where_they_lie(family: Family) -> None:
    family.put({name: data for name, (data, _) in planted().items()})
    differing = family.of_sync()["differs"]

    assert figures(family, "sync")["near_duplicates"] == differing
    assert figures(family, "icloud")["near_duplicates"] == 0


def test_near_asks_for_what_is_told_of_few_pictures_anyway(family: Family) -> None:
    family.put({"copy.jpg": copy()})
    family.of_sync()

    assert figures(family, "sync", "--near") == figures(family, "sync")
