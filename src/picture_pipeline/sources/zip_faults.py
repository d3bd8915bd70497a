"""What can be wrong with a zip, or with a member of one, as reason codes."""

from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.inspected import Failed, Rejected

_DAMAGED = "unreadable"


class ZipFault(Exception):
    """A zip, or a member, that is not read: reason code and words. Never leaves ``sources/``."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail

    @classmethod
    def damaged(cls, detail: str) -> "ZipFault":
        """Give the fault of a zip that another copy may not have."""
        return cls(_DAMAGED, f"{detail}; fetch the zip again")

    @staticmethod
    def too_large(detail: str) -> "ZipFault":
        """Give the fault of a zip that claims to hold more than is sane."""
        return ZipFault("zip_bomb", detail)

    def inspected(self, stamp: FileStamp) -> Rejected | Failed:
        """Give what becomes of the member.

        Damage is not remembered: a sound copy of the zip has the same
        directory, so the member would be taken for the one we know.
        """
        if self.reason == _DAMAGED:
            return Failed(self.reason, self.detail)
        return Rejected(self.reason, self.detail, stamp)
