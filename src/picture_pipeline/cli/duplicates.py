"""The command ``duplicates``."""

import base64

import click

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json, print_line, size_text
from picture_pipeline.model.candidate import is_utf8, printable
from picture_pipeline.model.duplicates import Duplicates, ExactGroup, NearGroup, Spotted
from picture_pipeline.model.likeness import Likeness


@click.command("duplicates")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--near", is_flag=True, help="Also find other copies of the same shot.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_obj
def duplicates(invocation: Invocation, *, as_json: bool, near: bool, quiet: bool) -> None:
    """List what lies in several places, or is archived as several copies. Deletes nothing."""
    from picture_pipeline.bootstrap.consolidating import open_consolidation  # noqa: PLC0415 - --help stays quick
    from picture_pipeline.cli.progress import progress_on  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.stopping import Stopping  # noqa: PLC0415 - likewise
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    with (
        Stopping() as stopping,
        progress_on("Hashing", quiet=quiet) as progress,
        open_consolidation(config, progress, stopping) as consolidation,
    ):
        if near:
            consolidation.hashing.run()
        found = consolidation.duplicates(near=near)
    if as_json:
        print_json(_document(found, near=near))
    else:
        _print_groups(found, near=near)


def _document(found: Duplicates, *, near: bool) -> dict[str, object]:
    document: dict[str, object] = {"exact": [_exact(each) for each in found.exact]}
    if near:
        document["near"] = [_near(each) for each in found.near]
    return document


def _exact(group: ExactGroup) -> dict[str, object]:
    return {
        "digest": group.digest,
        "size": group.size,
        "sightings": [_place(place) for place in group.places],
    }


def _place(place: Spotted) -> dict[str, object]:
    told: dict[str, object] = {"source": place.source, "path": printable(place.path)}
    if not is_utf8(place.path):
        told["path_b64"] = base64.b64encode(place.path).decode("ascii")
    return told


def _near(group: NearGroup) -> dict[str, object]:
    return {
        "best": group.members[0].digest,
        "why": group.why or None,
        "sameness": "probable" if group.probable else "confirmed",
        "members": [_member(member) for member in group.members],
    }


def _member(member: Likeness) -> dict[str, object]:
    return {
        "digest": member.digest,
        "size": member.size,
        "media_type": member.media_type,
        "width": member.width,
        "height": member.height,
        "taken_at": member.taken_at,
        "incomplete": member.incomplete,
    }


def _print_groups(found: Duplicates, *, near: bool) -> None:
    extra = sum(group.size * (len(group.places) - 1) for group in found.exact)
    print_line(
        f"{len(found.exact):,} originals lie in several places of the sources "
        f"({size_text(extra)} there; the archive holds each once)"
    )
    for group in found.exact:
        print_line(f"{group.digest[:12]}  {size_text(group.size)}")
        for place in group.places:
            print_line(f"  {place.source}: {printable(place.path)}")
    if not near:
        return
    print_line(f"{len(found.near):,} shots are archived as several copies")
    for shot in found.near:
        sure = "probably the same shot" if shot.probable else "the same shot"
        print_line(f"{shot.members[0].taken_at}  {sure}")
        for member in shot.members:
            best = f"  best: {shot.why or 'equal'}" if member is shot.members[0] else ""
            print_line(f"  {member.digest[:12]}  {_facts(member)}{best}")


def _facts(member: Likeness) -> str:
    sides = f"{member.width}x{member.height}" if member.width else "unknown size"
    return f"{member.media_type}  {sides}  {size_text(member.size)}"
