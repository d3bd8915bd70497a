"""Tie a candidate to the original that lay at its path before. Runs in a worker."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from picture_pipeline.errors import PipelineError
from picture_pipeline.model.inspected import Earlier, Tie, Tied
from picture_pipeline.model.media import MediaType
from picture_pipeline.ports import Content
from picture_pipeline.workflows.contents import FileContent

_HEAD = 1 << 16
"""Bytes that a cut-off file shares with the whole one: downloads begin at the beginning."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Compares a candidate with what its path showed before."""

    open_original: Callable[[str], int]
    """Gives a descriptor for reading what lies at a path of the archive."""
    picture_digest: Callable[[Content, MediaType], str | None]
    """Names the picture data alone, whatever the metadata around it."""

    def tie(
        self,
        earlier: Earlier | None,
        content: Content,
        media_type: MediaType,
        identifier: str | None,
        *,
        incomplete: bool,
    ) -> Tied | None:
        """Say what the candidate is to the earlier original; None is nothing of the kind.

        Nothing is lost by None: both are archived, each an asset of its own.
        """
        if earlier is None:
            return None
        try:
            fd = self.open_original(earlier.path)
        except PipelineError:
            return None  # missing, or the archive is away: whoever writes next will tell
        with FileContent(os.fstat(fd).st_size, lambda: fd) as old:
            _ = old.path  # from here on it closes the file
            found = self._compare(earlier, old, content, media_type, identifier, incomplete)
        return Tied(found, earlier.digest) if found else None

    def _compare(
        self,
        earlier: Earlier,
        old: Content,
        new: Content,
        media_type: MediaType,
        identifier: str | None,
        incomplete: bool,  # noqa: FBT001 - passed through
    ) -> Tie | None:
        grown = not incomplete or new.size > old.size  # a download that goes on
        if earlier.incomplete and grown and _begin_alike(old, new):
            return Tie.SUPERSEDES
        if identifier and identifier == earlier.content_identifier:
            return Tie.REVISES
        if media_type.name != earlier.media_type:
            return None
        picture = self.picture_digest(new, media_type)
        same = picture is not None and picture == self.picture_digest(old, media_type)
        return Tie.REVISES if same else None


def _begin_alike(old: Content, new: Content) -> bool:
    length = min(_HEAD, old.size)
    return old.size < new.size + 1 and old.read_at(0, length) == new.read_at(0, length)
