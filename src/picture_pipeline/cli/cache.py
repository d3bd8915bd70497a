"""``cache``: look at the cache of full-size originals, and steer it."""

from collections.abc import Callable

import click

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json, print_line, say, size_text


@click.group()
def cache() -> None:
    """Look at the cache of full-size originals, and steer it."""


@cache.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def stats(invocation: Invocation, *, as_json: bool) -> None:
    """Tell how much the cache holds, and how often it helped. Never touches the NAS."""
    from picture_pipeline.bootstrap.healing import heal_in_background  # noqa: PLC0415 - not for --help
    from picture_pipeline.bootstrap.stats import cache_totals  # noqa: PLC0415 - likewise
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    limit = config.storage.local.cache.max_size_bytes
    totals = cache_totals(config)
    heal_in_background(config, invocation.environ)
    if as_json:
        print_json(
            {
                "count": totals.count,
                "bytes": totals.size,
                "limit_bytes": limit,
                "hits": totals.hits,
                "misses": totals.misses,
                "pinned": totals.pinned,
            }
        )
        return
    print_line(f"Originals: {totals.count:,} ({size_text(totals.size)} of {size_text(limit)})")
    print_line(f"Pinned:    {totals.pinned:,} ({size_text(totals.pinned_size)})")
    print_line(f"Hits:      {totals.hits:,}")
    print_line(f"Misses:    {totals.misses:,}")


@cache.command()
@click.argument("digests", metavar="DIGEST...", nargs=-1, required=True)
@click.pass_obj
def pin(invocation: Invocation, digests: tuple[str, ...]) -> None:
    """Keep originals in the cache until they are unpinned; fetch those that are not there."""
    from picture_pipeline.bootstrap.storage import PhotoStorage  # noqa: PLC0415 - not for --help
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    with PhotoStorage(config, invocation.environ) as storage:
        _each(digests, storage.pin, "pinned")


@cache.command()
@click.argument("digests", metavar="DIGEST...", nargs=-1, required=True)
@click.pass_obj
def unpin(invocation: Invocation, digests: tuple[str, ...]) -> None:
    """Let originals leave the cache again."""
    from picture_pipeline.bootstrap.storage import PhotoStorage  # noqa: PLC0415 - not for --help
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    with PhotoStorage(config, invocation.environ) as storage:
        _each(digests, storage.unpin, "unpinned")


@cache.command()
@click.option("--dry-run", is_flag=True, help="Tell what would be done, do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def prune(invocation: Invocation, *, dry_run: bool, as_json: bool) -> None:
    """Remove what is too old or too much, and bring books and folder together."""
    from picture_pipeline.bootstrap.pruning import prune_cache  # noqa: PLC0415 - not for --help
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    done = prune_cache(config, dry_run=dry_run)
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                "removed": list(done.left),
                "bytes": done.left_size,
                "adopted": list(done.adopted),
                "forgotten": list(done.forgotten),
                "cleared": [str(path) for path in done.cleared],
            }
        )
        return
    would = "would be " if dry_run else ""
    print_line(f"{would}removed:   {len(done.left):,} originals ({size_text(done.left_size)})")
    print_line(f"{would}adopted:   {len(done.adopted):,} that the books did not know")
    print_line(f"{would}forgotten: {len(done.forgotten):,} that are gone")
    print_line(f"{would}cleared:   {len(done.cleared):,} files that are none of ours, or damaged")


@cache.command()
@click.pass_obj
def heal(invocation: Invocation) -> None:
    """Book again what lies in the folders of thumbnails and cache. Starts by itself when needed."""
    from picture_pipeline.bootstrap.healing import heal as heal_books  # noqa: PLC0415 - not for --help
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    done = heal_books(load_config(invocation.environ, invocation.config_file, invocation.cwd))
    if done is None:
        say("another run is at it already")
        return
    print_line(
        f"booked {done.renditions:,} thumbnails and {done.adopted:,} originals in the cache; "
        f"removed {done.removed:,} files from it that were not what their names say"
    )


def _each(digests: tuple[str, ...], do: Callable[[str], str], what: str) -> None:
    for digest in digests:
        say(f"{what} {do(digest)}")
