"""Whether a source is all there, or only looks empty because its volume is away. Pure.

The commonest disaster of such programs: a NAS that is not mounted leaves an empty
folder behind, and all its pictures count as deleted. Here that is only ever reported.
"""

from picture_pipeline.model.watched import Baseline, Root, SourceStatus

_SHRUNKEN = 0.8
"""A source that holds less than this share of what it held may be another one."""
_BELIEVED_AFTER = 86_400.0
"""Seconds; a person who deleted pictures has done so for good."""


def why_unmounted(root: Root | None, baseline: Baseline | None) -> str | None:
    """Say why a source cannot be the one we know, before anything in it is looked at."""
    if root is None:
        return "the folder is not there"
    if baseline is None:
        return None
    missing = baseline.markers - root.markers
    if missing:
        names = ", ".join(sorted(name.decode("ascii", "replace") for name in missing))
        return f"its marker {names} is missing"
    if root.is_empty and baseline.files:
        return f"the folder is empty; it held {baseline.files} files"
    return None


def judge(
    root: Root, files: int, baseline: Baseline | None, now: float
) -> tuple[SourceStatus, str, Baseline]:
    """Judge what a full pass counted; gives what to compare the next one with.

    ``now``: seconds since 1970, UTC. After a day the new state is believed.
    """
    whole = Baseline(root.device, files, root.markers)
    if baseline is None or files >= baseline.files * _SHRUNKEN:
        return SourceStatus.WATCHED, "", whole
    since = min(baseline.shrunken_since or now, now)
    if now - since >= _BELIEVED_AFTER:
        return SourceStatus.WATCHED, "", whole
    kept = Baseline(baseline.device, baseline.files, baseline.markers, since)
    if root.device != baseline.device:
        detail = f"another volume lies here: {files} files where there were {baseline.files}"
        return SourceStatus.UNMOUNTED, detail, kept
    detail = f"{files} files where there were {baseline.files}; new ones are taken in all the same"
    return SourceStatus.SHRUNKEN, detail, kept
