"""The command ``reclaim``."""

from typing import TYPE_CHECKING

import click

from picture_pipeline.cli.invocation import Invocation

if TYPE_CHECKING:
    from picture_pipeline.bootstrap.releasing import Asked, Releasing
    from picture_pipeline.cli.releasing import Undertaking


@click.command("reclaim")
@click.argument("names", nargs=-1, metavar="[NAME|PATH]...")
@click.option(
    "--older-than",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Days since a file was first seen in its source, instead of storage.reclaim.after_days.",
)
@click.option("--restore", is_flag=True, help="Bring the bytes back from the archive.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done, do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_obj
def reclaim(  # noqa: PLR0913 - one for each option
    invocation: Invocation,
    names: tuple[str, ...],
    *,
    older_than: float | None,
    restore: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Give back the space of downloads that the archive holds.

    Each is replaced by a placeholder of the same size and time that takes no
    space, so that the program that downloads them finds its file there. Only
    for sources whose policy is reclaim: those named, or all of them.
    """
    import os  # noqa: PLC0415 - --help stays quick

    from picture_pipeline.bootstrap.releasing import Asked, open_releasing  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.releasing import (  # noqa: PLC0415 - likewise
        Asking,
        carry_out,
        must_be_confirmed,
    )
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    asking = Asking(yes=yes, dry_run=dry_run, as_json=as_json, quiet=quiet)
    must_be_confirmed(asking)
    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    asked = Asked([os.fsencode(name) for name in names], invocation.cwd, older_than, dry_run)
    with open_releasing(config) as releasing:
        undertaking = _restoring(releasing, asked) if restore else _reclaiming(releasing, asked)
        return carry_out(undertaking, asking)


def _reclaiming(releasing: "Releasing", asked: "Asked") -> "Undertaking":
    from picture_pipeline.cli.output import say, size_text  # noqa: PLC0415 - --help stays quick
    from picture_pipeline.cli.releasing import Undertaking  # noqa: PLC0415 - likewise

    chosen = releasing.plan_reclaim(asked)
    if not chosen:
        say(
            "no source has the policy reclaim; give it to one with: "
            "picture-pipeline sources add NAME PATH --policy reclaim"
        )
    files = [file for one in chosen for file in one.plan.released]
    size = size_text(sum(file.size for file in files))
    counts = ("young", "small", "hollow")
    return Undertaking(
        files=files,
        left=[left for one in chosen for left in one.plan.left],
        counts={name: sum(getattr(one.plan, name) for one in chosen) for name in counts},
        question=f"Replace {len(files):,} files ({size}) by placeholders once each was checked?",
        what="Reclaiming",
        done="reclaimed",
        act=lambda progress, stopping: releasing.let_go(chosen, progress, stopping),
    )


def _restoring(releasing: "Releasing", asked: "Asked") -> "Undertaking":
    from picture_pipeline.cli.output import size_text  # noqa: PLC0415 - --help stays quick
    from picture_pipeline.cli.releasing import Undertaking  # noqa: PLC0415 - likewise
    from picture_pipeline.model.release import Released  # noqa: PLC0415 - likewise

    hollows = releasing.hollows(asked)
    size = size_text(sum(hollow.size for hollow in hollows))
    return Undertaking(
        files=[Released(hollow.place.path, hollow.digest, hollow.size) for hollow in hollows],
        left=releasing.foretold,
        counts={},
        question=f"Bring back {len(hollows):,} files ({size}) from the archive?",
        what="Restoring",
        done="restored",
        act=lambda progress, stopping: releasing.restore(hollows, progress, stopping),
    )
