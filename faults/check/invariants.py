"""The invariants of an archive: each gives one line for each thing that breaks it."""

from collections import Counter
from collections.abc import Callable, Iterator

from . import facts, ledger, trees
from .evidence import Evidence, Run
from .words import DAY, IMPORT_STATUSES, ORIGINAL, PP_SHA256

Broken = Iterator[str]
Invariant = Callable[[Evidence], Broken]


def content_address(evidence: Evidence) -> Broken:
    """Every visible file is named by the SHA-256 of its bytes, nothing else is there."""
    for entry in evidence.originals:
        if entry.kind == "dir":
            if not _part_of_a_day(entry.path):
                yield f"{entry.shown}: no day folder"
        elif not entry.name.endswith(b".xmp"):
            yield from _misnamed(entry.shown, entry.path, entry.kind, entry.sha256)


def _part_of_a_day(path: bytes) -> bool:
    return not path or DAY.fullmatch(path + b"0000/00/00"[len(path) :]) is not None


def _misnamed(shown: str, path: bytes, kind: str, sha256: str | None) -> Broken:
    match = ORIGINAL.fullmatch(path)
    if kind != "file" or match is None:
        yield f"{shown}: a {kind} with no original's name"
    elif match[2].decode() != sha256:
        yield f"{shown}: bytes hash to {sha256}"


def nothing_lost(evidence: Evidence) -> Broken:
    """Every source file that a complete run did not name as a problem is archived."""
    have = evidence.digests
    for path, sha256 in evidence.promised.items():
        if sha256 not in have:
            yield f"{path.decode('utf-8', 'backslashreplace')}: {sha256} is not archived"


def no_duplicates(evidence: Evidence) -> Broken:
    """Each digest has one visible path and one catalog row."""
    for what, digests in (
        ("paths", [entry.sha256 or entry.shown for entry in evidence.files]),
        ("catalog rows", [row.digest for row in evidence.catalog.originals]),
        ("archiving events", ledger.archived([e for c in evidence.chains for e in c.events])),
    ):
        yield from (f"{digest}: {n} {what}" for digest, n in Counter(digests).items() if n > 1)


def nothing_half_written(evidence: Evidence) -> Broken:
    """No temp, empty or short file is visible; every thumbnail is whole and fits its box."""
    for entry in evidence.originals:
        if entry.kind == "file" and entry.size == 0:
            yield f"originals/{entry.shown}: empty"
    yield from trees.unsound_thumbs(evidence.thumbs, settled=evidence.settled)
    if evidence.settled:
        left = [entry for entry in evidence.incoming if entry.kind != "dir"]
        yield from (f"incoming/{entry.shown}: left over" for entry in left)


def catalog_equals_disk(evidence: Evidence) -> Broken:
    """Catalog rows are the visible originals; after a crash some may still miss a row."""
    yield from evidence.catalog.faults
    yield from evidence.books
    disk = {entry.sha256: entry for entry in evidence.files}
    for row in evidence.catalog.originals:
        entry = disk.pop(row.digest, None)
        if entry is None:
            yield f"{row.digest}: in the catalog, not on disk"
        elif (f"originals/{entry.shown}", entry.size) != (row.path, row.size):
            yield f"{entry.shown}: the catalog says {row.path}, {row.size} bytes"
    if evidence.settled:
        yield from (f"{entry.shown}: not in the catalog" for entry in disk.values())
        yield from _sightings(evidence)
    yield from trees.thumbs_of_nothing(evidence.thumbs, evidence.digests)


def _sightings(evidence: Evidence) -> Broken:
    for path, sha256 in evidence.promised.items():
        if (sha256, path) not in evidence.catalog.sightings:
            yield f"{path.decode('utf-8', 'backslashreplace')}: no sighting"


def sources_untouched(evidence: Evidence) -> Broken:
    """Sources are what they were: paths, bytes, sizes, modes, times, hard links."""
    if evidence.sources_before is None:
        return
    yield from trees.differences(evidence.sources_before, evidence.sources, trees.untouched)


def sidecars_well_formed(evidence: Evidence) -> Broken:
    """Every sidecar is well-formed and names its original; settled, each original has one."""
    for entry in evidence.sidecars:
        named = entry.name[:-4].decode("ascii", "replace")
        if entry.facts is None:
            yield f"{entry.shown}: {entry.fault or 'no regular file'}"
        elif facts.pp_property(entry.facts, PP_SHA256) != {named}:
            yield f"{entry.shown}: its pp:sha256 is not its name"
    if evidence.settled:
        yield from _unpaired(evidence)


def _unpaired(evidence: Evidence) -> Broken:
    originals = {entry.path.rpartition(b".")[0] for entry in evidence.files}
    sidecars = {entry.path[:-4] for entry in evidence.sidecars}
    yield from (f"{path.decode()}: no sidecar" for path in sorted(originals - sidecars))
    yield from (f"{path.decode()}.xmp: no original" for path in sorted(sidecars - originals))


