"""Near-duplicates among a million hashes: time of the self-join, recall by distance.

Random hashes, half of their bits set as PDQ has it, and planted partners at
every distance from 1 to 31. The limits: 10 minutes on 2 cores, recall at least
0.99 up to distance 24. A second round plants skew: many hashes that are alike
in most of their bits, as scans of paper are.
"""

import resource
import sys
import time

import numpy as np

from picture_pipeline.likeness.index import self_join

HASHES = 1_000_000
PARTNERS = 1_000
"""Planted at each distance."""
FARTHEST = 31
SKEWED = 50_000
LIMIT_SECONDS = 600.0
LIMIT_RECALL = 0.99
GUARANTEED = 24


def main() -> int:
    """Give 1 when a limit is missed."""
    random = np.random.default_rng(1)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else HASHES
    sound = _round("random", _random(random, count), random)
    sound &= _round("skewed", _skewed(random, count), random)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB")
    return 0 if sound else 1


def _random(random: np.random.Generator, count: int) -> np.ndarray:
    return random.integers(0, 256, (count, 32), np.uint8)


def _skewed(random: np.random.Generator, count: int) -> np.ndarray:
    """Make a part of them differ from one hash in 40 to 60 bits only."""
    hashes = _random(random, count)
    alike = min(SKEWED, count // 2)
    bits = np.zeros((alike, 256), np.uint8)
    for row in range(alike):
        bits[row, random.choice(256, random.integers(40, 61), replace=False)] = 1
    hashes[:alike] = hashes[0] ^ np.packbits(bits, axis=1)
    return hashes


def _round(name: str, hashes: np.ndarray, random: np.random.Generator) -> bool:
    planted: dict[tuple[int, int], int] = {}
    partners = min(PARTNERS, len(hashes) // (2 * FARTHEST + 2))
    places = random.permutation(len(hashes))[: 2 * partners * FARTHEST].reshape(-1, 2).tolist()
    for number, (one, other) in enumerate(places):
        distance = number % FARTHEST + 1
        bits = np.zeros(256, np.uint8)
        bits[random.choice(256, distance, replace=False)] = 1
        hashes[other] = hashes[one] ^ np.packbits(bits)
        planted[min(one, other), max(one, other)] = distance
    packed = [row.tobytes() for row in hashes]
    began, cpu = time.perf_counter(), time.process_time()
    found = {(near.one, near.other) for near in self_join(packed)}
    took, used = time.perf_counter() - began, time.process_time() - cpu
    recall = {
        distance: sum(pair in found for pair, its in planted.items() if its == distance) / partners
        for distance in range(1, FARTHEST + 1)
    }
    near = min(recall[distance] for distance in range(1, GUARANTEED + 1))
    print(f"{name}: {len(hashes):,} hashes, {took:.0f} s ({used:.0f} s CPU), {len(found):,} pairs")
    print(f"  recall up to {GUARANTEED}: {near:.3f}; at {FARTHEST}: {recall[FARTHEST]:.3f}")
    return took <= LIMIT_SECONDS and near >= LIMIT_RECALL


if __name__ == "__main__":
    sys.exit(main())
