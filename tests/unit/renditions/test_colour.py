"""From wide gamuts to sRGB, held against lcms and against the standards."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from picture_pipeline.renditions.colour import converter, unchanged
from picture_pipeline.renditions.curves import CurvesAndMatrix, linear_to_srgb, srgb_to_linear
from picture_pipeline.renditions.icc import curves_and_matrix
from picture_pipeline.renditions.nclx import from_code_points

DISPLAY_P3 = 12
BT2020 = 9
SRGB_CURVE = 13
PQ = 16
HLG = 18
CUBE = np.stack(np.meshgrid(*[np.linspace(0, 255, 18).astype(np.uint8)] * 3), axis=-1).reshape(
    -1, 18, 3
)


def fixed(value: float) -> bytes:
    return round(value * 65536).to_bytes(4, "big", signed=True)


def profile(curve: bytes, columns: tuple[tuple[float, float, float], ...]) -> bytes:
    """Build an RGB matrix profile whose three bands share one curve."""
    tags = {
        name: b"XYZ \0\0\0\0" + b"".join(map(fixed, column))
        for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)
    } | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve + bytes(-len(curve) % 4))
    tags[b"wtpt"] = b"XYZ \0\0\0\0" + b"".join(map(fixed, (0.9642, 1, 0.8249)))
    tags[b"desc"] = b"desc\0\0\0\0\0\0\0\x02x\0" + bytes(78)
    tags[b"cprt"] = b"text\0\0\0\0x\0\0\0"
    start = 132 + 12 * len(tags)
    table, body = len(tags).to_bytes(4, "big"), b""
    for name, tag in tags.items():
        padded = tag + bytes(-len(tag) % 4)
        table += name + (start + len(body)).to_bytes(4, "big") + len(tag).to_bytes(4, "big")
        body += padded
    head = bytearray(128)
    head[0:4] = (start + len(body)).to_bytes(4, "big")
    head[8:12] = b"\x02\x40\0\0"
    head[12:24] = b"mntrRGB XYZ "
    head[36:40] = b"acsp"
    head[68:80] = b"".join(map(fixed, (0.9642, 1, 0.8249)))
    return bytes(head) + table + body


P3_COLUMNS = (
    (0.51512, 0.24120, -0.00105),
    (0.29198, 0.69225, 0.04189),
    (0.15710, 0.06657, 0.78407),
)
SRGB_COLUMNS = (
    (0.43607, 0.22249, 0.01392),
    (0.38515, 0.71687, 0.09708),
    (0.14307, 0.06061, 0.71410),
)
PARAMETRIC_SRGB = b"para\0\0\0\0\0\x03\0\0" + b"".join(
    map(fixed, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))
)
GAMMA_22 = b"curv\0\0\0\0\0\0\0\x01" + round(2.2 * 256).to_bytes(2, "big")
SAMPLED = (
    b"curv\0\0\0\0"
    + (1024).to_bytes(4, "big")
    + b"".join(round(65535 * (n / 1023) ** 1.8).to_bytes(2, "big") for n in range(1024))
)


def by_lcms(icc: bytes, pixels: np.ndarray) -> np.ndarray:
    source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    moved = ImageCms.profileToProfile(
        Image.fromarray(pixels), source, ImageCms.createProfile("sRGB")
    )
    return np.asarray(moved)


@pytest.mark.parametrize("curve", [PARAMETRIC_SRGB, GAMMA_22, SAMPLED])
def test_the_short_way_agrees_with_lcms(curve: bytes) -> None:
    icc = profile(curve, P3_COLUMNS)

    distance = np.abs(converter(3, icc)(CUBE).astype(int) - by_lcms(icc, CUBE))

    assert isinstance(converter(3, icc), CurvesAndMatrix)
    assert distance.max() <= 2
    assert distance.mean() < 0.2


def test_an_srgb_profile_costs_nothing() -> None:
    assert converter(3, profile(PARAMETRIC_SRGB, SRGB_COLUMNS)) is unchanged


def test_the_same_profile_is_read_once() -> None:
    icc = profile(GAMMA_22, P3_COLUMNS)

    assert converter(3, icc) is converter(3, bytes(bytearray(icc)))


@pytest.mark.parametrize("length", [0, 20, 130, 200, 300])
def test_a_profile_cut_short_counts_as_none(length: int) -> None:
    icc = profile(GAMMA_22, P3_COLUMNS)[:length]

    assert np.array_equal(converter(3, icc)(CUBE), CUBE)


def test_a_profile_for_other_bands_counts_as_none() -> None:
    grey = np.full((2, 2, 1), 100, np.uint8)

    assert np.array_equal(
        converter(1, profile(GAMMA_22, P3_COLUMNS))(grey), np.full((2, 2, 3), 100)
    )


def test_a_profile_with_tables_is_left_to_lcms() -> None:
    icc = bytearray(profile(GAMMA_22, P3_COLUMNS))
    icc[20:24] = b"Lab "

    assert curves_and_matrix(bytes(icc)) is None


def test_cmyk_without_profile_becomes_rgb() -> None:
    ink = np.array([[[0, 0, 0, 0], [0, 0, 0, 255], [0, 255, 255, 0]]], np.uint8)

    assert converter(4, None)(ink).tolist() == [[[255, 255, 255], [0, 0, 0], [255, 0, 0]]]


def test_the_srgb_curve_undoes_itself() -> None:
    values = np.linspace(0, 1, 1000)

    assert np.allclose(linear_to_srgb(srgb_to_linear(values)), values, atol=1e-6)


def test_p3_by_code_points_is_p3_by_profile() -> None:
    by_points = from_code_points(DISPLAY_P3, SRGB_CURVE)
    assert by_points is not None

    distance = np.abs(
        by_points(CUBE).astype(int) - converter(3, profile(PARAMETRIC_SRGB, P3_COLUMNS))(CUBE)
    )

    assert distance.max() <= 1


@pytest.mark.parametrize("primaries", [1, 2, 5, 6])
def test_television_primaries_are_taken_for_srgb(primaries: int) -> None:
    assert from_code_points(primaries, SRGB_CURVE) is None


def test_grey_stays_grey_in_every_code_point() -> None:
    grey = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(16, 16, 3)

    for primaries in (BT2020, DISPLAY_P3):
        convert = from_code_points(primaries, SRGB_CURVE)
        assert convert is not None
        assert np.abs(convert(grey).astype(int) - grey).max() <= 1


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_hdr_is_brought_down_from_black_to_white_without_steps_back(transfer: int) -> None:
    convert = from_code_points(BT2020, transfer)
    assert convert is not None
    grey = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(1, 256, 3)

    shown = convert(grey)[0, :, 0].astype(int)

    assert shown[0] == 0
    assert shown[-1] >= 250
    assert (np.diff(shown) >= 0).all()


def test_diffuse_white_in_pq_is_bright_but_leaves_room() -> None:
    convert = from_code_points(BT2020, PQ)
    assert convert is not None
    white_of_203_nits = np.full((1, 1, 3), round(0.5806 * 255), np.uint8)

    assert 160 < convert(white_of_203_nits)[0, 0, 0] < 220
