"""Verdicts on a source, from what was seen of it and what the archive holds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from picture_pipeline.model.asset import AssetKind, Group, Membership, Role
from picture_pipeline.model.candidate import FileStamp, SourceName, SourceSpec
from picture_pipeline.model.consolidation import SourceReport, State, Verdict
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness
from picture_pipeline.model.looked import Seen, Surveyed
from picture_pipeline.model.media import Family
from picture_pipeline.workflows.consolidate import (
    Archived,
    Judge,
    compare_pairs,
    count_alone,
    groups_of,
    shares_of,
)
from picture_pipeline.workflows.matching import Match
from picture_pipeline.workflows.sameshot import Sameness, worth

SPEC = SourceSpec(SourceName("phone"), b"/srv/phone")
HERE, THERE, THIRD = (Digest(letter * 64) for letter in "abc")


def likeness(digest: Digest, **changed: object) -> Likeness:
    known = Likeness(
        digest=digest,
        size=100,
        media_type="image/jpeg",
        family=Family.STILL,
        taken_at="2024-03-15T10:11:12",
        taken_from="exif_original",
        width=400,
        height=300,
    )
    return replace(known, **changed)  # type: ignore[arg-type]  # tests name real attributes


def seen(digest: Digest | None, name: bytes = b"IMG_1.JPG", **changed: object) -> Seen:
    known = Seen(b"", name, FileStamp(100, 1, 1, 1), digest)
    return replace(known, **changed)  # type: ignore[arg-type]  # tests name real attributes


def judged(
    files: Sequence[Seen],
    *likenesses: Likeness,
    held: Sequence[Digest] = (),
    matches: Mapping[Digest, Sequence[Match]] | None = None,
    groups: Mapping[Digest, Group] | None = None,
    **surveyed: object,
) -> SourceReport:
    survey = Surveyed(SPEC, tuple(files), entries=len(files))
    survey = replace(survey, **surveyed)  # type: ignore[arg-type]  # tests name real attributes
    known = {each.digest: each for each in likenesses}
    rated = {digest: worth(each, 1) for digest, each in known.items()}
    archived = Archived(known, frozenset(held), matches or {}, rated, groups or {})
    return Judge(survey, groups_of(survey, known), archived).report()


def same(sameness: Sameness = Sameness.CONFIRMED) -> dict[Digest, list[Match]]:
    return {HERE: [Match(HERE, THERE, sameness, 4)]}


def test_a_source_whose_every_picture_is_archived_is_safe() -> None:
    report = judged([seen(HERE)], likeness(HERE), held=[HERE])
    assert (report.verdict, report.assets, report.archived_equal_or_better) == (
        Verdict.SAFE,
        1,
        1,
    )


def test_its_bytes_can_be_given_back() -> None:
    second = seen(HERE, b"IMG_2.JPG", stamp=FileStamp(100, 1, 1, 2))
    report = judged([seen(HERE), second], likeness(HERE), held=[HERE])
    assert report.reclaimable_bytes == 200


def test_a_link_gives_nothing_back() -> None:
    report = judged([seen(HERE, is_link=True)], likeness(HERE), held=[HERE])
    assert (report.verdict, report.reclaimable_bytes) == (Verdict.SAFE, 0)


def test_a_file_with_two_names_gives_its_bytes_back_once() -> None:
    report = judged([seen(HERE), seen(HERE, b"IMG_2.JPG")], likeness(HERE), held=[HERE])
    assert report.reclaimable_bytes == 100


def test_a_link_beside_its_target_takes_nothing_from_it() -> None:
    link = seen(HERE, b"IMG_0.JPG", is_link=True)
    report = judged([link, seen(HERE)], likeness(HERE), held=[HERE])
    assert report.reclaimable_bytes == 100


def test_a_placeholder_counts_as_its_original_and_gives_nothing_back() -> None:
    report = judged([seen(HERE, reclaimed=True)], likeness(HERE), held=[HERE])
    assert (report.verdict, report.reclaimable_bytes) == (Verdict.SAFE, 0)


def test_a_picture_that_the_archive_lacks_makes_a_source_unique() -> None:
    report = judged([seen(HERE)], likeness(HERE))
    assert (report.verdict, report.only_here, report.items[0].state) == (
        Verdict.UNIQUE,
        1,
        State.ONLY_HERE,
    )


def test_a_lesser_copy_adds_nothing() -> None:
    report = judged(
        [seen(HERE)], likeness(HERE, width=40), likeness(THERE), held=[THERE], matches=same()
    )
    assert (report.verdict, report.differs, report.items[0].archived_as) == (
        Verdict.SAFE,
        1,
        THERE,
    )


def test_an_equally_good_copy_adds_nothing() -> None:
    report = judged([seen(HERE)], likeness(HERE), likeness(THERE), held=[THERE], matches=same())
    assert report.items[0].state is State.ARCHIVED_BETTER


def test_a_better_copy_makes_a_source_unique() -> None:
    report = judged(
        [seen(HERE)], likeness(HERE, width=4000), likeness(THERE), held=[THERE], matches=same()
    )
    assert (report.verdict, report.better_here, report.items[0].why) == (
        Verdict.UNIQUE,
        1,
        "larger",
    )


def test_a_probable_copy_is_told_as_such() -> None:
    report = judged(
        [seen(HERE)],
        likeness(HERE, width=40),
        likeness(THERE),
        held=[THERE],
        matches=same(Sameness.PROBABLE),
    )
    assert (report.probable, report.items[0].probable) == (1, True)


def test_a_beginning_of_an_original_is_never_the_better_copy() -> None:
    match = Match(HERE, THERE, Sameness.CONFIRMED, None, begins=True)
    report = judged(
        [seen(HERE)],
        likeness(HERE, incomplete=True, details=9),
        likeness(THERE, incomplete=True),
        held=[THERE],
        matches={HERE: [match]},
    )
    assert (report.items[0].state, report.items[0].why) == (State.ARCHIVED_BETTER, "bytes")


def test_a_film_that_begins_an_archived_one_leaves_its_live_photo_safe() -> None:
    fourth = Digest("d" * 64)
    film = likeness(THIRD, content_identifier="one", family=Family.VIDEO, incomplete=True)
    report = judged(
        [seen(HERE), seen(THIRD, b"IMG_1.MOV")],
        likeness(HERE, content_identifier="one"),
        film,
        replace(film, digest=fourth, incomplete=False),
        held=[HERE, fourth],
        matches={THIRD: [Match(THIRD, fourth, Sameness.CONFIRMED, None, begins=True)]},
    )
    assert (report.assets, report.verdict, report.items[1].archived_as) == (
        1,
        Verdict.SAFE,
        fourth,
    )


def test_a_copy_that_is_cut_short_and_has_no_other_is_only_here() -> None:
    report = judged([seen(HERE)], likeness(HERE, incomplete=True))
    assert (report.only_here, report.items[0].state) == (1, State.INCOMPLETE)


def test_a_live_photo_counts_once_and_its_film_follows_the_still() -> None:
    still = likeness(HERE, content_identifier="one", width=40)
    film = likeness(
        THIRD, content_identifier="one", family=Family.VIDEO, media_type="video/quicktime"
    )
    there = Group(
        THERE,
        AssetKind.LIVE_PHOTO,
        (
            Membership(THERE, THERE, Role.PRIMARY),
            Membership(THERE, Digest("d" * 64), Role.LIVE_VIDEO),
        ),
    )
    report = judged(
        [seen(HERE), seen(THIRD, b"IMG_1.MOV")],
        still,
        film,
        likeness(THERE),
        held=[THERE],
        matches=same(),
        groups={THERE: there},
    )
    assert (report.assets, report.verdict) == (1, Verdict.SAFE)


def test_a_live_photo_whose_film_the_archive_lacks_is_better_here() -> None:
    still = likeness(HERE, content_identifier="one")
    film = likeness(
        THIRD, content_identifier="one", family=Family.VIDEO, media_type="video/quicktime"
    )
    there = Group(HERE, AssetKind.PHOTO, (Membership(HERE, HERE, Role.PRIMARY),))
    report = judged(
        [seen(HERE), seen(THIRD, b"IMG_1.MOV")], still, film, held=[HERE], groups={HERE: there}
    )
    assert (report.assets, report.better_here, report.only_here) == (1, 1, 0)


def test_a_recipe_of_an_edit_makes_no_asset_unique() -> None:
    recipe = likeness(
        THIRD, family=Family.COMPANION, media_type="application/vnd.apple.photos", width=None
    )
    report = judged([seen(HERE), seen(THIRD, b"IMG_1.AAE")], likeness(HERE), recipe, held=[HERE])
    assert (report.assets, report.verdict) == (1, Verdict.SAFE)


def test_a_file_that_could_not_be_read_leaves_the_verdict_open() -> None:
    lost = seen(None, b"IMG_2.JPG", outcome="failed", reason="unreadable")
    report = judged([seen(HERE), lost], likeness(HERE), held=[HERE])
    assert (report.verdict, report.items[1].state) == (Verdict.UNFINISHED, State.UNREADABLE)


def test_what_is_no_picture_is_nobodys_concern() -> None:
    text = seen(None, b"notes.txt", outcome="rejected", reason="not_a_picture")
    report = judged([seen(HERE), text], likeness(HERE), held=[HERE])
    assert (report.verdict, len(report.items)) == (Verdict.SAFE, 1)


def test_an_empty_folder_leaves_the_verdict_open() -> None:
    assert judged([]).verdict is Verdict.UNFINISHED


def test_a_folder_that_shrank_by_more_than_a_fifth_leaves_it_open() -> None:
    report = judged([seen(HERE)], likeness(HERE), held=[HERE], entries=79, before=100)
    assert report.verdict is Verdict.UNFINISHED


def test_a_folder_that_shrank_by_a_fifth_is_judged() -> None:
    report = judged([seen(HERE)], likeness(HERE), held=[HERE], entries=80, before=100)
    assert report.verdict is Verdict.SAFE


def test_a_source_that_is_not_there_says_why() -> None:
    report = judged([], absent="/srv/phone: no such folder")
    assert (report.verdict, report.reasons) == (
        Verdict.UNFINISHED,
        ("/srv/phone: no such folder",),
    )


def test_a_look_that_was_interrupted_leaves_it_open() -> None:
    report = judged([seen(HERE)], likeness(HERE), held=[HERE], whole=False)
    assert report.verdict is Verdict.UNFINISHED


def test_a_folder_that_could_not_be_listed_leaves_it_open() -> None:
    report = judged([seen(HERE)], likeness(HERE), held=[HERE], unlistable=(b"private",))
    assert report.verdict is Verdict.UNFINISHED


def test_what_is_only_here_is_told_also_of_a_source_that_was_not_seen_whole() -> None:
    report = judged([seen(HERE)], likeness(HERE), whole=False)
    assert (report.verdict, report.reasons) == (Verdict.UNIQUE, ("the look was interrupted",))


def test_two_sources_share_what_is_the_same_or_shows_the_same_shot() -> None:
    one, other = SourceName("one"), SourceName("other")
    match = Match(HERE, THERE, Sameness.CONFIRMED, 4)
    fourth = Digest("d" * 64)
    shares = shares_of({one: [HERE, THIRD], other: [THERE, THIRD, fourth]}, [match])
    (pair,) = compare_pairs(shares)
    assert (pair.both, pair.only_a, pair.only_b) == (2, 0, 1)
    assert count_alone(shares) == {one: 0, other: 1}
