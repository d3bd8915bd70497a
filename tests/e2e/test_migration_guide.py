"""The way of docs/guides/migration.md, walked line by line on small folders."""

import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from installed import Said, Storage
from month import Shot
from pictures import write

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "migration.md"
BLOCK = re.compile(r"(?ms)^```sh\n(.*?)^```")
SHOTS = [Shot(number) for number in range(1, 7)]


def blocks() -> list[str]:
    return BLOCK.findall(GUIDE.read_text())


def ours() -> list[str]:
    """Give the guide's calls of run.sh, in order."""
    lines = (line for block in blocks() for line in block.splitlines())
    return [line for line in lines if line.startswith("./run.sh ")]


@dataclass(frozen=True, slots=True)
class Walked:
    """The guide, walked to its end."""

    root: Path
    storage: Storage
    said: dict[str, list[Said]]
    """By line; a line may come more than once."""


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    root = tmp_path_factory.mktemp("migration")
    photos = root / "photos"
    for shot in SHOTS[:4]:
        write(photos / "icloud-sync" / "2024/03/05" / shot.name, shot.original())
    for shot in SHOTS[1:3]:
        write(photos / "photosync" / "Phone" / "Recents" / shot.name, shot.original())
        write(root / "homes/anna/Photos" / "MobileBackup" / shot.name, shot.re_encoded())
    write(photos / "backups/icloud-archive" / SHOTS[5].name, SHOTS[5].original())
    storage = Storage(root / "home")
    said: dict[str, list[Said]] = {}
    for line in ours():
        here = line.replace("/mnt/nas/photos", str(photos)).replace(
            "/mnt/nas/homes", f"{root}/homes"
        )
        said.setdefault(line, []).append(storage.here(*shlex.split(here)[1:]))
    return Walked(root, storage, said)


def test_the_guide_calls_the_whole_way() -> None:
    commands = {line.split()[1] for line in ours()}

    assert commands >= {"setup-storage", "sources", "consolidate", "import", "generate-thumbs"}
    assert commands >= {"storage-stats", "list", "doctor"}


def test_every_line_of_the_guide_ends_well(walked: Walked) -> None:
    broken = {
        line: [each.err for each in said if each.status != 0]
        for line, said in walked.said.items()
        if any(each.status != 0 for each in said)
    }

    assert broken == {}


def test_everything_is_archived_and_has_its_thumbnails(walked: Walked) -> None:
    stats = walked.storage.here("storage-stats", "--json").json

    assert stats["thumbnails"]["complete"] == stats["originals"]["count"] == 4 + 2 + 1


def test_the_first_look_found_what_only_one_source_has(walked: Walked) -> None:
    first, last = (said.text for said in walked.said["./run.sh consolidate"])

    assert first != last


def test_at_the_end_every_source_is_safe_to_switch_off(walked: Walked) -> None:
    found = walked.storage.here("consolidate", "--json").json["sources"]

    assert {source["name"]: source["verdict"] for source in found} == dict.fromkeys(
        ("icloud", "phone", "synology", "old"), "safe"
    )


def test_the_archive_is_checked_without_us(walked: Walked) -> None:
    (check,) = [block for block in blocks() if "sha256sum" in block]
    script = check.replace("/mnt/nas/photos", shlex.quote(str(walked.root / "photos")))

    well = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)

    assert well.stdout.strip() == "all originals are unchanged"


def test_a_changed_original_is_found_without_us(walked: Walked) -> None:
    (check,) = [block for block in blocks() if "sha256sum" in block]
    script = check.replace("/mnt/nas/photos", shlex.quote(str(walked.root / "photos")))
    victim = next((walked.root / "photos/originals").rglob("*.jpg"))
    kept = victim.read_bytes()
    victim.chmod(0o644)
    victim.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    try:
        ill = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    finally:
        victim.write_bytes(kept)
        victim.chmod(0o444)

    assert "unchanged" not in ill.stdout
    assert victim.stem in ill.stdout
