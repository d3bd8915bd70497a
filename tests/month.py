"""A month in a family's life: what four programs do with one phone's pictures, with planted truth.

Every writer keeps to the ways of the real program: icloudpd's names, ``.part`` files and times
that lie years back, its rewriting in place, its size suffixes; PhotoSync's copy per album;
Synology's and Immich's own trees with re-encoded copies, thumbnails and markers.
"""

import datetime as dt
import io
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

from movies import header, keys, movie, track
from pictures import write

DAY = dt.date(2024, 3, 1)
ZONE = "+01:00"
DATE_TIME_ORIGINAL, SUBSECOND, OFFSET, EXIF, MAKE, MODEL = 36867, 37521, 36881, 0x8769, 271, 272
PHONE = "Anna's iPhone"


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture as the phone took it."""

    number: int
    suffix: str = "JPG"
    dated: bool = True
    """Whether it says when and by which camera it was taken."""

    @property
    def name(self) -> str:
        return f"IMG_{self.number:04}.{self.suffix}"

    @property
    def taken(self) -> dt.datetime:
        day = dt.datetime.combine(DAY, dt.time(10, 11, 12))
        return day + dt.timedelta(days=self.number % 28, minutes=self.number)

    def scene(self) -> Image.Image:
        """Draw something with structure, unlike any other: smooth noise."""
        dice = np.random.default_rng(self.number)
        coarse = dice.integers(0, 256, (9, 12, 3), dtype=np.uint8)
        return Image.fromarray(coarse).resize((320, 240), Image.Resampling.BICUBIC)

    def exif(self) -> bytes:
        found = Image.Exif()
        if self.dated:
            found[MAKE], found[MODEL] = "Apple", "iPhone 15 Pro"
            below = found.get_ifd(EXIF)
            below[DATE_TIME_ORIGINAL] = f"{self.taken:%Y:%m:%d %H:%M:%S}"
            below[SUBSECOND], below[OFFSET] = f"{self.number * 7 % 1000:03}", ZONE
        return found.tobytes()

    def original(self) -> bytes:
        """Give the phone's own bytes."""
        if self.suffix == "HEIC":
            return _heic(self.scene(), self.exif())
        return _jpeg(self.scene(), 95, self.exif() if self.dated else b"")

    def re_encoded(self, quality: int = 60, scale: float = 0.75) -> bytes:
        """Give what an app makes of it: smaller, worse, with the times kept."""
        scene = self.scene()
        small = scene.resize((int(scene.width * scale), int(scene.height * scale)))
        return _jpeg(small, quality, self.exif() if self.dated else b"")

    def film(self) -> bytes:
        """Give the video half of a Live Photo."""
        said = f"{self.taken:%Y-%m-%dT%H:%M:%S}+0100".encode()
        moment = keys({"com.apple.quicktime.creationdate": said})
        return movie(header(scale=600, length=1800), track(), moment) + b"free"[:0]


def _jpeg(scene: Image.Image, quality: int, exif: bytes) -> bytes:
    out = io.BytesIO()
    scene.save(out, "JPEG", quality=quality, **({"exif": exif} if exif else {}))
    return out.getvalue()


def _heic(scene: Image.Image, exif: bytes) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(scene).save(out, quality=80, exif=exif)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Version:
    """What a program does to one path, in one go."""

    data: bytes
    by_part: bool = False
    """Written as icloudpd does: a ``.part`` beside it that is renamed."""
    is_original: bool = True
    """Whether a watch is to take these bytes in."""
    mtime: float | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One path and what happens there, in order; each version stands still for a pass."""

    path: str
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """All stories of the watched sources, those of the others, and what is true of them."""

    watched: tuple[Story, ...]
    beside: tuple[Story, ...]
    only_in: dict[str, int] = field(default_factory=dict)
    """Assets of the unwatched sources that nobody else has."""

    def originals(self, stories: Sequence[Story]) -> set[bytes]:
        return {v.data for story in stories for v in story.versions if v.is_original}


def asset_date(shot: Shot) -> float:
    return shot.taken.replace(tzinfo=dt.UTC).timestamp()


def icloud(shot: Shot, name: str | None = None) -> str:
    return f"icloud/{shot.taken:%Y/%m/%d}/{name or shot.name}"


def downloaded(shot: Shot, *data: bytes, name: str | None = None) -> Story:
    """Tell what icloudpd does: each content by a ``.part``, with the picture's date as its time."""
    date = asset_date(shot)
    return Story(icloud(shot, name), tuple(Version(d, by_part=True, mtime=date) for d in data))


