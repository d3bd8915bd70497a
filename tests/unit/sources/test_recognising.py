"""A folder is recognised by names that only one program or device makes."""

import pytest

from picture_pipeline.sources.glimpse import Glimpse
from picture_pipeline.sources.kinds import KINDS, recognise

ID = b"0b9f3f4e-8a55-4c1b-9d2e-2f8a6b1c7d10"
PLAIN = "folder"


def glimpse(name: bytes, *paths: bytes) -> Glimpse:
    """Make the glimpse of a folder in which these paths lie; those that end with / are folders."""
    files = tuple(path for path in paths if not path.endswith(b"/"))
    folders = {path.rstrip(b"/") for path in paths if path.endswith(b"/")}
    for path in (*files, *folders):
        while b"/" in path:
            path = path.rpartition(b"/")[0]  # noqa: PLW2901 - up to the root
            folders.add(path)
    return Glimpse(name, tuple(sorted(folders)), files)


DAYS = (b"2024/03/15/IMG_0001.HEIC", b"2024/03/16/IMG_0002.JPG", b"2024/04/01/IMG_0003.JPG")
LAYOUTS: dict[str, list[Glimpse]] = {
    "icloudpd": [
        glimpse(b"by day as an iPhone names", *DAYS),
        glimpse(b"alice", *DAYS, b"2024/03/15/IMG_0001_HEVC.MOV"),
        glimpse(b"icloud", *(b"alice/" + path for path in DAYS), b"alice/.mounted"),
        glimpse(b"flat", b"IMG_0001.HEIC", b"IMG_0001_HEVC.MOV"),
        glimpse(
            b"ids",
            *(b"2024/03/15/IMG_0001_QVkvNGJ.HEIC", b"2024/03/15/IMG_0002_QWEfabc.JPG"),
            b"2024/03/15/IMG_0001_QVkvNGJ_HEVC.MOV",
        ),
        glimpse(b"sizes", *DAYS, b"2024/03/15/IMG_0001-2369959.JPG"),
        glimpse(b"edits", *DAYS, b"2024/03/15/IMG_0002-adjusted.JPG"),
        glimpse(b"now", *DAYS, b"2024/03/15/AHT2BQK3XZLMNOPQRSTUVWXYZ234567A.part"),
        glimpse(b"nas", *DAYS, b"2024/03/15/IMG_0001_HEVC.MOV", b"@eaDir/", b"2024/@eaDir/"),
    ],
    "synology": [
        glimpse(b"photo", b"@eaDir/", b"Holiday/a.jpg", b"Holiday/@eaDir/"),
        glimpse(b"photo", b"#recycle/", b"Holiday/a.jpg"),
        glimpse(b"Photos", b"MobileBackup/Pixel 7/2024/03/IMG_0744.HEIC"),
    ],
    "photosync": [
        glimpse(b"photosync", b"Anna's iPhone/Recents/IMG_1.JPG", b"Anna's iPhone/Sea/IMG_1.JPG"),
        glimpse(b"Steve\xe2\x80\x99s iPhone", b"Recents/IMG_1.JPG", b"Holiday/IMG_1.JPG"),
        glimpse(b"p", b"iPad von Anna/Meer/IMG_1.JPG"),
        glimpse(b"nas", b"iPhone/Recents/IMG_1.JPG", b"iPhone/Sea/IMG_1.JPG", b"@eaDir/"),
    ],
    "iphone": [
        glimpse(b"phone", b"DCIM/100APPLE/IMG_0001.HEIC", b"DCIM/.MISC/"),
        glimpse(b"DCIM", b"202401_a/IMG_0001.HEIC", b"202402__/IMG_0002.HEIC"),
        glimpse(b"101APPLE", b"IMG_0001.HEIC"),
    ],
    "camera": [
        glimpse(b"EOS", b"DCIM/100CANON/IMG_0001.CR3"),
        glimpse(b"DCIM", b"100MSDCF/DSC00001.ARW"),
        glimpse(b"100GOPRO", b"GX010001.MP4", b"GX010001.LRV"),
        glimpse(b"SONY", b"PRIVATE/M4ROOT/CLIP/C0001.MP4"),
        glimpse(b"CAM", b"PRIVATE/AVCHD/BDMV/STREAM/00001.MTS"),
        glimpse(b"date", b"DCIM/10140315/DSC00001.JPG"),
    ],
    "immich": [
        glimpse(b"data", b"library/.immich", b"upload/.immich", b"thumbs/.immich", b"profile/"),
        glimpse(b"thumbs", b".immich", ID + b"/aa/bb/x-thumbnail.webp"),
        glimpse(b"library", b".immich", b"admin/2024/2024-03-15/a.jpg"),
        glimpse(b"copy", b"upload/", b"thumbs/", b"encoded-video/"),
        glimpse(b"upload", ID + b"/0b/9f/" + ID + b".jpg"),
    ],
    "apple_photos": [
        glimpse(b"Photos Library.photoslibrary", b"originals/0/A.heic", b"database/Photos.sqlite"),
        glimpse(b"renamed", b"originals/0/A.heic", b"database/Photos.sqlite"),
        glimpse(b"old", b"Masters/2014/a.jpg", b"database/"),
        glimpse(b"Pictures", b"Photos Library.photoslibrary/"),
    ],
    "rsync": [
        glimpse(b"in", b"a.jpg", b".b.jpg.Xy12Zz"),
        glimpse(b"in", b"a.jpg", b"2024/.~tmp~/"),
    ],
    PLAIN: [
        glimpse(b"empty"),
        glimpse(b"pictures", b"2019 Norway/a.jpg", b"b.jpg"),
        glimpse(b"by day", *(name.lower() for name in DAYS)),
        glimpse(b"20240315", b"a.jpg"),
        glimpse(b"M31", b"Galaxy/M31/x.jpg"),
        glimpse(b"phones", b"iPhone/2023/IMG_0001.JPG"),
        glimpse(b"thumbs", b"a.jpg"),
        glimpse(b"library", b"a.jpg"),
    ],
}
CASES = [(kind, each) for kind, layouts in LAYOUTS.items() for each in layouts]


@pytest.mark.parametrize(("kind", "layout"), CASES, ids=[f"{k}-{g.name!r}" for k, g in CASES])
def test_a_layout_is_recognised(kind: str, layout: Glimpse) -> None:
    assert recognise(layout).kind.name == kind


@pytest.mark.parametrize(("kind", "layout"), CASES, ids=[f"{k}-{g.name!r}" for k, g in CASES])
def test_how_sure_it_is_lies_between_0_and_1_and_has_a_reason(kind: str, layout: Glimpse) -> None:
    found = recognise(layout)

    assert 0 <= found.confidence <= 1
    assert found.reason
    assert (found.confidence >= 0.5) == (kind != PLAIN)


def test_more_signs_make_it_surer() -> None:
    one = recognise(glimpse(b"a", *DAYS, b"2024/03/15/IMG_0001_HEVC.MOV"))
    two = recognise(glimpse(b"a", *DAYS, b"2024/03/15/IMG_0001_HEVC.MOV", b".mounted"))

    assert two.confidence > one.confidence


def test_every_row_stands_under_its_name() -> None:
    assert all(name == row.name and row.title for name, row in KINDS.items())


@pytest.mark.parametrize(
    ("better", "worse"), [("iphone_usb", "immich"), ("icloudpd", "synology"), ("camera", "folder")]
)
def test_what_a_device_wrote_ranks_before_what_a_program_copied(better: str, worse: str) -> None:
    assert KINDS[better].rank < KINDS[worse].rank
