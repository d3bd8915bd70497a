"""Which value is in force: defaults, storage.yaml, environment."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from picture_pipeline.config.document import parse_document
from picture_pipeline.config.load import Config, build_config, shown
from picture_pipeline.config.place import find_place
from picture_pipeline.errors import ConfigError
from picture_pipeline.model.rendition import RenditionSpec

HOME = {"PICTURE_PIPELINE_HOME": "/pictures"}


def configured(text: str | None, environ: Mapping[str, str] = {}) -> Config:
    whole = {**HOME, **environ}
    document = None if text is None else parse_document(text)
    return build_config(find_place(whole, None, Path("/")), document, whole)


def test_without_storage_yaml_the_archive_lies_below_the_home() -> None:
    config = configured(None)

    assert config.file is None
    assert "embedded defaults" in config.origin
    assert config.storage.nas.base_path == Path("/pictures/archive")
    assert config.storage.database.url == "sqlite:////pictures/catalog.db"


def test_an_empty_storage_yaml_changes_nothing_but_the_origin() -> None:
    assert shown(configured("")) == shown(configured(None))
    assert configured("").origin == "/pictures/config/storage.yaml"


def test_a_key_without_a_value_has_its_default() -> None:
    config = configured("storage: {nas: {group: }, local: {cache: }}")

    assert config.storage.local.cache.max_size_gb == 50


def test_the_environment_wins_over_the_file() -> None:
    config = configured(
        "storage: {local: {cache: {max_size_gb: 7, ttl_days: 5}}}",
        {"PICTURE_PIPELINE_STORAGE__LOCAL__CACHE__MAX_SIZE_GB": "0.02"},
    )

    assert config.storage.local.cache.max_size_bytes == int(0.02 * 1024**3)
    assert config.storage.local.cache.ttl_days == 5


def test_an_empty_variable_counts_as_not_set() -> None:
    config = configured(
        "storage: {nas: {group: photos}}", {"PICTURE_PIPELINE_STORAGE__NAS__GROUP": ""}
    )

    assert config.storage.nas.group == "photos"


def test_null_in_the_environment_brings_the_default_back() -> None:
    config = configured(
        "storage: {nas: {group: photos}}", {"PICTURE_PIPELINE_STORAGE__NAS__GROUP": "null"}
    )

    assert config.storage.nas.group is None


def test_a_path_in_the_environment_may_hold_what_yaml_takes_for_its_own() -> None:
    config = configured(
        None, {"PICTURE_PIPELINE_STORAGE__NAS__BASE_PATH": "/mnt/a: b #1, [old] 2024-01-01"}
    )

    assert config.storage.nas.base_path == Path("/mnt/a: b #1, [old] 2024-01-01")


def test_sources_can_be_given_in_the_environment() -> None:
    config = configured(
        None, {"PICTURE_PIPELINE_STORAGE__SOURCES": "[{name: phone, path: /mnt/phone}]"}
    )

    assert [(entry.name, entry.path) for entry in config.storage.sources] == [
        ("phone", Path("/mnt/phone"))
    ]


def test_further_thumbnail_names_are_further_sizes() -> None:
    config = configured("storage: {local: {thumbnails: {huge: [3840, 2160], tiny: 100}}}")

    assert config.storage.local.renditions == (
        RenditionSpec("tiny", 100, 100),
        RenditionSpec("small", 500, 500),
        RenditionSpec("medium", 1920, 1080),
        RenditionSpec("huge", 3840, 2160),
    )


def test_the_archive_follows_the_local_base_path() -> None:
    config = configured("storage: {local: {base_path: /ssd}}")

    assert config.storage.nas.base_path == Path("/ssd/archive")


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:////var/lib/c.db", "/var/lib/c.db"),
        ("sqlite:///c.db", "/pictures/c.db"),
        ("sqlite:///~/c.db", "/home/anna/c.db"),
    ],
)
def test_an_sqlite_url_always_names_a_whole_path(url: str, file: str) -> None:
    config = configured(f"storage: {{database: {{url: '{url}'}}}}", {"HOME": "/home/anna"})

    assert config.storage.database.sqlite_file == Path(file)
    assert config.storage.database.url == f"sqlite:///{file}"


@pytest.mark.parametrize(
    "url", ["postgresql://anna@db/pictures", "postgresql:///pictures?host=/run/postgresql"]
)
def test_a_plain_postgresql_url_stays_as_it_is(url: str) -> None:
    config = configured(f"storage: {{database: {{url: '{url}'}}}}")

    assert config.storage.database.url == url
    assert config.storage.database.sqlite_file is None


def test_the_home_needs_no_home_folder() -> None:
    assert configured(None).home == Path("/pictures")


def test_without_any_home_the_remedy_is_named() -> None:
    with pytest.raises(ConfigError, match="set PICTURE_PIPELINE_HOME"):
        find_place({}, None, Path("/"))


def test_config_option_comes_before_the_variable_and_the_home() -> None:
    environ = {**HOME, "PICTURE_PIPELINE_CONFIG": "/etc/a.yaml"}

    assert find_place(environ, Path("b.yaml"), Path("/x")).file == Path("/x/b.yaml")
    assert find_place(environ, None, Path("/x")).file == Path("/etc/a.yaml")
    assert find_place(HOME, None, Path("/x")).file == Path("/pictures/config/storage.yaml")


@pytest.mark.parametrize("written", ["off", "'off'", "no"])
def test_a_bare_off_switches_the_deep_reader_off(written: str) -> None:
    """YAML reads it as false."""
    config = configured(f"storage: {{metadata: {{deep_reader: {written}}}}}")

    assert config.storage.metadata.deep_reader == "off"


def test_the_environment_switches_the_deep_reader_off() -> None:
    config = configured(None, {"PICTURE_PIPELINE_STORAGE__METADATA__DEEP_READER": "off"})

    assert config.storage.metadata.deep_reader == "off"
    assert shown(config)["storage"]["metadata"] == {"deep_reader": "off"}


def test_the_deep_reader_is_used_where_nothing_else_is_said() -> None:
    assert configured(None).storage.metadata.deep_reader == "auto"


@pytest.mark.parametrize("written", ["on", "exiftool", "1"])
def test_the_deep_reader_has_no_other_settings(written: str) -> None:
    with pytest.raises(ConfigError):
        configured(f"storage: {{metadata: {{deep_reader: {written}}}}}")
