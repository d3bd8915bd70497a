"""The bytes of one file as readers and renderers see them: port Content."""

import os
from collections.abc import Callable
from typing import Self

from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.model.metadata import Metadata


class FileContent:
    """A file's content, opened no earlier than something asks for what is not in memory.

    ``open_file`` gives a descriptor for reading; ``close`` closes it. ``data``
    is the whole content where it was read already.
    """

    def __init__(
        self,
        size: int,
        open_file: Callable[[], int],
        data: bytes | None = None,
        most_in_memory: int = 1 << 30,
    ) -> None:
        self._size = size
        self._open_file = open_file
        self._data = data
        self._most = most_in_memory
        self._fd: int | None = None

    @property
    def size(self) -> int:
        """Length in bytes."""
        return self._size

    @property
    def fits(self) -> bool:
        """Whether ``whole`` may be asked for."""
        return self._data is not None or self._size <= self._most

    def whole(self) -> bytes:
        """Give all bytes; read once, then remembered. Raises MemoryError unless it fits."""
        if not self.fits:
            raise MemoryError(f"{self._size} bytes are too many to be held in memory")
        if self._data is None:
            self._data = self._read(0, self._size)
        return self._data

    def read_at(self, offset: int, length: int) -> bytes:
        """Give at most that many bytes from there on; none beyond the end. Raises OSError."""
        if self._data is not None:
            return self._data[offset : offset + length]
        return self._read(offset, min(length, max(0, self._size - offset)))

    @property
    def path(self) -> str:
        """A path that says nothing of the file's name, for libraries and child processes."""
        return f"/proc/{os.getpid()}/fd/{self._opened()}"

    def close(self) -> None:
        """Close the file when it was opened; twice does no harm."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _opened(self) -> int:
        if self._fd is None:
            self._fd = self._open_file()
        return self._fd

    def _read(self, offset: int, length: int) -> bytes:
        """Read on where the system gives less than asked for."""
        fd, parts = self._opened(), []
        while length > 0 and (part := os.pread(fd, length, offset)):
            parts.append(part)
            offset += len(part)
            length -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)


def in_memory(data: bytes) -> FileContent:
    """Make a content of bytes that lie in no file yet."""

    def open_memory() -> int:
        fd = os.memfd_create("content", os.MFD_CLOEXEC)
        with open(fd, "wb", closefd=False) as file:
            file.write(data)
        return fd

    return FileContent(len(data), open_memory, data)


def parsing_weight(content: FileContent, media_type: MediaType) -> int:
    """Give the bytes that parsers have to go through; of a video they look at some."""
    return 0 if media_type.family is Family.VIDEO or not content.fits else content.size


def pixels_of(metadata: Metadata) -> int:
    """Give a picture's pixels, 0 when unknown."""
    return (metadata.width or 0) * (metadata.height or 0)
