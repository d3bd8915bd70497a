"""Changing keys of a storage.yaml leaves the rest as it is written."""

import pytest

from picture_pipeline.config.document import parse_document
from picture_pipeline.config.revise import Edit, edit_text

NAS = ("storage", "nas", "base_path")

COMMENTED = """\
# mine
storage:
  nas:
    base_path: "/old"  # the NAS
    group: photos
  local:
    cache: {max_size_gb: 7}
"""


def test_a_changed_value_keeps_every_comment() -> None:
    assert edit_text(COMMENTED, {NAS: "/new"}) == Edit(
        COMMENTED.replace('"/old"', "/new"), keeps_comments=True
    )


def test_a_new_key_keeps_every_comment() -> None:
    edit = edit_text(COMMENTED, {("storage", "database", "url"): "postgresql:///p"})

    assert edit.keeps_comments
    assert "# the NAS" in edit.text
    assert parse_document(edit.text).tree == {
        "storage": {
            "database": {"url": "postgresql:///p"},
            "nas": {"base_path": "/old", "group": "photos"},
            "local": {"cache": {"max_size_gb": 7}},
        }
    }


def test_a_key_without_a_value_is_filled() -> None:
    edit = edit_text("storage:\n  nas:\n    base_path:\n    group: g # g\n", {NAS: "/new"})

    assert edit.text == "storage:\n  nas:\n    base_path: /new\n    group: g # g\n"


@pytest.mark.parametrize(
    "text",
    [
        "storage: {nas: {group: g}} # flow style\n",
        "storage: # nothing below\n",
        "# only a comment\n",
        "storage: {nas: &x {base_path: /old}, local: *x} # shared\n",
    ],
)
def test_what_cannot_be_changed_in_place_is_written_anew_and_said(text: str) -> None:
    edit = edit_text(text, {NAS: "/new"})

    assert not edit.keeps_comments
    assert "base_path: /new" in edit.text


def test_a_text_without_comments_loses_none() -> None:
    assert edit_text("storage: {nas: {group: g}}", {NAS: "/new"}).keeps_comments


@pytest.mark.parametrize("value", ["/mnt/a: b", "/mnt/#1", "~", "/mnt/ä\n", "{x}", "'"])
def test_any_path_survives_being_written(value: str) -> None:
    for text in ("", COMMENTED):
        tree = parse_document(edit_text(text, {NAS: value}).text).tree
        storage = tree["storage"]

        assert isinstance(storage, dict)
        assert storage["nas"]["base_path"] == value
