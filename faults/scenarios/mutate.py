"""Mutants: files that were whole once, hurt by chance, each from a number alone."""

import random
from collections.abc import Callable, Sequence

HURTS_AT_MOST = 6
HEADERS = 1024
"""Half of all hurts fall into so many bytes at the beginning, where the structure is told."""
CHUNK = 4096
LONGEST = 3_000_000
EDGES = (0, 1, 0x7F, 0x80, 0xFF)
LENGTHS = (0, 1, 7, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF0, 0xFFFF_FFFF)
MAGICS = (
    *(b"\xff\xd8\xff\xe1", b"\xff\xd9", b"\x89PNG\r\n\x1a\n", b"II*\0\x08\0\0\0", b"MM\0*"),
    *(b"\0\0\0\x18ftypheic", b"\0\0\0\0mdat", b"\0\0\0\x08moov", b"\0\0\0\1mdat\xff\xff\xff\xff"),
    *(b"RIFF\xff\xff\xff\xffAVI ", b"\x1a\x45\xdf\xa3", b"\0\0\1\xba", b"8BPS\0\1", b"Exif\0\0"),
    *(b"\0\0\0\x0cJXL \r\n\x87\n", b"FUJIFILMCCD-RAW ", b"<!DOCTYPE x [", b"http://ns.adobe.com/"),
)

Dice = random.Random
Hurt = Callable[[bytearray, Dice], None]


def mutant(seed: bytes, others: Sequence[bytes], dice: Dice) -> bytes:
    """Hurt a copy of ``seed`` a few times; now and then its tail is another file's."""
    data = bytearray(seed)
    if others and dice.random() < 0.1:
        data[_place(data, dice) :] = dice.choice(others)[-dice.randrange(1, 65_536) :]
    for _ in range(dice.randint(1, HURTS_AT_MOST)):
        dice.choices(HURTS, WEIGHTS)[0](data, dice)
    return bytes(data[:LONGEST])


def _place(data: bytearray, dice: Dice) -> int:
    end = max(1, len(data))
    return dice.randrange(min(end, HEADERS) if dice.random() < 0.5 else end)


def _length(dice: Dice) -> int:
    return int(2 ** dice.uniform(0, 12))


def flip_bits(data: bytearray, dice: Dice) -> None:
    """Flip up to 32 bits."""
    for _ in range(dice.randint(1, 32) if data else 0):
        data[_place(data, dice)] ^= 1 << dice.randrange(8)


def set_bytes(data: bytearray, dice: Dice) -> None:
    """Set up to 8 bytes to values at which things turn."""
    for _ in range(dice.randint(1, 8) if data else 0):
        data[_place(data, dice)] = dice.choice(EDGES)


def edit_length(data: bytearray, dice: Dice) -> None:
    """Take four or two bytes for a length, of either byte order, and make it a lie."""
    place, order = _place(data, dice), dice.choice(("big", "little"))
    width = dice.choice((2, 4, 4))
    told = int.from_bytes(data[place : place + width], order)
    lie = dice.choice((*LENGTHS, told - 1, told + 1, told * 2, told // 2, len(data)))
    data[place : place + width] = (lie % (1 << 8 * width)).to_bytes(width, order)


def copy_chunk(data: bytearray, dice: Dice) -> None:
    """Put a copy of a chunk before some place, or over it."""
    start, place, length = _place(data, dice), _place(data, dice), _length(dice)
    chunk = data[start : start + length]
    data[place : place + (len(chunk) if dice.random() < 0.5 else 0)] = chunk


def remove_chunk(data: bytearray, dice: Dice) -> None:
    """Take a chunk out."""
    place = _place(data, dice)
    del data[place : place + _length(dice)]


def blank_chunk(data: bytearray, dice: Dice) -> None:
    """Make a chunk all zeros or all ones."""
    place = _place(data, dice)
    length = len(data[place : place + _length(dice)])
    data[place : place + length] = dice.choice((b"\0", b"\xff")) * length


def cut_short(data: bytearray, dice: Dice) -> None:
    """Cut the end off."""
    del data[dice.randrange(len(data) // 4, len(data) + 1) :]


def blank_tail(data: bytearray, dice: Dice) -> None:
    """Leave the size, but zeros for the end, as an interrupted download does."""
    place = dice.randrange(len(data) // 4, len(data) + 1)
    data[place:] = bytes(len(data) - place)


def insert_magic(data: bytearray, dice: Dice) -> None:
    """Put the beginning of another format somewhere, or over it."""
    magic, place = dice.choice(MAGICS), _place(data, dice)
    data[place : place + (len(magic) if dice.random() < 0.7 else 0)] = magic


def append_noise(data: bytearray, dice: Dice) -> None:
    """Append bytes that mean nothing."""
    data += dice.randbytes(_length(dice))


HURTS: tuple[Hurt, ...] = (
    flip_bits,
    set_bytes,
    edit_length,
    copy_chunk,
    remove_chunk,
    blank_chunk,
    cut_short,
    blank_tail,
    insert_magic,
    append_noise,
)
WEIGHTS = (6, 4, 6, 2, 2, 2, 1, 1, 2, 1)
