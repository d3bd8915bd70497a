"""Faults are listed all at once, with key, origin and what to write."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from picture_pipeline.config.document import parse_document
from picture_pipeline.config.load import build_config
from picture_pipeline.config.place import find_place
from picture_pipeline.errors import ConfigError

HOME = {"PICTURE_PIPELINE_HOME": "/pictures"}


def faults(text: str, environ: Mapping[str, str] = {}) -> tuple[str, ...]:
    whole = {**HOME, **environ}
    with pytest.raises(ConfigError) as caught:
        build_config(find_place(whole, None, Path("/")), parse_document(text), whole)
    return caught.value.faults


def fault_of(key: str, text: str, environ: Mapping[str, str] = {}) -> str:
    (found,) = [fault for fault in faults(text, environ) if fault.startswith(key)]
    return found


EVERY_KIND = """\
storage:
  local:
    base_path: pictures
    thumbnails: {tiny: 0, Big: 4}
    cache: {max_size_gb: lots}
  nas: {originals: "{year}/{month}"}
  database: {url: "mysql://anna@db/pictures"}
  sources: [{name: phone}]
  sync: {poll_interval_seconds: 0}
  tool: {}
"""


def test_all_faults_are_listed_at_once() -> None:
    keys = {fault.split(" ")[0].removesuffix(":") for fault in faults(EVERY_KIND)}

    assert keys == {
        "storage.local.base_path",
        "storage.local.thumbnails.tiny",
        "storage.local.thumbnails.Big",
        "storage.local.cache.max_size_gb",
        "storage.nas.originals",
        "storage.database.url",
        "storage.sources.0.path",
        "storage.sync.poll_interval_seconds",
        "storage.tool",
    }


def test_a_fault_names_the_line_and_what_to_write() -> None:
    fault = fault_of("storage.local.cache.max_size_gb", EVERY_KIND)

    assert "/pictures/config/storage.yaml line 5" in fault
    assert "must be a number (it is 'lots')" in fault
    assert fault.endswith("write for instance max_size_gb: 50")


def test_a_fault_in_the_environment_names_the_variable() -> None:
    variable = "PICTURE_PIPELINE_STORAGE__LOCAL__CACHE__TTL_DAYS"
    fault = fault_of("storage.local.cache.ttl_days", "", {variable: "soon"})

    assert f"({variable})" in fault
    assert f"{variable}=30" in fault


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("storage: {nas: {basepath: /x}}", "did you mean storage.nas.base_path?"),
        ("stroage: {}", "did you mean storage?"),
        ("nas: {}", "did you mean storage.nas?"),
        ("storage: {sync: {xyz: 1}}", "known here: method, watch_path, poll_interval_seconds"),
    ],
)
def test_an_unknown_key_is_refused_with_a_suggestion(text: str, suggestion: str) -> None:
    (fault,) = faults(text)

    assert suggestion in fault


def test_a_misspelt_variable_is_refused_not_ignored() -> None:
    (fault,) = faults("", {"PICTURE_PIPELINE_STORAGE_NAS_BASE_PATH": "/mnt/nas"})

    assert "PICTURE_PIPELINE_STORAGE_NAS_BASE_PATH" in fault


def test_another_tree_is_refused_because_the_tree_is_fixed() -> None:
    assert "the archive's tree is fixed" in fault_of("storage.nas.originals", EVERY_KIND)


def test_a_key_given_twice_is_refused() -> None:
    (fault,) = faults("storage:\n  sync: {}\n  sync: {}\n")

    assert "storage.sync (/pictures/config/storage.yaml line 2)" in fault
    assert "line 3" in fault


def test_a_fault_never_shows_a_password() -> None:
    (fault,) = faults("storage: {database: {url: 'mysql://anna:geheim@db/pictures'}}")

    assert "geheim" not in fault
    assert "***" in fault


def test_a_home_sign_needs_home() -> None:
    assert "HOME is not set" in fault_of(
        "storage.nas.base_path", "storage: {nas: {base_path: ~/nas}}"
    )


@pytest.mark.parametrize("path", ["/nas/originals/2024", "/nas", "/nas/views", "/"])
def test_a_source_must_not_overlap_the_archives_own_folders(path: str) -> None:
    text = f"storage: {{nas: {{base_path: /nas}}, sync: {{watch_path: {path}}}}}"

    assert "inside of each other" in fault_of("storage.sync.watch_path", text)


def test_two_sources_cannot_share_a_name() -> None:
    (fault,) = faults(
        "storage: {sources: [{name: phone, path: /a}, {name: phone, path: /b}]}",
    )

    assert "2 sources are called 'phone'" in fault


def test_the_name_watch_belongs_to_the_watched_folder() -> None:
    (fault,) = faults(
        "storage: {sync: {watch_path: /w}, sources: [{name: watch, path: /a}]}",
    )

    assert "storage.sync.watch_path" in fault


@pytest.mark.parametrize("text", ["- a", "just words", "5"])
def test_a_file_that_holds_no_keys_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must hold keys and values"):
        parse_document(text)


@pytest.mark.parametrize("text", ["storage: 5", "storage: {local: 5}", "storage: {tools: []}"])
def test_a_value_in_the_place_of_a_section_is_a_fault(text: str) -> None:
    assert any("must hold further keys" in fault for fault in faults(text))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "postgres://h/n"])
def test_only_urls_that_name_a_lasting_database_pass(url: str) -> None:
    assert fault_of("storage.database.url", f"storage: {{database: {{url: '{url}'}}}}")
