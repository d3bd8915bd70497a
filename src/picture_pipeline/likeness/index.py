"""All pairs of 256-bit hashes within a distance, by multi-index hashing with one wrong bit.

A hash is cut into 16 chunks of 16 bits. Of two hashes at most 31 bits apart
some chunk differs in at most one bit (pigeonhole), so it is enough to compare
each hash with those that share a chunk with it, exactly or but for one bit:
17 of 65,536 keys a chunk. All of it is sorting and comparing of arrays
(numpy, which lets go of the interpreter's lock), in blocks of bounded size.
Measured with benchmarks/likeness.py; a tree (BK-tree) was slower than
comparing all with all.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from picture_pipeline.likeness.pairs import Near, Pairs, Places

LARGEST_DISTANCE: Final = 31
"""Up to here nothing is missed, but for what ``_PER_HASH`` says."""
_BYTES: Final = 32
_WORDS: Final = 4
_CHUNKS: Final = 16
_KEYS: Final = 1 << 16
_MASKS: Final = (0, *(1 << bit for bit in range(16)))
_BLOCK: Final = 1 << 20
"""Pairs that are compared at once; they take some 60 bytes each."""
_BRUTE_FORCE: Final = 1 << 26
"""So many pairs and fewer are simply compared."""
_PER_HASH: Final = 64
"""Comparisons that a hash costs at most on average for one key of one chunk. A million random
hashes cost 15. Where many pictures are alike in a chunk, those that come next in another chunk are
compared; the other chunks find the rest."""
_ALIKE: Final = 32
"""Of more equal hashes than this each is paired with the next so many only."""

Words: TypeAlias = NDArray[np.uint64]
"""Hashes: n x 4 words."""


def self_join(
    hashes: Sequence[bytes], limit: int = LARGEST_DISTANCE, threads: int = 2
) -> list[Near]:
    """Give all pairs at most ``limit`` (0 to 31) bits apart, ``one`` < ``other``, each once.

    Each hash has 32 bytes; raises ValueError for others. Memory grows with the
    hashes (some 300 bytes each) and with the pairs found. Of equal hashes by
    the hundred (pictures that show nothing) not all pairs are given, but
    enough to connect them all.
    """
    words = _words_of(hashes)
    firsts, kind = _distinct(words)
    distinct = words[firsts]
    found = _join(distinct, distinct, limit, threads)
    return Pairs.joined([_unfolded(found, kind, len(firsts)), _equal_pairs(kind)]).told()


def join(
    left: Sequence[bytes],
    right: Sequence[bytes],
    limit: int = LARGEST_DISTANCE,
    threads: int = 2,
) -> list[Near]:
    """Give the pairs of one hash of ``left`` and one of ``right``, as ``self_join``."""
    return _join(_words_of(left), _words_of(right), limit, threads).told()


def _words_of(hashes: Sequence[bytes]) -> Words:
    if any(len(each) != _BYTES for each in hashes):
        message = f"a hash has {_BYTES} bytes"
        raise ValueError(message)
    return np.frombuffer(b"".join(hashes), np.uint64).reshape(-1, _WORDS)


def _distinct(words: Words) -> tuple[Places, Places]:
    """Give where each distinct hash stands first, and for each hash the number of its kind."""
    whole = np.ascontiguousarray(words).view(np.dtype((np.void, _BYTES))).ravel()
    _, firsts, kind = np.unique(whole, return_index=True, return_inverse=True)
    return firsts.astype(np.int64), kind.astype(np.int64).ravel()


def _equal_pairs(kind: Places) -> Pairs:
    """Pair equal hashes, each with the next few of its kind."""
    order = np.argsort(kind, kind="stable")
    parts = []
    for step in range(1, _ALIKE + 1):
        same = np.flatnonzero(kind[order[:-step]] == kind[order[step:]])
        if not len(same):
            break
        parts.append(Pairs(order[same], order[same + step], np.zeros(len(same), np.int64)))
    return Pairs.joined(parts)


def _unfolded(found: Pairs, kind: Places, kinds: int) -> Pairs:
    """Turn pairs of distinct hashes into pairs of all that have them, at most 32 of each."""
    order = np.argsort(kind, kind="stable")
    starts = np.searchsorted(kind[order], np.arange(kinds + 1))
    counts = np.minimum(np.diff(starts), _ALIKE)
    rights = counts[found.right]
    row, inside = _expanded(counts[found.left] * rights)
    left = order[starts[found.left[row]] + inside // rights[row]]
    right = order[starts[found.right[row]] + inside % rights[row]]
    return Pairs(left, right, found.distance[row]).ordered()


def _expanded(counts: Places) -> tuple[Places, Places]:
    """Give each row's number as often as its count says, and beside it 0, 1, 2..."""
    row = np.repeat(np.arange(len(counts)), counts)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)


