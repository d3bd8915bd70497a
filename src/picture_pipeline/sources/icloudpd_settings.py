"""What settings of the icloudpd container endanger pictures, or cost some. Pure.

Keys are those of its ``icloudpd.conf`` (boredazfcuk/icloudpd, build 1368),
where the file wins over the environment once it was written.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from picture_pipeline.model.finding import Finding, Severity

AREA = "icloudpd"
_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*")
_TRUE = frozenset({"true", "yes", "1", "on"})
_SOON_DAYS = 7
"""A renewal needs somebody with a phone at hand; the cookie lasts about 30 days."""
_LEAST_INTERVAL = 43_200
"""Seconds; looking more often makes Apple slow the account down."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: a key, which values of it are bad (given None when the key is absent), and why."""

    key: str
    is_bad: Callable[[str | None], bool]
    severity: Severity
    what: str
    do: str


def _is_on(value: str | None) -> bool:
    return value is not None and value.lower() in _TRUE


def _is_off(value: str | None) -> bool:
    return not _is_on(value)


def _is_given(value: str | None) -> bool:
    return value not in (None, "", "0")


def _lacks_edits(value: str | None) -> bool:
    return "adjusted" not in (value or "original").split(",")


def _is_root(value: str | None) -> bool:
    return value == "0"


def _has_space(value: str | None) -> bool:
    return value is not None and " " in value


def _is_too_often(value: str | None) -> bool:
    return value is not None and value.isdecimal() and int(value) < _LEAST_INTERVAL


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "keep_icloud_recent_days",
        _is_given,
        Severity.ERROR,
        "deletes pictures from iCloud, also those whose download failed",
        "remove it from icloudpd.conf; free iCloud by hand, when `consolidate` calls it safe",
    ),
    Setting(
        "keep_icloud_recent_only",
        _is_on,
        Severity.ERROR,
        "deletes pictures from iCloud, also those whose download failed",
        "set keep_icloud_recent_only=false",
    ),
    Setting(
        "delete_after_download",
        _is_on,
        Severity.ERROR,
        "deletes pictures from iCloud once a file has its name, whether it is whole or not",
        "set delete_after_download=false",
    ),
    Setting(
        "set_exif_datetime",
        _is_on,
        Severity.ERROR,
        "rewrites downloaded JPEGs in place and then downloads them again under other names: "
        "these are no originals any more",
        "set set_exif_datetime=false; picture-pipeline finds the capture time itself",
    ),
    Setting(
        "auto_delete",
        _is_on,
        Severity.ERROR,
        "removes files by their names, and so may remove another picture of the same name",
        "set auto_delete=false; the archive keeps what was deleted on the phone",
    ),
    Setting(
        "user_id",
        _is_root,
        Severity.ERROR,
        "the container refuses to run as root",
        "set user_id and group_id to those that picture-pipeline runs as, for instance 1000",
    ),
    Setting(
        "download_path",
        _has_space,
        Severity.ERROR,
        "the container's scripts break on a blank in this path",
        "mount the folder at a path without blanks",
    ),
    Setting(
        "convert_heic_to_jpeg",
        _is_on,
        Severity.WARNING,
        "leaves a derived JPEG beside each HEIC",
        "set convert_heic_to_jpeg=false; thumbnails show HEIC everywhere",
    ),
    Setting(
        "synology_photos_app_fix",
        _is_on,
        Severity.NOTE,
        "touches every file, so that each one is looked at again",
        "set synology_photos_app_fix=false when Synology Photos no longer shows this folder",
    ),
    Setting(
        "download_interval",
        _is_too_often,
        Severity.WARNING,
        "asks Apple so often that the account is slowed down",
        "set download_interval=86400",
    ),
    Setting(
        "photo_size",
        _lacks_edits,
        Severity.NOTE,
        "edited versions are not downloaded",
        "set photo_size=original,adjusted",
    ),
    Setting(
        "keep_unicode",
        _is_off,
        Severity.NOTE,
        "letters beyond ASCII are dropped from file names",
        "set keep_unicode=true for a new set-up; later it makes icloudpd download such files again",
    ),
    Setting(
        "skip_check",
        _is_off,
        Severity.NOTE,
        "counts the whole library before each download, for hours with many thousand pictures",
        "set skip_check=true",
    ),
)


def parse_settings(text: str) -> dict[str, str]:
    """Read ``icloudpd.conf``: ``key=value`` lines; of a key given twice the last one counts."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        given = _LINE.fullmatch(line)
        if given is not None:
            found[given[1].lower()] = _unquoted(given[2])
    return found


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value


def judge_settings(settings: Mapping[str, str]) -> Iterator[Finding]:
    """Name every setting that is bad; one finding that all is well when none is."""
    bad = [row for row in SETTINGS if row.is_bad(settings.get(row.key))]
    for row in bad:
        value = settings.get(row.key)
        said = f"{row.key}={value}" if value is not None else f"{row.key} is not set"
        yield Finding(AREA, row.severity, f"{said}: {row.what}", row.do)
    if not any(row.severity in (Severity.ERROR, Severity.WARNING) for row in bad):
        yield Finding(AREA, Severity.OK, "icloudpd.conf holds nothing that endangers pictures")


def judge_days(text: str | None) -> Finding:
    """Judge ``DAYS_REMAINING``: days until Apple wants to see a code again."""
    renew = (
        "renew the login with a phone at hand: docker exec -it icloudpd reauth.sh "
        "(or sync-icloud.sh --Initialise)"
    )
    if text is None:
        what = "DAYS_REMAINING is not there: icloudpd has not logged in yet, or it lies elsewhere"
        return Finding(AREA, Severity.NOTE, what, "name its folder: storage.sync.icloudpd_config")
    number = re.match(r"\s*(-?\d{1,6})", text)
    if number is None:
        return Finding(AREA, Severity.NOTE, "DAYS_REMAINING holds no number", renew)
    days = int(number[1])
    if days <= 0:
        return Finding(
            AREA, Severity.ERROR, "the login at Apple has run out; nothing arrives", renew
        )
    what = f"the login at Apple lasts for {days} more day{'s' if days > 1 else ''}"
    if days <= _SOON_DAYS:
        return Finding(AREA, Severity.WARNING, what, renew)
    return Finding(AREA, Severity.OK, what)
