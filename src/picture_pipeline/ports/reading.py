"""What takes bytes in and says what they are."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    FolderListing,
    NotYet,
    SourceSpec,
    Unlistable,
    Unopenable,
)
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Metadata
from picture_pipeline.model.rendition import (
    Rendered,
    RenditionSpec,
    Unrenderable,
)


class Source(Protocol):
    """A place where candidates turn up. Never writes, never opens a candidate.

    It may read what lists or tells of them: a zip's directory, a note beside pictures.
    """

    @property
    def spec(self) -> SourceSpec:
        """Who this source is."""
        ...

    @property
    def shows_all(self) -> bool:
        """Whether its listings hold all there is, so that a name they lack is gone."""
        ...

    def listings(self) -> Iterator[FolderListing | Unlistable]:
        """Walk the source folder by folder, in a stable order.

        Every entry that is no real folder comes exactly once. May be called
        again; each call walks anew. Raises UsageError when the source's root
        is not there.
        """
        ...

    def classify(self, folder: bytes, entry: Entry) -> Candidate | Unopenable | NotYet:
        """Tell whether an entry may be opened, by its kind and name alone."""
        ...


class Content(Protocol):
    """The bytes of one file that is being looked at; good until the look at it ends."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    @property
    def fits(self) -> bool:
        """Whether ``whole`` may be asked for."""
        ...

    def whole(self) -> bytes:
        """Give all bytes; read once, then remembered. Raises MemoryError unless it fits."""
        ...

    def read_at(self, offset: int, length: int) -> bytes:
        """Give at most that many bytes from there on; none beyond the end. Raises OSError."""
        ...

    @property
    def path(self) -> str:
        """A path by which libraries, and other processes, may open the bytes for reading.

        It tells nothing of the file's own name, and holds no character that
        means something to anybody. Raises OSError when the bytes are gone.
        """
        ...


class MetadataReader(Protocol):
    """Reads what an original says of itself."""

    def read(self, content: Content, media_type: MediaType, name: bytes, mtime_ns: int) -> Metadata:
        """Read metadata from one file.

        Never raises for hostile content: what cannot be read is absent, what
        is absurd is dropped and noted. ``name`` is the file's name (without
        folder) and ``mtime_ns`` its modification time, the last resorts for
        the capture time. May crash the process on hostile input (native
        parsers), so it runs in a worker.
        """
        ...


class Renderer(Protocol):
    """Makes renditions from one decode."""

    def render(
        self,
        content: Content,
        media_type: MediaType,
        orientation: int | None,
        specs: Sequence[RenditionSpec],
    ) -> Rendered | Unrenderable:
        """Decode once, give one sRGB JPEG for each spec, in the order of the specs.

        ``orientation`` is the EXIF orientation (1 to 8); formats that carry
        their own rotation (HEIC, AVIF) ignore it. Never raises for hostile
        content. May crash the process, so it runs in a worker.
        """
        ...