def _join(left: Words, right: Words, limit: int, threads: int) -> Pairs:
    """Join two sets, or one with itself when both are the same object: then left < right."""
    if not 0 <= limit <= LARGEST_DISTANCE:
        message = f"distances go to {LARGEST_DISTANCE}"
        raise ValueError(message)
    if len(left) * len(right) <= _BRUTE_FORCE:
        return _compared(left, right, limit)
    with ThreadPoolExecutor(max(1, threads)) as pool:
        parts = pool.map(partial(_search_chunk, left, right, limit), range(_CHUNKS))
        return Pairs.joined(list(parts))


def _compared(left: Words, right: Words, limit: int) -> Pairs:
    """Compare all with all, block by block."""
    parts = []
    rows = max(1, _BLOCK // max(1, len(right)))
    for begin in range(0, len(left), rows):
        apart = np.zeros((min(rows, len(left) - begin), len(right)), np.int64)
        for word in range(_WORDS):
            some = left[begin : begin + rows, word, None]
            apart += np.bitwise_count(some ^ right[None, :, word])
        one, other = np.nonzero(apart <= limit)
        found = Pairs(one + begin, other, apart[one, other])
        parts.append(found.at(np.flatnonzero(found.left < found.right)) if left is right else found)
    return Pairs.joined(parts)


@dataclass(frozen=True, slots=True)
class _Table:
    """Hashes in the order of one chunk, so that all with a key stand together."""

    order: Places
    keys: NDArray[np.int32]
    words: tuple[Words, ...]
    """Each word of all hashes by itself: two are enough to refuse nearly all pairs."""
    starts: Places
    """Where each key begins; one more for the end."""


def _table(words: Words, chunk: int) -> _Table:
    keys = _keys(words, chunk)
    order = np.argsort((keys << 16) | _keys(words, (chunk + 1) % _CHUNKS), kind="stable")
    keys = keys[order]
    starts = np.searchsorted(keys, np.arange(_KEYS + 1))
    columns = tuple(words[order, word] for word in range(_WORDS))
    return _Table(order, keys.astype(np.int32), columns, starts)


def _keys(words: Words, chunk: int) -> Places:
    """Give one chunk of each hash: a bit of each 16, diagonally.

    Bits side by side stand for like frequencies; chunks made of such come out
    alike too often.
    """
    parts = np.ascontiguousarray(words).view(np.uint16).reshape(-1, 16)
    keys = np.zeros(len(parts), np.int64)
    for row in range(16):
        keys |= ((parts[:, row] >> ((chunk + row) % 16)) & 1).astype(np.int64) << row
    return keys


def _search_chunk(left: Words, right: Words, limit: int, chunk: int) -> Pairs:
    """Find what shares a chunk but for at most one bit."""
    there = _table(right, chunk)
    here = there if left is right else _table(left, chunk)
    found = Pairs.joined([p for mask in _MASKS for p in _probe(here, there, mask, limit)])
    found = found.named(here.order, there.order)
    return found.ordered() if here is there else found


def _probe(here: _Table, there: _Table, mask: int, limit: int) -> Iterator[Pairs]:
    """Compare each hash with those that have its key with these bits flipped."""
    rows = np.arange(len(here.keys))
    if here is there and mask:  # the hash without the bit asks for those with it
        rows = rows[(here.keys & mask) == 0]
    keys = here.keys[rows] ^ mask
    begins, ends = there.starts[keys], there.starts[keys + 1]
    if here is there and not mask:
        begins = rows + 1
    counts = _within_budget(ends - begins)
    for part in _blocks(counts):
        row, inside = _expanded(counts[part])
        yield _near(here, there, rows[part][row], begins[part][row] + inside, limit)


def _within_budget(counts: Places) -> Places:
    """Cut the longest rows until all together are affordable."""
    most, budget = int(counts.max(initial=0)), max(_BRUTE_FORCE, _PER_HASH * len(counts))
    while most > 1 and int(np.minimum(counts, most).sum()) > budget:
        most //= 2
    return np.minimum(counts, most)


def _blocks(counts: Places) -> Iterator[slice]:
    """Cut rows into pieces of about a block's pairs each."""
    sums = np.cumsum(counts)
    total = int(sums[-1]) if len(sums) else 0
    cuts = np.searchsorted(sums, np.arange(_BLOCK, total + _BLOCK, _BLOCK), side="right")
    begin = 0
    for cut in (*cuts.tolist(), len(counts)):
        if cut > begin:
            yield slice(begin, cut)
            begin = cut


def _near(here: _Table, there: _Table, one: Places, other: Places, limit: int) -> Pairs:
    """Keep the pairs that are near enough; half of the bits refuse nearly all others."""
    apart = _apart(here, there, one, other, (0, 1))
    kept = np.flatnonzero(apart <= limit)
    one, other = one[kept], other[kept]
    whole = apart[kept] + _apart(here, there, one, other, (2, 3))
    near = np.flatnonzero(whole <= limit)
    return Pairs(one[near], other[near], whole[near].astype(np.int64))


def _apart(
    here: _Table, there: _Table, one: Places, other: Places, words: tuple[int, int]
) -> NDArray[np.uint8]:
    first, second = (
        np.bitwise_count(here.words[word][one] ^ there.words[word][other]) for word in words
    )
    both: NDArray[np.uint8] = first + second
    return both
