"""The command ``doctor``."""

import click

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json, print_line

_MARKS = {"ok": "ok     ", "note": "note   ", "warning": "WARNING", "error": "ERROR  "}


@click.command()
@click.option("--area", "areas", multiple=True, metavar="AREA", help="Look at this area only.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def doctor(invocation: Invocation, *, areas: tuple[str, ...], as_json: bool) -> int:
    """Look at everything that must be well, and say what to do where it is not.

    Changes nothing. Exit status 1 when something is broken; warnings are 0.
    """
    from picture_pipeline.bootstrap.examining import looks_of  # noqa: PLC0415 - --help stays quick
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise
    from picture_pipeline.errors import UsageError  # noqa: PLC0415 - likewise
    from picture_pipeline.workflows.doctor import examine, is_well  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    looks = looks_of(config)
    unknown = set(areas) - looks.keys()
    if unknown:
        raise UsageError(f"no area {min(unknown)!r}; there are {', '.join(looks)}")
    findings = examine(looks, areas)
    if as_json:
        print_json(
            {
                "findings": [
                    {"area": f.area, "severity": f.severity.value, "what": f.what, "do": f.do}
                    for f in findings
                ]
            }
        )
    else:
        for finding in findings:
            print_line(f"{_MARKS[finding.severity]}  {finding.area}: {finding.what}")
            if finding.do:
                print_line(f"         -> {finding.do}")
    return 0 if is_well(findings) else 1
