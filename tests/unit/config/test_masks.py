"""Secrets are never shown."""

import pytest

from picture_pipeline.config.masks import mask_text, mask_value


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://anna:geheim@db/p", "postgresql://anna:***@db/p"),
        ("postgresql://anna:ge@heim@db/p", "postgresql://anna:***@db/p"),
        ("postgresql:///p?host=/run&password=geheim", "postgresql:///p?host=/run&password=***"),
        ("http://h/x?api_key=geheim&size=1", "http://h/x?api_key=***&size=1"),
        ("postgresql://anna@db/p", "postgresql://anna@db/p"),
        ("sqlite:////a/b:c@d.db", "sqlite:////a/b:c@d.db"),
    ],
)
def test_a_password_inside_a_url_is_hidden(url: str, shown: str) -> None:
    assert mask_text(url) == shown


@pytest.mark.parametrize("name", ["api_key", "token", "PASSWORD", "client_secret"])
def test_the_value_of_a_secret_key_is_hidden(name: str) -> None:
    assert mask_value("tools", {name: "geheim", "n": 5}) == {name: "***", "n": 5}


def test_secrets_in_lists_are_hidden() -> None:
    assert mask_value("sources", [{"token": 123}]) == [{"token": "***"}]
