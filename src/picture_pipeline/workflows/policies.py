"""What the policies of sources allow, and where they are refused. Tables."""

from collections.abc import Mapping
from dataclasses import dataclass

from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import SourceSpec, printable

_EXPORTS: Mapping[str, str] = {
    "takeout": "its files may lie in zips; remove the whole export by hand",
    "icloud_takeout": "its files may lie in zips; remove the whole export by hand",
}
_FILLED: Mapping[str, str] = {
    "icloudpd": "icloudpd downloads again what is gone",
    "photosync": "PhotoSync looks after it",
    "synology": "the NAS's own programs look after it",
    "immich": "Immich looks after it",
    "immich_api": "the files are Immich's",
    "rsync": "rsync copies again what is gone",
    "apple_photos": "the library is Apple Photos' own",
    **_EXPORTS,
}
_SHOWN: Mapping[str, str] = {
    "immich": "Immich would show empty pictures",
    "immich_api": "the files are Immich's",
    "apple_photos": "Apple Photos would show empty pictures",
    "iphone_usb": "a phone's storage takes no placeholders",
    "camera": "a camera's card takes no placeholders",
    **_EXPORTS,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What happens to a source's files once they are archived."""

    name: str
    outcome: str
    """How the ledger calls it."""
    refused: Mapping[str, str]
    """Kinds of sources for which it would do harm, and which."""
    command: str
    """What carries it out."""


POLICIES: Mapping[str, Policy] = {
    policy.name: policy
    for policy in (
        Policy("free", "freed", _FILLED, "free"),
        Policy("move", "moved", _FILLED, "free"),
        Policy("reclaim", "reclaimed", _SHOWN, "reclaim"),
    )
}
"""``keep`` is none: it does nothing."""
WATCHED = "watch"
"""The source that some program fills, whatever it looks like."""


def policy_of(spec: SourceSpec, command: str) -> Policy:
    """Give the policy by which a command may work on a source.

    ``spec.kind`` must be known. Raises UsageError when the source has another
    policy, or one that would do harm.
    """
    wanted = [policy.name for policy in POLICIES.values() if policy.command == command]
    policy = POLICIES.get(spec.policy)
    if policy is None or policy.command != command:
        raise UsageError(
            f"{spec.name}: its policy is {spec.policy}; to let its files go once they are "
            f"archived: picture-pipeline sources add NAME {printable(spec.path)} "
            f"--policy {wanted[0]}"
        )
    harm = policy.refused.get(spec.kind)
    if harm is None and spec.name == WATCHED and command == "free":
        harm = "some program fills it"
    if harm is not None:
        raise UsageError(
            f"{spec.name}: policy {policy.name} is refused for kind {spec.kind}: {harm}"
        )
    return policy


def how_to_free(spec: SourceSpec) -> str | None:
    """Say, after an import, by which command a source's space comes back."""
    policy = POLICIES.get(spec.policy)
    if policy is None or spec.kind in policy.refused:
        return None
    return f"to give its space back: picture-pipeline {policy.command} {spec.name}"
