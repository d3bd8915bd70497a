"""Sources in the catalog, on both databases: added, removed, taken up again."""

from dataclasses import replace

import pytest

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.source_rows import (
    add_source,
    added_sources,
    all_sources,
    remove_source,
    source_at,
)
from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import SourceName, SourceSpec
from samples import CAMERA, FIRST, LATER

PHONE = SourceSpec(SourceName("phone"), b"/srv/phone", "icloudpd", "anna", "reclaim")


def names(catalog: SqlCatalog) -> list[str]:
    return [spec.name for spec in all_sources(catalog.engine)]


def test_an_added_source_is_found_by_name_and_path(catalog: SqlCatalog) -> None:
    add_source(catalog.engine, PHONE, FIRST)

    assert catalog.named_source("phone") == source_at(catalog.engine, PHONE.path) == PHONE


def test_a_source_that_came_with_an_import_is_not_an_added_one(catalog: SqlCatalog) -> None:
    add_source(catalog.engine, PHONE, FIRST)

    assert added_sources(catalog.engine) == [PHONE]
    assert names(catalog) == ["camera", "phone"]
    assert source_at(catalog.engine, CAMERA.path) is None


def test_adding_again_changes_settings(catalog: SqlCatalog) -> None:
    add_source(catalog.engine, PHONE, FIRST)
    changed = replace(PHONE, kind="iphone", owner=None, policy="keep")

    add_source(catalog.engine, changed, LATER)

    assert catalog.named_source("phone") == changed


def test_an_import_may_change_settings_too(catalog: SqlCatalog) -> None:
    changed = replace(CAMERA, kind="camera", owner="ben", policy="free")

    catalog.add_source(changed)

    assert catalog.named_source("camera") == changed


def test_a_kind_left_open_stays_open_while_nothing_is_recognised(catalog: SqlCatalog) -> None:
    add_source(catalog.engine, replace(PHONE, kind="auto"), FIRST)

    catalog.add_source(replace(PHONE, kind="folder"))
    before = catalog.named_source("phone")
    catalog.add_source(PHONE)
    after = catalog.named_source("phone")

    assert before == replace(PHONE, kind="auto")
    assert after == PHONE


def test_a_removed_source_is_not_found_any_more(catalog: SqlCatalog) -> None:
    add_source(catalog.engine, PHONE, FIRST)

    assert remove_source(catalog.engine, "phone", LATER)

    assert catalog.named_source("phone") is None
    assert source_at(catalog.engine, PHONE.path) is None
    assert names(catalog) == ["camera"]
    assert not remove_source(catalog.engine, "phone", LATER)


@pytest.mark.parametrize("by_import", [True, False])
def test_it_is_taken_up_again_at_the_same_path(catalog: SqlCatalog, by_import: bool) -> None:  # noqa: FBT001 - a parameter of the test
    add_source(catalog.engine, PHONE, FIRST)
    remove_source(catalog.engine, "phone", LATER)

    catalog.add_source(PHONE) if by_import else add_source(catalog.engine, PHONE, LATER)

    assert names(catalog) == ["camera", "phone"]


@pytest.mark.parametrize("by_import", [True, False])
def test_at_another_path_it_is_another_source(catalog: SqlCatalog, by_import: bool) -> None:  # noqa: FBT001 - likewise
    other = replace(PHONE, path=b"/srv/other")
    add_source(catalog.engine, PHONE, FIRST)
    remove_source(catalog.engine, "phone", LATER)

    catalog.add_source(other) if by_import else add_source(catalog.engine, other, LATER)

    assert catalog.named_source("phone") == other
    assert names(catalog) == ["camera", "phone"]


def test_a_name_may_be_given_away_several_times_a_day(catalog: SqlCatalog) -> None:
    for number in range(4):
        add_source(catalog.engine, replace(PHONE, path=b"/srv/%d" % number), FIRST)
        remove_source(catalog.engine, "phone", LATER)

    add_source(catalog.engine, PHONE, LATER)

    assert catalog.named_source("phone") == PHONE


def test_a_name_that_is_in_use_keeps_its_path(catalog: SqlCatalog) -> None:
    with pytest.raises(UsageError, match=r"camera is known at /srv/camera.*sources remove camera"):
        add_source(catalog.engine, replace(CAMERA, path=b"/srv/other"), LATER)

    assert catalog.named_source("camera") == CAMERA


def test_a_folder_with_a_name_is_no_longer_called_by_its_path(catalog: SqlCatalog) -> None:
    catalog.add_source(replace(PHONE, name=SourceName("/srv/phone")))

    add_source(catalog.engine, PHONE, LATER)

    assert names(catalog) == ["camera", "phone"]
