"""What a source was recognised as, for people and as JSON."""

from picture_pipeline.bootstrap.arriving import Arriving
from picture_pipeline.cli.output import say


def say_recognised(arriving: Arriving) -> None:
    """Tell people what a folder was taken for; single files are what they are."""
    found = arriving.recognised
    if found.by_itself and arriving.only is None:
        say(f"{arriving.spec.name}: recognised as {found.kind.title} ({found.reason})")


def recognition(arriving: Arriving) -> dict[str, object]:
    """Give the documented JSON of one source of a run."""
    found = arriving.recognised
    return {
        "name": arriving.spec.name,
        "kind": found.kind.name,
        "recognised": found.by_itself,
        "confidence": found.confidence,
        "reason": found.reason,
    }
