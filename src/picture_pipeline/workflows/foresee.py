"""Look at one candidate as an import would, and write nothing. Runs in a worker."""

import hashlib
from dataclasses import dataclass

from picture_pipeline.model.digest import Checksums, parse_digest
from picture_pipeline.model.inspected import Failed, Inspected, InspectJob, Staged, other_bytes
from picture_pipeline.model.media import MediaType
from picture_pipeline.ports import StagedFile
from picture_pipeline.workflows.candidate_file import (
    CHANGED,
    CHUNK,
    CandidateFile,
    SourceError,
)
from picture_pipeline.workflows.contents import in_memory
from picture_pipeline.workflows.inspect import Inspector


@dataclass(frozen=True, slots=True)
class Foresight(Inspector):
    """An inspector that hashes what is new, and stages nothing of it.

    Everything that decides what becomes of a candidate is the inspector's own.
    """

    def _take_in(self, job: InspectJob, file: CandidateFile, media_type: MediaType) -> Inspected:
        checksums = _hashed(job, file)
        if isinstance(checksums, Failed):
            return checksums
        name = job.candidate.name
        return Staged(
            checksums=checksums,
            stamp=file.stamp,
            media_type=media_type,
            metadata=self.careful_reader.read(
                in_memory(b""), media_type, name, file.stamp.mtime_ns
            ),
            renditions=(),
            incomplete=self._missing(job, file, media_type),
        )


def _hashed(job: InspectJob, file: CandidateFile) -> Checksums | Failed:
    sha256, sha1 = hashlib.sha256(), hashlib.sha1()  # noqa: S324 - a name, not a secret
    try:
        for chunk in file.chunks(CHUNK):
            sha256.update(chunk)
            sha1.update(chunk)
    except SourceError as error:
        return Failed("unreadable", str(error))
    if file.changed():
        return CHANGED
    if job.candidate.sha1 not in {None, sha1.hexdigest()}:
        return other_bytes(job.candidate, sha1.hexdigest())
    return Checksums(parse_digest(sha256.hexdigest()), sha1.hexdigest(), "")


class Unstaged:
    """A staging area in which nothing is ever staged; see ``ports.Staging``."""

    def copy(self, token: str) -> StagedFile:
        """Refuse: whoever foresees copies nothing."""
        raise NotImplementedError(token)

    def sidecar(self, token: str, data: bytes) -> None:
        """Write nothing."""

    def stage(self, token: str, name: str, data: bytes) -> None:
        """Write nothing."""

    def settle(self) -> None:
        """Nothing is pending."""

    def rest(self) -> None:
        """Nothing is pending."""
