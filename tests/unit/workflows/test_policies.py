"""Which policy may work where."""

import pytest

from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import SourceName, SourceSpec
from picture_pipeline.workflows.policies import how_to_free, policy_of


def spec(policy: str, kind: str = "folder", name: str = "card") -> SourceSpec:
    return SourceSpec(SourceName(name), b"/card", kind, None, policy)


@pytest.mark.parametrize(
    ("policy", "kind", "command"),
    [
        ("free", "camera", "free"),
        ("free", "iphone_usb", "free"),
        ("move", "folder", "free"),
        ("reclaim", "icloudpd", "reclaim"),
        ("reclaim", "folder", "reclaim"),
    ],
)
def test_a_policy_works_where_it_does_no_harm(policy: str, kind: str, command: str) -> None:
    assert policy_of(spec(policy, kind), command).name == policy


@pytest.mark.parametrize("kind", ["icloudpd", "photosync", "synology", "immich", "rsync"])
@pytest.mark.parametrize("policy", ["free", "move"])
def test_nothing_is_taken_from_folders_that_a_program_fills(policy: str, kind: str) -> None:
    with pytest.raises(UsageError, match=kind):
        policy_of(spec(policy, kind), "free")


def test_nothing_is_taken_from_the_watched_folder() -> None:
    with pytest.raises(UsageError, match="some program fills it"):
        policy_of(spec("move", name="watch"), "free")


@pytest.mark.parametrize("kind", ["immich", "immich_api", "apple_photos", "iphone_usb", "camera"])
def test_no_placeholder_is_put_where_others_look(kind: str) -> None:
    with pytest.raises(UsageError, match=kind):
        policy_of(spec("reclaim", kind), "reclaim")


@pytest.mark.parametrize(("policy", "command"), [("keep", "free"), ("free", "reclaim")])
def test_another_policy_is_told_how_to_be_given(policy: str, command: str) -> None:
    with pytest.raises(UsageError, match=f"sources add NAME /card --policy {command}"):
        policy_of(spec(policy), command)


@pytest.mark.parametrize(
    ("policy", "kind", "how"),
    [
        ("keep", "folder", None),
        ("free", "camera", "to give its space back: picture-pipeline free card"),
        ("move", "folder", "to give its space back: picture-pipeline free card"),
        ("reclaim", "icloudpd", "to give its space back: picture-pipeline reclaim card"),
        ("free", "icloudpd", None),
    ],
)
def test_an_import_says_how_space_comes_back(policy: str, kind: str, how: str | None) -> None:
    assert how_to_free(spec(policy, kind)) == how
