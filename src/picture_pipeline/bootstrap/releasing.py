"""Everything that letting go of sources' files needs, opened and closed in order."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

from picture_pipeline.bootstrap.archive import Opened, open_archive, utc_now
from picture_pipeline.bootstrap.arriving import open_source, recognise_source
from picture_pipeline.bootstrap.importing import make_publisher, recover
from picture_pipeline.bootstrap.naming import (
    absolute_path,
    choose_sources,
    named_sources,
    own_folders,
    refuse_own,
)
from picture_pipeline.catalog.local import LocalBooks
from picture_pipeline.catalog.releases import SqlReleases
from picture_pipeline.config import Config
from picture_pipeline.errors import UsageError
from picture_pipeline.ledger.chain import Ledger
from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    NotYet,
    SourceSpec,
    Unopenable,
    Within,
    printable,
)
from picture_pipeline.model.release import (
    BookedFolder,
    Hollow,
    Left,
    Released,
    ReleasePlan,
    ReleaseReport,
)
from picture_pipeline.model.run import Counts, RunId
from picture_pipeline.model.times import format_utc
from picture_pipeline.originals.copies import FreshCopies
from picture_pipeline.originals.incoming import Incoming
from picture_pipeline.ports import Progress, Source
from picture_pipeline.renditions.tree import RenditionTree
from picture_pipeline.workflows.announce import Chronicle
from picture_pipeline.workflows.choose import SMALLEST, Choice, choose
from picture_pipeline.workflows.judging import Lies
from picture_pipeline.workflows.let_go import Deed, Hollowing, LettingGo, Remove
from picture_pipeline.workflows.policies import Policy, policy_of
from picture_pipeline.workflows.recover import Recovered
from picture_pipeline.workflows.restore import (
    NO_PLACEHOLDER,
    Restoring,
    clear_temps,
    foretell,
    settle,
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A source, its policy, and the plan for it."""

    spec: SourceSpec
    policy: Policy
    plan: ReleasePlan


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person asked for."""

    names: Sequence[bytes]
    cwd: Path
    older_than_days: float | None = None
    dry_run: bool = False


@dataclass(slots=True)
class Releasing:
    """Open rooms, and the verbs: plan, let go, restore."""

    config: Config
    opened: Opened
    recovered: Recovered
    catalog: SqlReleases
    copies: FreshCopies
    chronicle: Chronicle
    _done: list[Released] = field(default_factory=list)
    _left: list[Left] = field(default_factory=list)
    foretold: list[Left] = field(default_factory=list)
    """What a dry run of ``hollows`` would not bring back."""

    def plan_free(self, asked: Asked) -> list[Chosen]:
        """Plan for one card or folder; raises UsageError when its policy is another one."""
        found = choose_sources(asked.names, self.config, self.opened.catalog, asked.cwd)
        for spec, only in found:
            if only is not None:
                raise UsageError(
                    f"{printable(spec.path)}: free takes a whole source, by its NAME or PATH"
                )
        return [self._plan(spec, "free", Choice()) for spec, _ in found]

    def plan_reclaim(self, asked: Asked) -> list[Chosen]:
        """Plan for the named sources, or for all whose policy is ``reclaim``."""
        if asked.names:
            found = choose_sources(asked.names, self.config, self.opened.catalog, asked.cwd)
            specs = [spec for spec, _ in found]
        else:
            known = named_sources(self.config, self.opened.catalog)
            specs = [spec for spec in known if spec.policy == "reclaim"]
        days = asked.older_than_days
        if days is None:
            days = self.config.storage.reclaim.after_days
        before = datetime.now(UTC) - timedelta(days=days)
        choice = Choice(format_utc(before.replace(microsecond=0)), SMALLEST)
        if not asked.dry_run:
            for spec in specs:
                # The plan names what was changed: it was archived, and is something else now.
                self._settle(list(self.catalog.hollows(spec.name)), NO_PLACEHOLDER)
        return [self._plan(spec, "reclaim", choice) for spec in specs]

    def _plan(self, spec: SourceSpec, command: str, choice: Choice) -> Chosen:
        own = own_folders(self.config)
        refuse_own(spec, own)
        spec = replace(spec, kind=recognise_source(spec).kind.name)
        policy = policy_of(spec, command)
        present = (folder.stat() for folder in own if folder.is_dir())
        forbidden = frozenset((s.st_dev, s.st_ino) for s in present)
        source = open_source(spec, None, forbidden, self.config)
        plan = choose(
            spec.path,
            source.listings(),
            lambda folder: self._booked(spec, folder),
            choice,
            lambda folder, entry: _why_ignored(source, folder, entry),
        )
        return Chosen(spec, policy, plan)

    def _booked(self, spec: SourceSpec, folder: bytes) -> BookedFolder:
        return self.catalog.booked(spec.name, spec.path, [folder]).get(folder, {})

    def _settle(self, hollows: Sequence[Hollow], forgotten: frozenset[Lies]) -> None:
        for root in sorted({hollow.place.root for hollow in hollows}):
            below = [hollow for hollow in hollows if hollow.place.root == root]
            clear_temps(root, (hollow.place.folder for hollow in below))
            settle(self.catalog, root, below, utc_now, forgotten=forgotten)

    def let_go(
        self, chosen: Sequence[Chosen], progress: Progress, stopping: Callable[[], bool]
    ) -> ReleaseReport:
        """Carry the plans out; raises ArchiveUnavailable, CatalogUnavailable, IntegrityError."""

        def work(run: RunId) -> None:
            for one in chosen:
                going = LettingGo(
                    run=run,
                    chronicle=self.chronicle,
                    copies=self.copies,
                    deed=self._deed(one.policy),
                    progress=progress,
                    stopping=stopping,
                    seconds=time.monotonic,
                    done=self._done,
                    left=self._left,
                )
                self._left += one.plan.left
                if not going.archive_is_damaged():
                    going.let_go(one.spec.path, one.plan.lots)

        return self._run(chosen[0].policy.command if chosen else "free", work, stopping)

    def _deed(self, policy: Policy) -> Deed:
        return Hollowing(self.catalog) if policy.command == "reclaim" else Remove(policy.outcome)

    def hollows(self, asked: Asked) -> list[Hollow]:
        """Give the placeholders that are meant: of sources by name, of or below paths; or all.

        In a dry run those that would not come back are left out, and told of in
        ``foretold``. Raises UsageError for an argument that means none.
        """
        if asked.dry_run:
            return self._foretell(self._meant(asked))
        self._settle(list(self.catalog.hollows()), frozenset({Lies.WHOLE}))
        return self._meant(asked)

    def _foretell(self, hollows: Sequence[Hollow]) -> list[Hollow]:
        known: list[Hollow] = []
        for root in sorted({hollow.place.root for hollow in hollows}):
            for hollow, why in foretell(root, (h for h in hollows if h.place.root == root)):
                if why is None:
                    known.append(hollow)
                else:
                    self.foretold.append(Left(hollow.place.path, why.reason, why.detail))
        return known

    def _meant(self, asked: Asked) -> list[Hollow]:
        known = [hollow for hollow in self.catalog.hollows() if hollow.finished]
        if not asked.names:
            return known
        chosen: dict[Hollow, None] = {}
        for name in asked.names:
            meant = [hollow for hollow in known if _is_meant(hollow, name, asked.cwd)]
            if not meant:
                raise UsageError(
                    f"{printable(name)}: no placeholder of picture-pipeline lies there; give the "
                    "NAME of a source, or the PATH of a file or folder in it"
                )
            chosen.update(dict.fromkeys(meant))
        return list(chosen)

    def restore(
        self, hollows: Sequence[Hollow], progress: Progress, stopping: Callable[[], bool]
    ) -> ReleaseReport:
        """Bring bytes back; raises ArchiveUnavailable, CatalogUnavailable, IntegrityError."""

        def work(run: RunId) -> None:
            restoring = Restoring(
                run,
                self.chronicle,
                self.copies,
                progress,
                stopping,
                self._done,
                self._left,
            )
            for root in sorted({hollow.place.root for hollow in hollows}):
                restoring.restore(root, (h for h in hollows if h.place.root == root))

        return self._run("restore", work, stopping)

    def _run(
        self, command: str, work: Callable[[RunId], None], stopping: Callable[[], bool]
    ) -> ReleaseReport:
        catalog, chronicle = self.opened.catalog, self.chronicle
        began = time.monotonic()
        run = catalog.start_run(command, chronicle.writer, chronicle.now())
        status = "failed"
        try:
            work(run)
            status = "interrupted" if stopping() else "finished"
        finally:
            catalog.finish_run(run, status, Counts(), chronicle.now())
        return ReleaseReport(
            run=run,
            done=tuple(self._done),
            left=tuple(self._left),
            seconds=time.monotonic() - began,
            interrupted=status == "interrupted",
        )


@contextmanager
def open_releasing(config: Config) -> Iterator[Releasing]:
    """Open all rooms and recover from a crash.

    Raises ArchiveUnavailable, CatalogUnavailable, LocalDiskUnavailable.
    """
    with ExitStack() as stack:
        opened = stack.enter_context(open_archive(config))
        incoming = Incoming(opened.archive)
        stack.callback(incoming.close)
        books = LocalBooks.open(opened.local.path / "local.db")
        stack.callback(books.close)
        tree = RenditionTree(opened.local.path / "thumbs", config.storage.local.renditions)
        stack.callback(tree.close)
        publisher = make_publisher(opened, incoming, tree, books)
        recovered = recover(opened, publisher, incoming, tree)
        stack.enter_context(opened.local.alive(publisher.staging))
        incoming.begin(publisher.staging)
        stack.callback(incoming.end, publisher.staging)
        catalog = SqlReleases(opened.catalog.engine)
        copies = FreshCopies(opened.archive)
        chronicle = Chronicle(
            catalog=catalog,
            copies=copies,
            incoming=incoming,
            ledger=Ledger(opened.archive.fd, str(opened.archive.root)),
            writer=publisher.writer,
            staging=publisher.staging,
            now=utc_now,
            new_batch_id=lambda: token_hex(8),
        )
        yield Releasing(config, opened, recovered, catalog, copies, chronicle)


def _why_ignored(source: Source, folder: bytes, entry: Entry) -> tuple[str, str] | None:
    match source.classify(folder, entry):
        case Unopenable(reason=reason, detail=detail):
            return reason, detail
        case NotYet(detail=detail):
            return "waiting", detail
        case Candidate(within=Within()):
            return "not_a_file", "it lies within another file"
        case _:
            return None


def _is_meant(hollow: Hollow, name: bytes, cwd: Path) -> bool:
    if hollow.source.encode("utf-8", "surrogateescape") == name:
        return True
    path = absolute_path(name, cwd)
    return hollow.place.path == path or hollow.place.path.startswith(path + b"/")
