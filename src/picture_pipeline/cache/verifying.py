"""Nothing is given out before its bytes are what the digest says."""

import hashlib
import os
from collections.abc import Iterator
from io import FileIO

from picture_pipeline.durable.claims import Claim
from picture_pipeline.errors import ArchiveUnavailable, IntegrityError
from picture_pipeline.model.cached import Wanted
from picture_pipeline.ports.caching import ArchiveReader

_STEP = 1 << 18
"""Bytes; what is hashed at once stays in the processor's cache."""


def copy_verified(archive: ArchiveReader, claim: Claim, wanted: Wanted) -> None:
    """Let another process copy, and hash behind it what it wrote.

    Raises IntegrityError when it is not what the digest says, and what
    ``archive.copy`` raises.
    """
    whole = hashlib.sha256()
    view = memoryview(bytearray(_STEP))
    done = 0
    target = claim.open_for_writing()
    try:
        for size in archive.copy(wanted.path, target):
            end = done + size
            while done < end:
                got = os.preadv(claim.fd, [view[: min(_STEP, end - done)]], done)
                if not got:
                    raise ArchiveUnavailable(
                        f"{wanted.path}: the copy is shorter than its reader told; try again"
                    )
                whole.update(view[:got])
                done += got
    finally:
        os.close(target)
    _must_be(whole.hexdigest(), wanted)


def verified(chunks: Iterator[bytes], wanted: Wanted) -> Iterator[bytes]:
    """Pass bytes on, and raise IntegrityError at their end when they are not the original's."""
    whole = hashlib.sha256()
    for chunk in chunks:
        whole.update(chunk)
        yield chunk
    _must_be(whole.hexdigest(), wanted)


def _must_be(digest: str, wanted: Wanted) -> None:
    if digest != wanted.digest:
        raise IntegrityError(
            f"{wanted.path}: the archive's bytes are no longer those that were taken in; restore "
            "this file from a backup or snapshot"
        )


def digest_of(file: FileIO) -> str:
    """Hash a file from its beginning; it stands there again afterwards."""
    file.seek(0)
    whole = hashlib.sha256()
    while chunk := file.read(_STEP):
        whole.update(chunk)
    file.seek(0)
    return whole.hexdigest()
