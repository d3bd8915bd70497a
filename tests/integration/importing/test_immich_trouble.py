"""An Immich server that is away, refuses, or holds damaged copies."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2]))

from immich_family import MORNING, OTHER, STILL, Family, counts
from immich_library import INSIDE, Fault, Immich
from immich_server import running
from installed import Said, Storage


@pytest.fixture
def immich(tmp_path: Path) -> Iterator[Immich]:
    with running(Immich(media=tmp_path / "media")) as answering:
        yield answering


@pytest.fixture
def family(immich: Immich, tmp_path: Path) -> Family:
    return Family(immich, tmp_path / "home")


def test_a_copy_that_was_damaged_in_immich_is_not_taken(immich: Immich, family: Family) -> None:
    asset = family.put("IMG_1.JPG", STILL)
    immich.assets[asset].data = bytes([*STILL[:-1], STILL[-1] ^ 1])

    said = family.storage.here("import", "--json", "immich")

    (problem,) = said.json["problems"]
    assert (said.status, problem["outcome"], problem["reason"]) == (
        1,
        "failed",
        "checksum_mismatch",
    )
    assert family.storage.originals() == []


def test_a_damaged_file_that_this_computer_sees_is_not_taken(
    immich: Immich, family: Family
) -> None:
    asset = family.put("IMG_1.JPG", STILL)
    path = immich.assets[asset].about["originalPath"].removeprefix(f"{INSIDE}/")
    (Path(immich.media or "") / path).write_bytes(bytes([*STILL[:-1], STILL[-1] ^ 1]))
    paths = json.dumps([{"server": INSIDE, "local": str(immich.media)}])

    said = family.storage.given(PICTURE_PIPELINE_STORAGE__IMMICH__PATHS=paths).here(
        "import", "--json", "immich"
    )

    assert [problem["reason"] for problem in said.json["problems"]] == ["checksum_mismatch"]


def test_a_download_that_breaks_off_is_begun_again(immich: Immich, family: Family) -> None:
    asset = family.put("IMG_1.JPG", STILL)
    immich.faults += [Fault(f"/api/assets/{asset}/original", 2)]

    assert counts(family.come_home()) == (1, 1, 0, 0, 0, 0)
    assert immich.downloads == {asset: 3}


@pytest.mark.parametrize("status", [404, 500, 504])
def test_one_file_that_immich_cannot_give_costs_only_itself(
    immich: Immich, family: Family, status: int
) -> None:
    broken = family.put("IMG_1.JPG", STILL)
    family.put("IMG_2.JPG", OTHER)
    immich.faults += [Fault(f"/api/assets/{broken}/original", 99, status)]

    said = family.storage.here("import", "--json", "immich")

    assert (said.status, counts(said.json)) == (1, (2, 1, 0, 0, 0, 1))


def test_a_server_that_goes_away_ends_the_run_and_the_next_goes_on(
    immich: Immich, family: Family
) -> None:
    family.put("IMG_1.JPG", STILL, MORNING)
    family.put("IMG_2.JPG", OTHER, "2024-05-15T11:11:12.000Z")
    immich.faults += [Fault("/api/assets/", 99, 503, after=1)]
    immich.faults += [Fault("/api/server/version", 99, 503, after=1)]
    said = family.storage.here("import", "immich")
    assert said.status == 3
    assert "does not answer" in said.err

    immich.faults.clear()

    assert counts(family.come_home())[-1] == 0
    assert {path.read_bytes() for path in family.storage.originals()} == {STILL, OTHER}


def refused(family: Family, *arguments: str, **more: str) -> Said:
    return family.storage.given(**more).here("import", *arguments)


def test_a_wrong_key_is_told_and_not_shown(family: Family) -> None:
    said = refused(family, "immich", PICTURE_PIPELINE_STORAGE__IMMICH__API_KEY="secret-wrong")

    assert said.status == 2
    assert "this API key is wrong" in said.err
    assert "secret-wrong" not in said.err + said.text


def test_a_permission_that_is_missing_is_named(immich: Immich, family: Family) -> None:
    family.put("IMG_1.JPG", STILL)
    allowed = ("asset.read", "album.read", "stack.read", "tag.read", "user.read")

    said = refused(
        family,
        "immich",
        PICTURE_PIPELINE_STORAGE__IMMICH__API_KEY=immich.key(*allowed, user=family.user),
    )

    assert said.status == 2
    assert "Missing required permission: asset.download" in said.err


def test_without_a_key_it_is_said_how_to_get_one(family: Family) -> None:
    family.storage = Storage(family.storage.home)

    said = refused(family, family.immich.url)

    assert said.status == 2
    assert "API Keys" in said.err


def test_a_key_may_lie_in_a_file(family: Family, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{family.key}\n")
    family.put("IMG_1.JPG", STILL)
    family.storage = Storage(family.storage.home).given(
        PICTURE_PIPELINE_STORAGE__IMMICH__API_KEY_FILE=str(tmp_path / "key")
    )

    assert counts(family.come_home(family.immich.url)) == (1, 1, 0, 0, 0, 0)


def test_a_server_may_be_given_a_name(family: Family) -> None:
    family.put("IMG_1.JPG", STILL)

    family.come_home(f"annas={family.immich.url}/api/")

    assert [seen["source"] for seen in family.shown(STILL)["sightings"]] == ["annas"]


def test_the_key_stands_in_no_file_and_no_log_of_ours(family: Family) -> None:
    family.put("IMG_1.JPG", STILL)
    said = family.storage.call("import", "-vv", "immich")
    assert (said.status, family.key in said.err + said.text) == (0, False)

    holding = [
        path
        for path in family.storage.home.rglob("*")
        if path.is_file() and family.key.encode() in path.read_bytes()
    ]
    assert holding == []