def rewritten(shot: Shot) -> tuple[Story, Story]:
    """Tell of ``--set-exif-datetime``: rewritten in place, and so downloaded again, and again."""
    before, date = shot.original(), asset_date(shot)
    after = _jpeg_with_date(before, shot)
    first = (Version(before, by_part=True, mtime=date), Version(after, mtime=date))
    again = shot.name.replace(".", f"-{len(before)}.")
    return Story(icloud(shot), first), Story(icloud(shot, again), first)


def _jpeg_with_date(data: bytes, shot: Shot) -> bytes:
    """Put a date into a JPEG without touching its picture, as piexif does."""
    exif = Image.Exif()
    exif.get_ifd(EXIF)[DATE_TIME_ORIGINAL] = f"{shot.taken:%Y:%m:%d %H:%M:%S}"
    body = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")
    segment = b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
    return data[:2] + segment + data[2:]


def still_there(path: str, data: bytes, *, original: bool = True) -> Story:
    return Story(path, (Version(data, is_original=original),))


def a_month() -> Month:
    """Plan it: 16 shots, told by icloudpd and PhotoSync, kept by Synology and Immich too."""
    shots = [Shot(number) for number in range(1, 9)]
    live = [Shot(20, "HEIC"), Shot(21, "HEIC")]
    undated, cut, only_app = Shot(30, dated=False), Shot(31), Shot(40)
    watched = [downloaded(shot, shot.original()) for shot in shots]
    for shot in live:
        watched.append(downloaded(shot, shot.original()))
        watched.append(downloaded(shot, shot.film(), name=f"IMG_{shot.number:04}_HEVC.MOV"))
    watched.extend(rewritten(undated))
    whole = cut.original()
    watched.append(downloaded(cut, whole[: len(whole) * 2 // 3], whole))
    watched.append(
        Story(icloud(shots[0], "AGE5UQ2.part"), (Version(b"x" * 999, is_original=False),))
    )
    for album, held in (("Recents", [*shots[:5], only_app]), ("Holiday", [*shots[1:4], only_app])):
        watched.extend(
            still_there(f"photosync/{PHONE}/{album}/{shot.name}", shot.original()) for shot in held
        )
    return Month(tuple(watched), tuple(_beside(shots, live)), {"synology": 1, "immich": 0})


def _beside(shots: Sequence[Shot], live: Sequence[Shot]) -> Iterator[Story]:
    """Tell what lies in the trees that nobody watches yet."""
    for shot in [*shots[:4], Shot(50)]:
        folder = f"synology/PhotoLibrary/{shot.taken:%Y/%m}"
        data = shot.original() if shot.number in {1, 50} else shot.re_encoded(quality=80, scale=1)
        yield still_there(f"{folder}/{shot.name}", data)
        thumb = f"{folder}/@eaDir/{shot.name}/SYNOPHOTO_THUMB_XL.jpg"
        yield still_there(thumb, shot.re_encoded(50, 0.5), original=False)
    for shot in [*shots[2:7], *live]:
        folder = f"immich/library/anna/{shot.taken:%Y/%Y-%m-%d}"
        yield still_there(f"{folder}/IMG_{shot.number:04}.jpg", shot.re_encoded())
        thumb = f"immich/thumbs/anna/ab/cd/{shot.number}-preview.jpeg"
        yield still_there(thumb, shot.re_encoded(50, 0.3), original=False)
    for folder in ("library", "thumbs", "upload", "encoded-video", "profile", "backups"):
        yield still_there(f"immich/{folder}/.immich", b"1", original=False)


def steps(stories: Sequence[Story], dice: random.Random) -> Iterator[list[tuple[Story, Version]]]:
    """Shuffle: each step moves some paths on by one version; none moves on twice."""
    left = {story: list(story.versions) for story in stories}
    while left:
        chosen = dice.sample(sorted(left, key=lambda s: s.path), k=max(1, len(left) // 3))
        yield [(story, left[story].pop(0)) for story in chosen]
        left = {story: versions for story, versions in left.items() if versions}


def happen(root: Path, story: Story, version: Version) -> None:
    """Write one version as its program does."""
    path = root / story.path
    if version.by_part:
        part = path.parent / f"{abs(hash(path.name)) % 10**8:08}AAAA.part"
        write(part, version.data)
        part.rename(path)
    else:
        write(path, version.data)
    if version.mtime is not None:
        os.utime(path, (version.mtime, version.mtime))
