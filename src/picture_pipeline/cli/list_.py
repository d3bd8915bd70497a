"""The command ``list``."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import click

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json_line, print_line, size_text

if TYPE_CHECKING:
    from picture_pipeline.model.original import Original
    from picture_pipeline.model.query import AssetListed

_TIME = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])"
    r"(T([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d(\.\d{1,6})?)?)?)?)?)?"
)


def _time(_ctx: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    time = value.strip().replace(" ", "T")
    if not _TIME.fullmatch(time):
        raise click.BadParameter(
            f"{value!r} is no time; write 2024, 2024-03, 2024-03-09 or 2024-03-09T18:30"
        )
    return time


@click.command("list")
@click.option(
    "--from",
    "taken_from",
    metavar="TIME",
    callback=_time,
    help="Taken at or after: 2024, 2024-03, ...",
)
@click.option(
    "--to",
    "taken_to",
    metavar="TIME",
    callback=_time,
    help="Taken at or before, the unit included.",
)
@click.option(
    "--type", "media_type", metavar="TYPE", help="image/heic, heic, image; still, raw, video."
)
@click.option("--camera", metavar="TEXT", help="Part of make or model.")
@click.option("--source", metavar="NAME", help="Seen in this source.")
@click.option("--tag", metavar="TAG", help="Keyword, or tag with all below it (A/B).")
@click.option("--album", metavar="NAME", help="In this album, by its whole name.")
@click.option("--person", metavar="NAME", help="Showing this person, by the whole name.")
@click.option("--favourite", is_flag=True, default=None, help="Favourites only.")
@click.option("--rating", type=click.IntRange(-1, 5), help="At least this many stars.")
@click.option("--has-gps/--no-gps", default=None, help="With, or without a position.")
@click.option("--incomplete", is_flag=True, default=None, help="Cut short, not yet replaced.")
@click.option("--assets", "as_assets", is_flag=True, help="One line an asset, with its members.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="At most this many.")
@click.option("--after", metavar="DIGEST", help="Go on behind this one.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document a line.")
@click.pass_obj
def list_(
    invocation: Invocation,
    /,
    *,
    as_assets: bool,
    limit: int | None,
    after: str | None,
    as_json: bool,
    **wanted: str | int | bool | None,
) -> None:
    """Find pictures, oldest first."""
    from picture_pipeline.bootstrap.finding import find, find_assets  # noqa: PLC0415 - --help
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise
    from picture_pipeline.model.query import Filter  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    only = Filter(**wanted)  # type: ignore[arg-type]  # click checked the types
    if as_assets:
        _print_assets(islice(find_assets(config, only, after), limit), as_json=as_json)
    else:
        _print_originals(islice(find(config, only, after), limit), as_json=as_json)


def _print_originals(found: "Iterator[Original]", *, as_json: bool) -> None:
    from picture_pipeline.cli.describing import listed, listed_line  # noqa: PLC0415 - --help

    for original in found:
        if as_json:
            print_json_line(listed(original))
        else:
            print_line(listed_line(original, size_text(original.size)))


def _print_assets(found: "Iterator[AssetListed]", *, as_json: bool) -> None:
    from picture_pipeline.cli.describing import (  # noqa: PLC0415 - --help stays quick
        asset_line,
        listed_asset,
    )

    for asset in found:
        if as_json:
            print_json_line(listed_asset(asset))
        else:
            print_line(asset_line(asset, size_text(asset.primary.size)))
