"""What `duplicates` finds, also among originals archived before hashes were kept."""

import shutil
import sqlite3

from planted import Family, documented, original, second
from scenes import encoded, scene


def test_duplicates_lists_a_shot_that_is_archived_twice(family: Family) -> None:
    copy = encoded(scene(1), quality=60, taken=second(1), subsecond="101", model="iPhone 13")
    family.put({"copy.jpg": copy})
    family.storage.here("import", f"sync={family.sync}", "-q")
    (group,) = family.storage.here("duplicates", "--near", "--json").json["near"]
    sizes = [member["size"] for member in group["members"]]
    assert (group["sameness"], sizes) == ("confirmed", sorted(sizes, reverse=True))


def test_duplicates_lists_an_original_that_lies_in_two_places(family: Family) -> None:
    family.put({"again.jpg": original(0)})
    family.storage.here("import", f"sync={family.sync}", "-q")
    (group,) = family.storage.here("duplicates", "--json").json["exact"]
    assert group["sightings"] == [
        {"source": "icloud", "path": "IMG_0000.JPG"},
        {"source": "sync", "path": "again.jpg"},
    ]


def twice(family: Family) -> None:
    """Import another copy of a picture."""
    copy = encoded(scene(1), quality=60, taken=second(1), subsecond="101", model="iPhone 13")
    family.put({"copy.jpg": copy, "again.jpg": original(0)})
    family.storage.here("import", f"sync={family.sync}", "-q")


def test_what_was_archived_before_hashes_were_kept_is_hashed_from_its_thumbnail(
    family: Family,
) -> None:
    twice(family)
    with sqlite3.connect(family.storage.home / "catalog.db") as books:
        books.execute("DELETE FROM picture_hashes")
    books.close()
    document = family.storage.here("duplicates", "--near", "--json").json
    assert len(document["near"]) == 1


def test_without_thumbnails_the_report_says_how_many_are_missing(family: Family) -> None:
    shutil.rmtree(family.storage.home / "thumbs" / "small")
    with sqlite3.connect(family.storage.home / "catalog.db") as books:
        books.execute("DELETE FROM picture_hashes")
    books.close()
    family.put({"a.jpg": original(0)})
    assert family.consolidated(f"sync={family.sync}")["unhashed"] == 8


def test_the_documented_document_is_the_printed_one(family: Family) -> None:
    twice(family)
    document = family.storage.here("duplicates", "--near", "--json").json
    example = documented("duplicates")
    assert document.keys() == example.keys()
    for key, below in (("exact", "sightings"), ("near", "members")):
        assert document[key][0].keys() == example[key][0].keys()
        assert document[key][0][below][0].keys() == example[key][0][below][0].keys()