def immutable(evidence: Evidence) -> Broken:
    """Published originals are read-only, alone on their inode, and stay the same file."""
    for entry in evidence.files:
        if entry.mode != 0o444:
            yield f"{entry.shown}: mode {entry.mode:04o}"
        if entry.links != 1 and evidence.settled:
            yield f"{entry.shown}: {entry.links} hard links"
    for old, new in trees.pairs(evidence.before or [], evidence.originals):
        if new is not None and trees.published(old) and trees.identity(old) != trees.identity(new):
            yield f"{old.shown}: not the file it was"


def honest_report(evidence: Evidence) -> Broken:
    """Reports add up, name every problem, and agree with the exit status."""
    for run in evidence.runs:
        yield from _dishonest(run)


def _dishonest(run: Run) -> Broken:
    if run.status is not None and run.status not in IMPORT_STATUSES and run.status > 0:
        yield f"exit status {run.status}"
    if "Traceback (most recent call last)" in run.stderr:
        yield f"a traceback: {run.stderr.strip().splitlines()[-1]}"
    if run.report is None:
        if run.status in {0, 1}:
            yield f"exit status {run.status} without a report"
        return
    parts = {name: run.count(name) for name in ("imported", "duplicate", "skipped")}
    parts |= {name: run.count(name) for name in ("rejected", "failed")}
    if run.count("seen") != sum(parts.values()):
        yield f"seen {run.count('seen')} is not the sum of {parts}"
    yield from _unnamed(run)
    if run.status in {0, 1} and run.status != int(run.count("failed") > 0):
        yield f"exit status {run.status} with {run.count('failed')} failed"


def _unnamed(run: Run) -> Broken:
    named = Counter(problem.get("outcome") for problem in run.problems)
    for outcome in ("rejected", "failed"):
        if named[outcome] != run.count(outcome):
            yield f"{run.count(outcome)} {outcome}, {named[outcome]} named"
    for problem in run.problems:
        if not problem.get("path") or not problem.get("reason"):
            yield f"a problem without path or reason: {problem}"


def right_volume(evidence: Evidence) -> Broken:
    """Nothing lies below the mount point, and all originals lie on one device."""
    yield from (f"{entry.shown}: below the mount point" for entry in (evidence.below or [])[1:])
    if len({entry.dev for entry in evidence.originals}) > 1:
        yield "originals lie on several devices"


def convergence(evidence: Evidence) -> Broken:
    """The tree equals an undisturbed run's: originals, sidecars, thumbnails."""
    if evidence.control is None or not evidence.settled:
        return
    now = evidence.originals + evidence.thumbs
    same = trees.alike_loosely if evidence.loose else trees.alike
    yield from trees.differences(evidence.control, now, same)


def ledgers_verify(evidence: Evidence) -> Broken:
    """Ledger chains verify; settled, each original has its one archiving event."""
    events: list[dict[str, object]] = []
    for chain in evidence.chains:
        yield from chain.faults
        if chain.torn and evidence.settled:
            yield f"{chain.writer}: its last line is cut off"
        events += chain.events
    said = set(ledger.archived(events))
    if evidence.settled:
        yield from (f"{digest}: no ingestion event" for digest in evidence.digests - said)
    yield from (f"{digest}: its event, no original" for digest in said - evidence.digests)
    yield from _unbooked(evidence)


def _unbooked(evidence: Evidence) -> Broken:
    """The catalog's events are the ledgers' lines; a crash may leave lines not yet booked."""
    lines = {(chain.writer, line["seq"]) for chain in evidence.chains for line in chain.events}
    booked = set(evidence.catalog.events)
    yield from (f"event {key}: in no ledger" for key in sorted(booked - lines, key=str))
    if evidence.settled:
        yield from (f"event {key}: not in the catalog" for key in sorted(lines - booked, key=str))


def monotonic(evidence: Evidence) -> Broken:
    """No original that was there before has gone."""
    for old, new in trees.pairs(evidence.before or [], evidence.originals):
        if new is None and trees.published(old):
            yield f"{old.shown}: gone"


TABLE: dict[str, Invariant] = {
    "I1": content_address,
    "I2": nothing_lost,
    "I3": no_duplicates,
    "I4": nothing_half_written,
    "I5": catalog_equals_disk,
    "I6": sources_untouched,
    "I7": sidecars_well_formed,
    "I8": immutable,
    "I11": honest_report,
    "I12": right_volume,
    "I13": convergence,
    "I15": ledgers_verify,
    "I16": monotonic,
}


NEEDS = {
    "I2": "sources_before",
    "I6": "sources_before",
    "I11": "runs",
    "I12": "below",
    "I13": "control",
    "I16": "before",
}
"""Evidence without which an invariant cannot be decided."""


def unasked(evidence: Evidence) -> set[str]:
    """Name the invariants whose evidence was not given."""
    return {name for name, needed in NEEDS.items() if not getattr(evidence, needed)}


def broken(evidence: Evidence) -> dict[str, list[str]]:
    """Decide every invariant; those that hold have an empty list."""
    return {name: list(invariant(evidence)) for name, invariant in TABLE.items()}
