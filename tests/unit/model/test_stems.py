"""The stems of file names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.model.stems import Trait, take_apart


@pytest.mark.parametrize(
    ("names", "stem"),
    [
        ((b"IMG_1234.HEIC", b"IMG_1234_HEVC.MOV", b"img_1234.aae", b"IMG_O1234.AAE"), b"img_1234"),
        ((b"IMG_E1234.JPG", b"IMG_1234-adjusted.JPG", b"IMG_1234-edited.jpg"), b"img_1234"),
        ((b"DSC_1.NEF", b"DSC_1.JPG", b"DSC_1.xmp", b"DSC_1.NEF.xmp", b"DSC_1.WAV"), b"dsc_1"),
        ((b"C0001.MP4", b"C0001M01.XML"), b"c0001"),
        ((b"x(1).jpg", b"x.jpg(1).json", b"x.jpg.supplemental-metadata(1).json"), b"x(1)"),
        ((b"x.jpg", b"x.jpg.json", b"x.jpg.supplemental-me.json", b"x.jpg.s.json"), b"x"),
        ((b"MVI_1.AVI", b"MVI_1.THM"), b"mvi_1"),
        ((b"x.jpg", b"x-bearbeitet.jpg", "x-modifié.jpg".encode(), b"x-editado.jpg"), b"x"),
        ((b"x(1).jpg", b"x-edited(1).jpg", b"x.HEIC.supplemental-metadata(1).json"), b"x(1)"),
    ],
)
def test_the_files_of_one_shot_have_one_stem(names: tuple[bytes, ...], stem: bytes) -> None:
    assert {take_apart(name, 1).stem for name in names} == {stem}


def test_a_number_is_taken_for_a_size_only_when_it_is_the_files_size() -> None:
    assert take_apart(b"IMG_1234-2369959.HEIC", 2_369_959).stem == b"img_1234"
    assert take_apart(b"IMG_1234_HEVC-4559592.MOV", 4_559_592).stem == b"img_1234"
    assert take_apart(b"DSC-0001.JPG", 2_369_959).stem == b"dsc-0001"


def test_a_file_and_its_sidecar_find_each_other_though_only_one_knows_the_size() -> None:
    picture = take_apart(b"IMG_1-77.JPG", 77)
    sidecar = take_apart(b"IMG_1-77.JPG.xmp", 5)
    assert {picture.stem, picture.also} & {sidecar.stem, sidecar.also}
    assert sidecar.target == b"img_1-77.jpg"


@pytest.mark.parametrize("length", range(30, 48))
@pytest.mark.parametrize("number", ["", "(1)"])
@pytest.mark.parametrize("extension", ["jpg", "heic", "mp4"])
def test_a_json_that_takeout_cut_finds_its_picture(
    length: int, number: str, extension: str
) -> None:
    stem = "é" * length
    note = f"{stem}.{extension}.supplemental-metadata"[:46]
    json = take_apart(f"{note}{number}.json".encode(), 5)
    picture = take_apart(f"{stem}{number}.{extension}".encode(), 7)

    assert json.stem in (picture.stem, picture.also)


def test_a_json_of_another_long_name_finds_no_picture() -> None:
    json = take_apart(b"a" * 46 + b".json", 5)
    other = take_apart(b"a" * 45 + b"bc.jpg", 7)

    assert json.stem not in (other.stem, other.also)


@pytest.mark.parametrize(
    ("name", "trait"),
    [
        (b"IMG_E0001.HEIC", Trait.EDITED),
        (b"IMG_0001-adjusted.HEIC", Trait.EDITED),
        (b"IMG_0001-bearbeitet(2).jpg", Trait.EDITED),
        (b"IMG_0001-alternative.DNG", Trait.ALTERNATIVE),
        (b"IMG_0001-thumb.JPG", Trait.REDUCED),
        (b"IMG_O0001.AAE", Trait.ORIGINAL_ADJUSTMENTS),
        (b"MVI_0001.THM", Trait.THUMBNAIL),
        (b"GL010001.LRV", Trait.LOW_RESOLUTION),
    ],
)
def test_a_name_tells_its_trait(name: bytes, trait: Trait) -> None:
    assert take_apart(name, 1).traits == {trait}


@given(st.binary(min_size=1, max_size=255), st.integers(0, 10**12))
def test_every_name_has_a_stem(name: bytes, size: int) -> None:
    parts = take_apart(name, size)
    assert parts.stem
    assert parts == take_apart(name.upper(), size) or not name.isascii()
