"""Immich's own folders, read without its server."""

from pathlib import Path
from typing import Any

import pytest

from installed import Storage
from pictures import jpeg, photo, write

USER = "3f0c1a52-9a3e-4a5e-8f5a-0d8f7d1c2b3a"
UPLOAD = "aabb0c52-9a3e-4a5e-8f5a-0d8f7d1c2b3a"
OTHER = "ccdd0c52-9a3e-4a5e-8f5a-0d8f7d1c2b3a"
RATED = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="{}"/></rdf:RDF></x:xmpmeta>"""

FIRST, SECOND, UPLOADED = (
    photo(number, taken=f"2001:02:03 10:11:{number:02}") for number in (1, 2, 3)
)
SIDECAR, STRAY = RATED.format(5).encode(), RATED.format(2).encode()
KEPT = {
    "library/anna/2001/2001-02-03/IMG_0001.jpg": FIRST,
    "library/anna/2001/2001-02-03/IMG_0001+1.jpg": SECOND,
    "library/anna/2001/2001-02-03/IMG_0001+1.jpg.xmp": SIDECAR,
    f"upload/{USER}/aa/bb/{UPLOAD}.jpg": UPLOADED,
    f"upload/{USER}/cc/dd/{OTHER}.xmp": STRAY,
}
MADE = {
    f"thumbs/{USER}/aa/bb/{UPLOAD}_preview.jpeg": jpeg(11),
    f"thumbs/{USER}/aa/bb/{UPLOAD}_thumbnail.webp": jpeg(12),
    f"encoded-video/{USER}/aa/bb/{UPLOAD}-MP.mp4": jpeg(13),
    f"profile/{USER}/{OTHER}.jpg": jpeg(14),
    "backups/immich-db-backup-20260501T020000-v3.1.0-pg14.sql.gz": b"-- dump",
}
MARKED = ("library", "upload", "thumbs", "encoded-video", "profile", "backups")


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """A media location as Immich 3.1 keeps it."""
    for name, data in (KEPT | MADE).items():
        write(tmp_path / "media" / name, data)
    for folder in MARKED:
        write(tmp_path / "media" / folder / ".immich", b"1714557600000")
    return tmp_path / "media"


def come_home(storage: Storage, *arguments: str | Path) -> Any:
    said = storage.here("import", "--json", *arguments)
    assert said.status == 0, said.err
    return said.json


def archived(storage: Storage) -> set[bytes]:
    foreign = {path.read_bytes() for path in (storage.archive / "originals").rglob("*.xmp")}
    return {path.read_bytes() for path in storage.originals()} | (foreign & set(KEPT.values()))


def test_what_people_gave_to_immich_comes_home_and_nothing_that_it_made(
    storage: Storage, media: Path
) -> None:
    come_home(storage, media)

    assert archived(storage) == set(KEPT.values())


def test_the_folder_is_recognised(storage: Storage, media: Path) -> None:
    said = storage.here("import", media)

    assert "Immich" in said.text + said.err


@pytest.mark.parametrize("part", ["library", "upload"])
def test_a_part_of_it_may_be_named_alone(storage: Storage, media: Path, part: str) -> None:
    come_home(storage, media / part)

    assert archived(storage) == {data for name, data in KEPT.items() if name.startswith(part)}


def test_a_sidecar_behind_the_whole_name_speaks_of_its_picture_alone(
    storage: Storage, media: Path
) -> None:
    come_home(storage, media)

    ratings = {
        path.read_bytes(): storage.here("show", "--json", path.stem).json["rating"]
        for path in storage.originals()
        if path.suffix == ".jpg"
    }
    assert ratings == {FIRST: None, SECOND: 5, UPLOADED: None}


def test_a_second_look_finds_nothing_new(storage: Storage, media: Path) -> None:
    come_home(storage, media)

    assert come_home(storage, media)["imported"] == 0
