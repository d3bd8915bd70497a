"""What becomes of an entry whose bytes need not, or must not, be read; pure."""

from collections.abc import Iterable, Iterator, Mapping

from picture_pipeline.model.candidate import Candidate, FileStamp, NotYet, Unopenable
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Earlier, Failed, Known, Postponed, Rejected

Sized = tuple[int, str]
"""A length in bytes, and a SHA-1 in hexadecimal."""


def sized_sha1s(found: Iterable[Candidate | Unopenable | NotYet]) -> Iterator[Sized]:
    """Give length and SHA-1 of the candidates whose source knows them."""
    for each in found:
        if isinstance(each, Candidate) and each.sha1 is not None:
            yield each.stamp.size, each.sha1


def unread(
    found: Candidate | Unopenable | NotYet,
    before: FileStamp | None,
    earlier: Earlier | None,
    archived: Mapping[Sized, Digest],
) -> Known | Rejected | Failed | Postponed | None:
    """Say what becomes of an entry without a look at its bytes; None: they are to be read.

    ``before`` is the stamp under which ``earlier`` lay at this place;
    ``archived`` are originals by length and SHA-1.
    """
    match found:
        case Candidate():
            digest = _known_digest(found, before, earlier, archived)
            return None if digest is None else Known(digest, found.stamp)
        case NotYet(detail=detail):
            return Postponed(detail)
        case Unopenable(reason="unreadable", detail=detail):
            return Failed("unreadable", detail)
        case Unopenable(reason=reason, detail=detail, stamp=stamp):
            return Rejected(reason, detail, stamp)


def _known_digest(
    candidate: Candidate,
    before: FileStamp | None,
    earlier: Earlier | None,
    archived: Mapping[Sized, Digest],
) -> Digest | None:
    if candidate.sha1 is not None:
        found = archived.get((candidate.stamp.size, candidate.sha1))
        if found is not None:
            return found
    if not candidate.told_in_inode or before is None or earlier is None:
        return None
    same_bytes = before._replace(inode=candidate.stamp.inode) == candidate.stamp
    return earlier.digest if same_bytes else None
