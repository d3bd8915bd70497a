"""The command ``storage-stats``."""

import click

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json, print_line, print_table, size_text


@click.command("storage-stats")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def storage_stats(invocation: Invocation, *, as_json: bool) -> None:
    """Count pictures, thumbnails, originals and their bytes. Never touches the NAS."""
    from picture_pipeline.bootstrap.healing import heal_in_background  # noqa: PLC0415 - likewise
    from picture_pipeline.bootstrap.stats import collect_stats  # noqa: PLC0415 - --help stays quick
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    stats = collect_stats(config)
    heal_in_background(config, invocation.environ)
    totals, limit = stats.catalog, config.storage.local.cache.max_size_bytes
    if as_json:
        print_json(
            {
                "assets": totals.assets,
                "originals": {"count": totals.originals.count, "bytes": totals.originals.size},
                "thumbnails": {
                    "complete": stats.complete,
                    "count": sum(t.count for t in stats.renditions.values()),
                    "bytes": sum(t.size for t in stats.renditions.values()),
                    **{
                        name: {"count": t.count, "bytes": t.size}
                        for name, t in stats.renditions.items()
                    },
                },
                "cache": {
                    "count": stats.cache.count,
                    "bytes": stats.cache.size,
                    "limit_bytes": limit,
                },
                "sources": [
                    {
                        "name": s.name,
                        "kind": s.kind,
                        "files": s.files,
                        "bytes": s.size,
                        "archived": s.archived,
                        "last_new": s.last_new,
                    }
                    for s in totals.sources
                ],
                "types": {name: {"count": t.count, "bytes": t.size} for name, t in totals.types},
                "incomplete": totals.incomplete,
                "background": stats.background,
            }
        )
        return
    thumbs = size_text(sum(t.size for t in stats.renditions.values()))
    print_line(f"Total pictures:   {totals.assets:,}")
    print_line(f"Local thumbnails: {stats.complete:,} ({thumbs})")
    print_line(f"NAS originals:    {totals.originals.count:,} ({size_text(totals.originals.size)})")
    print_line(
        f"Cache:            {stats.cache.count:,} pictures "
        f"({size_text(stats.cache.size)} of {size_text(limit)})"
    )
    if stats.background:
        state = "running" if stats.background["running"] else "ended"
        print_line(
            f"generate-thumbs:  {state}, {stats.background['done']:,} of "
            f"{stats.background['total']:,} looked at"
        )
    if totals.types:
        print_line()
        rows = [(name, f"{t.count:,}", size_text(t.size)) for name, t in totals.types]
        print_table([("type", "originals", "size"), *rows])
    if totals.sources:
        print_line()
        print_table(
            [
                ("source", "kind", "files", "size", "originals", "last new"),
                *(
                    (
                        s.name,
                        s.kind,
                        f"{s.files:,}",
                        size_text(s.size),
                        f"{s.archived:,}",
                        s.last_new or "never",
                    )
                    for s in totals.sources
                ),
            ]
        )
