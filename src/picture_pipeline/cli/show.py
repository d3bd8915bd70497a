"""The command ``show``."""

import json

import click

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json, print_table


@click.command("show")
@click.argument("digest", metavar="SHA256")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def show(invocation: Invocation, digest: str, *, as_json: bool) -> None:
    """Tell all that is known of one picture. SHA256 may be a unique beginning."""
    from picture_pipeline.bootstrap.finding import describe  # noqa: PLC0415 - --help stays quick
    from picture_pipeline.cli.describing import shown  # noqa: PLC0415 - likewise
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    document = shown(describe(config, digest))
    if as_json:
        print_json(document)
        return
    known = {key: value for key, value in document.items() if value not in (None, [], {})}
    print_table([(key, _told(value)) for key, value in known.items()])


def _told(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
