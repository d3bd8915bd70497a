"""The items of a HEIF file: what they are and where their bytes lie."""

from collections.abc import Mapping
from dataclasses import dataclass

from picture_pipeline.metadata.containers.boxes import Box
from picture_pipeline.metadata.containers.heif import item_extents, item_kinds, primary_item

Extent = tuple[int, int]
"""Offset in the file, and length in bytes."""


@dataclass(frozen=True, slots=True)
class ItemTable:
    """Item id -> what it is, and its bytes; the primary's id."""

    primary: int
    kinds: Mapping[int, bytes]
    extents: Mapping[int, tuple[Extent, ...]]


def read_items(data: bytes, boxes: Mapping[bytes, Box]) -> ItemTable:
    """Read the items that a ``meta`` box's children list; hostile input gives fewer."""
    return ItemTable(primary_item(data, boxes), item_kinds(data, boxes), item_extents(data, boxes))
