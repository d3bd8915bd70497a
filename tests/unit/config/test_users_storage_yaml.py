"""The storage.yaml that the first user sketched loads as it stands."""

from pathlib import Path

import pytest

from picture_pipeline.config.document import parse_document
from picture_pipeline.config.load import Config, build_config
from picture_pipeline.config.place import find_place
from picture_pipeline.model.rendition import RenditionSpec

STORAGE_YAML = """\
# config/storage.yaml
storage:
  # Local (SSD)
  local:
    base_path: "~/.local/share/pictures"
    thumbnails:
      tiny: 150
      small: 500
      medium: 1920
    cache:
      max_size_gb: 50  # Full-res cache limit
      ttl_days: 30     # Evict after 30 days

  # NAS (Network Storage)
  nas:
    base_path: "/mnt/nas/photos"
    originals: "originals/{year}/{month}/{day}"
    sidecars: "originals/{year}/{month}/{day}"
    backups: "backups/icloud-archive"

  # Sync source
  sync:
    method: "docker-icloud"  # or 'immich', 'rsync'
    watch_path: "/mnt/nas/photos/icloud-sync"
    poll_interval_seconds: 60

  # Tool integration
  tools:
    immich:
      enabled: true
      mode: "external_library"
      path: "/mnt/nas/photos/originals"
    photoprism:
      enabled: true
      mode: "symlink"
      path: "/mnt/nas/photos/originals"
    digikam:
      enabled: true
      mode: "direct"
      database: "/mnt/nas/photos/digikam.db"
      thumbnails: "shared"  # Use picture-pipeline thumbs
"""


@pytest.fixture
def config() -> Config:
    environ = {"HOME": "/home/anna"}
    place = find_place(environ, None, Path("/"))
    return build_config(place, parse_document(STORAGE_YAML), environ)


def test_the_users_own_storage_yaml_loads_as_it_stands(config: Config) -> None:
    assert config.storage.nas.base_path == Path("/mnt/nas/photos")
    assert config.storage.local.base_path == Path("/home/anna/.local/share/pictures")
    assert config.storage.sync.watch_path == Path("/mnt/nas/photos/icloud-sync")
    assert config.storage.sync.method == "docker-icloud"
    assert config.storage.tools.digikam.enabled


def test_one_number_is_a_square_box_and_sixteen_to_nine_for_medium(config: Config) -> None:
    assert config.storage.local.renditions == (
        RenditionSpec("tiny", 150, 150),
        RenditionSpec("small", 500, 500),
        RenditionSpec("medium", 1920, 1080),
    )


def test_gigabytes_are_powers_of_1024(config: Config) -> None:
    assert config.storage.local.cache.max_size_bytes == 50 * 1024**3


def test_backups_are_relative_to_the_archive(config: Config) -> None:
    assert config.storage.nas.backups == Path("/mnt/nas/photos/backups/icloud-archive")


def test_no_database_means_sqlite_on_the_local_disk(config: Config) -> None:
    expected = Path("/home/anna/.local/share/pictures/catalog.db")

    assert config.storage.database.sqlite_file == expected


@pytest.mark.parametrize(
    ("key", "remedy"),
    [
        ("storage.tools.digikam.database", "own disk"),
        ("storage.tools.digikam.thumbnails", "thumbnails: own"),
        ("storage.tools.immich.path", "/mnt/nas/photos/views/immich"),
        ("storage.tools.photoprism.path", "/mnt/nas/photos/views/photoprism"),
    ],
)
def test_what_cannot_be_honoured_gives_one_note_with_the_remedy(
    config: Config, key: str, remedy: str
) -> None:
    notes = [note for note in config.notes if note.startswith(f"{key}:")]

    assert len(notes) == 1
    assert remedy in notes[0]


def test_nothing_else_is_noted(config: Config) -> None:
    assert len(config.notes) == 4
