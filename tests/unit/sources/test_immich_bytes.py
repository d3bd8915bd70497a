"""Paths of a server, and where they lie here."""

import pytest

from picture_pipeline.sources.immich_bytes import PathPair

PAIR = PathPair("/data", "/mnt/nas/immich")


@pytest.mark.parametrize("server", ["/data", "/data/"])
def test_a_path_of_the_server_is_found_here(server: str) -> None:
    pair = PathPair(server, "/mnt/nas/immich")

    assert pair("/data/upload/anna/1.jpg") == "/mnt/nas/immich/upload/anna/1.jpg"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/data",
        "/database/1.jpg",
        "/mnt/external/1.jpg",
        "/data/../etc/shadow",
        "/data/upload/../../../etc/shadow",
        "/data/a\0b",
    ],
)
def test_no_path_leads_out_of_the_folder(path: str) -> None:
    assert PAIR(path) is None


def test_a_path_that_begins_anew_stays_in_the_folder() -> None:
    assert PAIR("/data//etc/shadow") == "/mnt/nas/immich/etc/shadow"
