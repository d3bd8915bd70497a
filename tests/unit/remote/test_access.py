"""Addresses of servers, and keys that nobody gets to see."""

import pytest

from picture_pipeline.errors import UsageError
from picture_pipeline.remote.access import Access, server_address


@pytest.mark.parametrize(
    "given",
    [
        "http://immich.lan:2283",
        "http://immich.lan:2283/",
        "http://immich.lan:2283/api",
        " http://immich.lan:2283/api// ",
    ],
)
def test_an_address_is_taken_as_people_copy_it(given: str) -> None:
    assert server_address(given) == "http://immich.lan:2283"


def test_an_address_may_have_a_path() -> None:
    assert server_address("https://nas.lan/immich/api") == "https://nas.lan/immich"


@pytest.mark.parametrize(
    "given",
    [
        "immich.lan:2283",
        "ftp://immich.lan",
        "http://",
        "http://immich.lan:port",
        "http://anna:secret@immich.lan",
        "http://immich.lan/?key=secret",
    ],
)
def test_what_is_no_address_is_refused_without_being_repeated(given: str) -> None:
    with pytest.raises(UsageError) as refused:
        server_address(given)
    assert "secret" not in str(refused.value)


def test_a_key_does_not_show() -> None:
    assert "secret" not in repr(Access("http://immich.lan", "secret"))
