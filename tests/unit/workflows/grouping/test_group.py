"""Which originals make one asset; every case in every order of arrival."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest

from picture_pipeline.model.asset import AssetKind, Group, Member, Place, Role
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.media import Family
from picture_pipeline.workflows.grouping.group import group

Partition = set[frozenset[tuple[str, str]]]
LATER = "2024-03-15T10:11:20"
NOON = "2024-03-15T10:11:12"


def digest(name: str) -> Digest:
    return Digest(name.encode().hex().ljust(64, "0")[:64])


def still(name: str, taken_at: str = NOON, **more: object) -> Member:
    return member(name, taken_at, Family.STILL, "image/jpeg", **more)


def member(
    name: str, taken_at: str, family: Family, media_type: str, *, source: str = "a", **more: object
) -> Member:
    place = Place(SourceName(source), b"2024", name.encode(), 100)
    made = Member(digest(source + name), family, media_type, taken_at, "exif_original", (place,), 0)
    return replace(made, **more)  # type: ignore[arg-type]  # attributes of Member by name


def heic(name: str, taken_at: str = NOON, **more: object) -> Member:
    return member(name, taken_at, Family.STILL, "image/heic", **more)


def raw(name: str, taken_at: str = NOON, **more: object) -> Member:
    return member(name, taken_at, Family.RAW, "image/x-nikon-nef", **more)


def mov(name: str, taken_at: str = NOON, **more: object) -> Member:
    return member(name, taken_at, Family.VIDEO, "video/quicktime", **more)


def companion(name: str, media_type: str, **more: object) -> Member:
    return member(name, "2020-01-01T00:00:00+00:00", Family.COMPANION, media_type, **more)


AAE = "application/vnd.apple.photos"
ID = "37B577FC-D6EB-42C9-90BA-A88A7D29C075"
OTHER_ID = "95914300-D6EB-42C9-90BA-A88A7D29C075"


def arriving(members: Sequence[Member]) -> dict[Digest, Member]:
    """Let members arrive one by one, each time grouping all that is there."""
    archive: dict[Digest, Member] = {}
    for number, new in enumerate(members):
        archive[new.digest] = replace(new, arrived=number, asset=None)
        for asset in group(archive.values()).groups:
            for membership in asset.members:
                if membership.home:
                    archive[membership.digest] = replace(archive[membership.digest], asset=asset.id)
    return archive


def together(groups: Sequence[Group], members: Sequence[Member]) -> Partition:
    names = {m.digest: m.places[0].name.decode() for m in members}
    return {frozenset((names[m.digest], m.role.value) for m in g.members) for g in groups}


def assert_grouped(members: Sequence[Member], *expected: dict[str, Role]) -> None:
    wanted = {frozenset((name, role.value) for name, role in one.items()) for one in expected}
    for order in permutations(members):
        archive = arriving(order)
        assert together(group(archive.values()).groups, members) == wanted


def kind(*members: Member) -> AssetKind:
    (only,) = group(members).groups
    return only.kind


def test_a_live_photo_is_paired_by_its_content_identifier_across_sources() -> None:
    photo = heic("IMG_1.HEIC", content_identifier=ID)
    video = mov("other.MOV", LATER, source="b", content_identifier=ID)
    assert_grouped([photo, video], {"IMG_1.HEIC": Role.PRIMARY, "other.MOV": Role.LIVE_VIDEO})
    assert kind(photo, video) is AssetKind.LIVE_PHOTO


def test_two_stills_with_one_identifier_are_no_pair() -> None:
    assert_grouped(
        [heic("a.HEIC", content_identifier=ID), heic("b.HEIC", content_identifier=ID)],
        {"a.HEIC": Role.PRIMARY},
        {"b.HEIC": Role.PRIMARY},
    )


def test_one_video_serves_both_stills_that_carry_its_identifier() -> None:
    assert_grouped(
        [
            heic("a.HEIC", content_identifier=ID),
            heic("b.HEIC", content_identifier=ID),
            mov("a.MOV", content_identifier=ID),
        ],
        {"a.HEIC": Role.PRIMARY, "a.MOV": Role.LIVE_VIDEO},
        {"b.HEIC": Role.PRIMARY, "a.MOV": Role.LIVE_VIDEO},
    )


def test_an_edited_live_photo_stays_with_its_original() -> None:
    assert_grouped(
        [
            heic("IMG_0001.HEIC", content_identifier=ID),
            mov("IMG_0001.MOV", content_identifier=ID),
            still("IMG_E0001.JPG", content_identifier=OTHER_ID),
            mov("IMG_E0001.MOV", content_identifier=OTHER_ID),
        ],
        {
            "IMG_0001.HEIC": Role.PRIMARY,
            "IMG_0001.MOV": Role.LIVE_VIDEO,
            "IMG_E0001.JPG": Role.EDITED,
            "IMG_E0001.MOV": Role.EDITED_VIDEO,
        },
    )


def test_raw_and_jpeg_of_one_shot_are_one_asset() -> None:
    pair = [raw("DSC_1.NEF"), still("DSC_1.JPG", "2024-03-15T10:11:14")]
    assert_grouped(pair, {"DSC_1.JPG": Role.PRIMARY, "DSC_1.NEF": Role.RAW})
    assert kind(*pair) is AssetKind.RAW_JPEG


def test_two_shots_of_one_name_three_seconds_apart_are_two() -> None:
    assert_grouped(
        [raw("DSC_1.NEF"), still("DSC_1.JPG", "2024-03-15T10:11:15")],
        {"DSC_1.NEF": Role.PRIMARY},
        {"DSC_1.JPG": Role.PRIMARY},
    )


def test_one_name_in_two_folders_of_different_sources_is_no_reason() -> None:
    assert_grouped(
        [raw("DSC_1.NEF"), still("DSC_1.JPG", source="b")],
        {"DSC_1.NEF": Role.PRIMARY},
        {"DSC_1.JPG": Role.PRIMARY},
    )


def test_a_video_that_tells_utc_agrees_with_a_still_that_tells_the_wall() -> None:
    assert_grouped(
        [
            still("IMG_1.JPG", "2024-03-15T12:11:12"),
            mov("IMG_1.MOV", "2024-03-15T10:11:13+00:00", taken_from="quicktime_utc"),
        ],
        {"IMG_1.JPG": Role.PRIMARY, "IMG_1.MOV": Role.LIVE_VIDEO},
    )


def test_modification_times_make_no_pair() -> None:
    assert_grouped(
        [still("a.JPG", taken_from="mtime"), mov("a.MOV", taken_from="mtime")],
        {"a.JPG": Role.PRIMARY},
        {"a.MOV": Role.PRIMARY},
    )


def test_different_identifiers_keep_a_video_from_a_still_of_its_name() -> None:
    assert_grouped(
        [heic("a.HEIC", content_identifier=ID), mov("a.MOV", content_identifier=OTHER_ID)],
        {"a.HEIC": Role.PRIMARY},
        {"a.MOV": Role.PRIMARY},
    )


def test_a_burst_is_one_asset_whose_first_frame_stands_for_it() -> None:
    frames = [
        heic("c.HEIC", "2024-03-15T10:11:12.9", burst="B"),
        heic("a.HEIC", "2024-03-15T10:11:12.1", burst="B"),
        heic("b.HEIC", "2024-03-15T10:11:12.5", burst="B"),
    ]
    assert_grouped(frames, {"a.HEIC": Role.PRIMARY, "b.HEIC": Role.BURST, "c.HEIC": Role.BURST})
    assert kind(*frames) is AssetKind.BURST


def test_companions_go_to_the_picture_of_their_name() -> None:
    assert_grouped(
        [
            still("DSC_1.JPG"),
            companion("DSC_1.xmp", "application/rdf+xml"),
            companion("DSC_1.WAV", "audio/x-wav"),
            companion("DSC_1.AAE", AAE),
        ],
        {
            "DSC_1.JPG": Role.PRIMARY,
            "DSC_1.xmp": Role.SIDECAR,
            "DSC_1.WAV": Role.VOICE_MEMO,
            "DSC_1.AAE": Role.ADJUSTMENTS,
        },
    )


def test_a_companion_serves_every_picture_of_its_name() -> None:
    assert_grouped(
        [raw("x.NEF"), still("x.JPG", LATER), companion("x.AAE", AAE)],
        {"x.NEF": Role.PRIMARY, "x.AAE": Role.ADJUSTMENTS},
        {"x.JPG": Role.PRIMARY, "x.AAE": Role.ADJUSTMENTS},
    )


def test_a_sidecar_that_names_a_file_means_that_file() -> None:
    assert_grouped(
        [raw("x.NEF"), still("x.JPG", LATER), companion("x.JPG.xmp", "application/rdf+xml")],
        {"x.NEF": Role.PRIMARY},
        {"x.JPG": Role.PRIMARY, "x.JPG.xmp": Role.SIDECAR},
    )


def test_a_companion_without_a_picture_stands_alone() -> None:
    assert_grouped([companion("IMG_9.AAE", AAE)], {"IMG_9.AAE": Role.PRIMARY})
    assert kind(companion("IMG_9.AAE", AAE)) is AssetKind.COMPANION


def test_thumbnail_and_low_resolution_files_belong_to_their_video() -> None:
    clip = mov("GX01.MP4")
    assert_grouped(
        [clip, still("GX01.THM", LATER), mov("GX01.LRV", LATER)],
        {"GX01.MP4": Role.PRIMARY, "GX01.THM": Role.THUMBNAIL, "GX01.LRV": Role.LOW_RESOLUTION},
    )
    assert kind(clip, still("GX01.THM")) is AssetKind.VIDEO


def test_a_sonys_metadata_file_belongs_to_its_clip() -> None:
    assert_grouped(
        [mov("C0001.MP4"), companion("C0001M01.XML", "application/xml")],
        {"C0001.MP4": Role.PRIMARY, "C0001M01.XML": Role.CAMERA_METADATA},
    )


def test_a_video_beside_a_thumbnail_of_an_adjusted_still_keeps_its_asset() -> None:
    assert_grouped(
        [heic("IMG_0001.HEIC"), companion("IMG_0001.AAE", AAE), still("IMG_0001-adjusted.JPG")],
        {
            "IMG_0001.HEIC": Role.PRIMARY,
            "IMG_0001.AAE": Role.ADJUSTMENTS,
            "IMG_0001-adjusted.JPG": Role.EDITED,
        },
    )


def test_a_truncated_file_gives_way_to_the_whole_one() -> None:
    whole = still("a.JPG")
    cut = still("a.JPG", source="b", incomplete=True, superseded_by=whole.digest)
    (asset,) = group([cut, whole]).groups
    assert {m.digest: m.role for m in asset.members} == {
        whole.digest: Role.PRIMARY,
        cut.digest: Role.SUPERSEDED,
    }


def test_regrouping_keeps_the_older_id() -> None:
    video = mov("a.MOV", content_identifier=ID)
    photo = heic("a.HEIC", content_identifier=ID)
    archive = arriving([video, photo])
    assert {m.asset for m in archive.values()} == {video.digest}


def test_two_assets_that_become_one_keep_the_older_id() -> None:
    """A RAW and a JPEG apart at first: a second place shows that they belong together."""
    archive = arriving([still("a.JPG"), raw("a.NEF", source="b")])
    first, second = archive.values()
    assert first.asset != second.asset
    both = replace(second, places=(*second.places, replace(second.places[0], source="a")))
    (asset,) = group([first, both]).groups
    assert asset.id == first.digest


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_ids_are_never_shared(order: tuple[int, ...]) -> None:
    members = [
        heic("a.HEIC", content_identifier=ID),
        heic("b.HEIC", LATER, content_identifier=ID),
        mov("v.MOV", content_identifier=ID),
        companion("a.AAE", AAE),
    ]
    archive = arriving([members[number] for number in order])
    ids = [asset.id for asset in group(archive.values()).groups]
    assert len(ids) == len(set(ids)) == 2


def test_the_companions_that_describe_a_picture_are_told() -> None:
    photo = still("x.JPG")
    sidecar = companion("x.JPG.xmp", "application/rdf+xml")
    memo = companion("x.WAV", "audio/x-wav")
    assert group([photo, sidecar, memo]).about == {photo.digest: (sidecar.digest,)}
