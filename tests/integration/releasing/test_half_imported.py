"""A shot of which one file was never taken in stays whole, whatever the policy does."""

import os
from pathlib import Path

import pytest

from letting_go import TAKEN, Folder, large, reasons

CARD = "DCIM/100APPLE/"
STILL, VIDEO = CARD + "IMG_7943.HEIC", CARD + "IMG_7943_HEVC.MOV"
OTHER = CARD + "IMG_7944.JPG"
POLICIES = [("free", "folder"), ("move", "folder"), ("reclaim", "icloudpd")]


def let_go(folder: Folder) -> dict[str, str]:
    """Call the policy's command; give why files stay."""
    said = folder.reclaim() if folder.policy == "reclaim" else folder.free()
    assert said.status == 0
    return reasons(said)


def still_whole(folder: Folder) -> set[str]:
    return folder.whole() - folder.placeholders()


@pytest.fixture
def live_photo(corpus: Path) -> dict[str, bytes]:
    """The two files of a Live Photo, by where a card has them."""
    names = {Path(path).name: path for path in (STILL, VIDEO)}
    return {names[p.name]: p.read_bytes() for p in corpus.rglob("*") if p.name in names}


@pytest.mark.parametrize(("policy", "kind"), POLICIES)
@pytest.mark.parametrize("late", [VIDEO, STILL])
def test_a_live_photo_of_which_one_half_was_taken_in_stays(
    tmp_path: Path, live_photo: dict[str, bytes], policy: str, kind: str, late: str
) -> None:
    folder = Folder.make(tmp_path, policy, kind=kind)
    (early,) = live_photo.keys() - {late}
    folder.add(early, live_photo[early])
    folder.fill(OTHER)
    folder.add(late, live_photo[late])

    stays = let_go(folder)

    assert stays == {Path(early).name: "companion_stays", Path(late).name: "not_archived"}
    assert still_whole(folder) == {STILL, VIDEO}


@pytest.mark.parametrize(("policy", "kind"), POLICIES)
def test_it_goes_whole_when_the_other_half_was_taken_in_too(
    tmp_path: Path, live_photo: dict[str, bytes], policy: str, kind: str
) -> None:
    folder = Folder.make(tmp_path, policy, kind=kind)
    for name, data in live_photo.items():
        folder.add(name, data)
        folder.take_in()

    assert let_go(folder) == {}
    assert still_whole(folder) == set()


def test_a_dry_run_tells_that_it_would_stay(card: Folder) -> None:
    card.fill("IMG_1.JPG")
    card.add("IMG_1.MOV", b"not looked at")

    said = card.storage.here("free", "card", "--dry-run", "--json")

    assert (said.json["files"], reasons(said)["IMG_1.JPG"]) == (0, "companion_stays")


def test_a_persons_own_note_stays_and_the_picture_goes(card: Folder) -> None:
    card.add("IMG_1.txt", b"no picture")
    card.fill("IMG_1.JPG")

    assert let_go(card) == {"IMG_1.txt": "not_a_picture"}
    assert card.lies_there() == {"IMG_1.txt"}


def test_a_note_that_became_a_film_keeps_the_picture(card: Folder) -> None:
    """What was looked at was another file than the one that lies there now."""
    card.add("IMG_1.MOV", b"no film")
    card.fill("IMG_1.JPG")
    (card.path / "IMG_1.MOV").write_bytes(large(7))
    os.utime(card.path / "IMG_1.MOV", (TAKEN, TAKEN + 99))

    assert let_go(card) == {"IMG_1.JPG": "companion_stays", "IMG_1.MOV": "not_archived"}


def test_litter_beside_a_picture_does_not_keep_it(card: Folder) -> None:
    card.fill("IMG_1.JPG")
    card.add("._IMG_1.JPG", b"resource fork")
    card.add("@eaDir/IMG_1.JPG", b"thumbnail")

    assert let_go(card) == {"._IMG_1.JPG": "ignored", "IMG_1.JPG": "ignored"}
    assert card.lies_there() == {"._IMG_1.JPG", "@eaDir/IMG_1.JPG"}
