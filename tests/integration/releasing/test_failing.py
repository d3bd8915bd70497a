"""What goes wrong between the check and the deed: told of, and nothing is lost."""

import errno
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from installed import end, until
from letting_go import Folder, large
from picture_pipeline.bootstrap.releasing import Asked, Releasing
from picture_pipeline.durable.placeholder import NoHolesError
from picture_pipeline.errors import ArchiveUnavailable
from picture_pipeline.model.release import BookedFile
from picture_pipeline.workflows.announce import Page
from picture_pipeline.workflows.let_go import Hollowing, LettingGo, Remove
from picture_pipeline.workflows.released import Case, HeldLot, Rule

NAMES = ("a.jpg", "b.jpg")


@dataclass
class Quiet:
    """Progress that counts."""

    entries: int = 0
    size: int = 0

    def advance(self, entries: int, size: int) -> None:
        self.entries += entries
        self.size += size


@dataclass
class Accident:
    """A deed before which something happens."""

    deed: Hollowing | Remove
    before_preparing: Callable[[], object] = lambda: None
    before_doing: Callable[[], object] = lambda: None
    undone: list[BookedFile] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        return self.deed.outcome

    @property
    def rules(self) -> Sequence[Rule]:
        return self.deed.rules

    def prepare(self, lots: Sequence[HeldLot]) -> None:
        self.before_preparing()
        self.deed.prepare(lots)

    def do(self, page: Page, case: Case) -> None:
        self.before_doing()
        self.deed.do(page, case)

    def undo(self, page: Page, file: BookedFile) -> None:
        self.undone.append(file)
        self.deed.undo(page, file)


def act(folder: Folder, accident: Callable[[Releasing], Accident]) -> LettingGo:
    """Let go of all that may go, with an accident."""
    with folder.opened() as releasing:
        asked = Asked([b"card"], Path("/"), 0.0)
        is_card = folder.policy == "free"
        (chosen,) = releasing.plan_free(asked) if is_card else releasing.plan_reclaim(asked)
        catalog, chronicle = releasing.opened.catalog, releasing.chronicle
        going = LettingGo(
            run=catalog.start_run("test", chronicle.writer, chronicle.now()),
            chronicle=chronicle,
            copies=releasing.copies,
            deed=accident(releasing),
            progress=Quiet(),
            stopping=lambda: False,
            seconds=time.monotonic,
        )
        going.let_go(chosen.spec.path, chosen.plan.lots)
    return going


def left(going: LettingGo) -> set[tuple[str, str]]:
    return {(Path(each.path.decode()).name, each.reason) for each in going.left}


def fails(error: OSError) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (NoHolesError(errno.EOPNOTSUPP, "no holes"), "no_holes"),
        (PermissionError(errno.EPERM, "no"), "refused"),
        (OSError(errno.EROFS, "read-only"), "refused"),
        (OSError(errno.ENOSPC, "full"), "refused"),
    ],
)
def test_a_source_that_refuses_is_told_of_and_keeps_its_files(
    downloads: Folder, error: OSError, reason: str
) -> None:
    downloads.fill(*NAMES)

    going = act(downloads, lambda r: Accident(Hollowing(r.catalog), before_doing=fails(error)))

    assert left(going) == {("a.jpg", reason), ("b.jpg", reason)}
    assert downloads.whole() == set(NAMES)
    assert downloads.events() == []
    assert len(downloads.reclaim().json["items"]) == 2


def test_a_file_that_changes_after_the_check_stays(card: Folder) -> None:
    card.fill(*NAMES)
    rewrite = card.path / "a.jpg"

    going = act(card, lambda _: Accident(Remove("freed"), lambda: rewrite.write_bytes(large(9))))

    assert left(going) == {("a.jpg", "changed")}
    assert rewrite.read_bytes() == large(9)
    assert card.lies_there() == {"a.jpg"}


def test_a_file_that_changes_at_the_last_moment_stays(downloads: Folder) -> None:
    downloads.fill("a.jpg")
    rewrite = downloads.path / "a.jpg"

    going = act(
        downloads,
        lambda r: Accident(
            Hollowing(r.catalog), before_doing=lambda: rewrite.write_bytes(large(9))
        ),
    )

    assert left(going) == {("a.jpg", "changed")}
    assert rewrite.read_bytes() == large(9)


def test_a_file_whose_original_is_moved_away_after_the_check_stays(card: Folder) -> None:
    card.fill("a.jpg")
    original = card.original("a.jpg")

    going = act(
        card,
        lambda _: Accident(Remove("freed"), lambda: original.rename(original.with_suffix(".away"))),
    )

    assert left(going) == {("a.jpg", "changed")}
    assert card.lies_there() == {"a.jpg"}


def test_an_archive_that_drops_out_ends_the_run_with_nothing_gone(card: Folder) -> None:
    card.fill(*NAMES)
    marker = card.storage.archive / ".picture-pipeline" / "archive.json"

    with pytest.raises(ArchiveUnavailable):
        act(card, lambda _: Accident(Remove("freed"), marker.unlink))

    assert card.whole() == set(NAMES)


def test_sigterm_finishes_what_is_in_flight_and_the_next_run_goes_on(tmp_path: Path) -> None:
    card = Folder.make(tmp_path, "free").fill(*(f"{number}.jpg" for number in range(200)))
    process = card.storage.start("free", "card", "--yes", "--json")
    until(lambda: len(card.lies_there()) < 200 or process.poll() is not None)

    process.send_signal(signal.SIGTERM)
    said = end(process)

    assert said.status in {0, 130}
    assert len(card.lies_there()) == 200 - said.json["files"]
    assert card.free().status == 0
    assert card.lies_there() == set()
