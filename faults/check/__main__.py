"""``python faults/check snap|check``: look at an archive from outside and decide."""

import argparse
import sys
from pathlib import Path

if __package__ in {None, ""}:  # started as a folder: our own package is not yet importable
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from check import snap
from check.evidence import Where, gather, run_from
from check.invariants import TABLE, broken, unasked

FIRST = 3


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status of ``check`` is the number of broken invariants."""
    options = _parser().parse_args(arguments)
    return int(options.command(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="check", description=__doc__)
    commands = parser.add_subparsers(required=True)
    taking = commands.add_parser("snap", help="snapshot trees as JSON lines")
    taking.add_argument("roots", nargs="+", type=Path)
    taking.add_argument("-o", "--output", type=Path, required=True)
    taking.set_defaults(command=_snap)
    _add_check(commands.add_parser("check", help="decide the invariants"))
    return parser


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--local", type=Path, required=True, help="folder that holds thumbs/")
    parser.add_argument("--catalog", help="SQLite file or postgresql:// URL")
    parser.add_argument("--source", type=Path, action="append", default=[])
    parser.add_argument("--source-before", type=Path, help="snapshot of the sources")
    parser.add_argument("--before", type=Path, help="earlier snapshot of ARCHIVE/originals")
    parser.add_argument("--control", type=Path, help="snapshot of an undisturbed run's trees")
    parser.add_argument("--below", type=Path, help="the mount point without its mount")
    parser.add_argument("--report", type=Path, action="append", default=[])
    parser.add_argument("--crashed", action="store_true", help="the last run was cut off")
    parser.add_argument("--loose", action="store_true", help="equal files came in any order")
    parser.set_defaults(command=_check)


def _snap(options: argparse.Namespace) -> int:
    snap.write((entry for root in options.roots for entry in snap.take(root)), options.output)
    return 0


def _check(options: argparse.Namespace) -> int:
    where = Where(
        options.archive.absolute(),
        options.local.absolute(),
        options.catalog or str(options.local / "catalog.db"),
        tuple(source.absolute() for source in options.source),
    )
    evidence = gather(
        where,
        settled=not options.crashed,
        sources_before=_read(options.source_before),
        before=_read(options.before),
        control=_read(options.control),
        below=snap.take(options.below) if options.below else None,
        runs=[run_from(file) for file in options.report],
        loose=options.loose,
    )
    return tell(broken(evidence), unasked(evidence))


def _read(file: Path | None) -> list[snap.Entry] | None:
    return snap.read(file) if file else None


def tell(found: dict[str, list[str]], not_asked: set[str]) -> int:
    """Print a line for each invariant; give the number of broken ones."""
    for name, lines in found.items():
        promise = (TABLE[name].__doc__ or "").splitlines()[0]
        if lines:
            verdict = f"FAIL {len(lines)} {' | '.join(lines[:FIRST])}"
        else:
            verdict = f"{'not asked' if name in not_asked else 'ok':<10}{promise}"
        print(f"{name:<4}{verdict}")
    return sum(bool(lines) for lines in found.values())


if __name__ == "__main__":
    sys.exit(main())
