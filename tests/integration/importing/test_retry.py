"""What was refused is remembered, and looked at again when there is reason to."""

from dataclasses import replace
from pathlib import Path

import pytest

from installed import Storage
from picture_pipeline.bootstrap.importing import open_import
from picture_pipeline.bootstrap.naming import choose_sources
from picture_pipeline.cli.talk import Talk
from picture_pipeline.config import load_config
from picture_pipeline.metadata.recognition.recognise import RECOGNISER_VERSION
from picture_pipeline.model.report import ImportReport
from picture_pipeline.workflows.ingest import IngestOptions
from pictures import jpeg, write


def import_with(storage: Storage, source: Path, recogniser: int) -> ImportReport:
    """Import in this process, with a recogniser of another version."""
    config = load_config(storage.environ, None, source)
    options = IngestOptions("import")
    with open_import(config, options, Talk(), lambda: False) as importing:
        chosen = choose_sources([str(source).encode()], config, importing.opened.catalog, source)
        sources = [importing.source(spec, only) for spec, only in chosen]
        publisher = replace(importing.ingest.publisher, recogniser=recogniser)
        return replace(importing.ingest, publisher=publisher).run(sources)


@pytest.fixture
def refused(storage: Storage, source: Path) -> Path:
    """Give a folder with one picture and one text, both seen by an import."""
    write(source / "a.jpg", jpeg(1))
    write(source / "notes.txt", b"no picture")
    assert storage.here("import", "--json", source).json["rejected"] == 1
    return source


def test_a_refused_file_is_skipped_by_the_next_run(storage: Storage, refused: Path) -> None:
    report = import_with(storage, refused, RECOGNISER_VERSION)

    assert (report.counts.skipped, report.counts.rejected) == (2, 0)


def test_a_newer_recogniser_looks_at_refused_files_again(storage: Storage, refused: Path) -> None:
    report = import_with(storage, refused, RECOGNISER_VERSION + 1)

    assert (report.counts.skipped, report.counts.rejected) == (1, 1)


def test_what_the_newer_recogniser_refused_is_skipped_from_then_on(
    storage: Storage, refused: Path
) -> None:
    import_with(storage, refused, RECOGNISER_VERSION + 1)

    report = import_with(storage, refused, RECOGNISER_VERSION + 1)

    assert (report.counts.skipped, report.counts.rejected) == (2, 0)


def test_an_older_recogniser_does_not_look_again(storage: Storage, refused: Path) -> None:
    import_with(storage, refused, RECOGNISER_VERSION + 1)

    assert import_with(storage, refused, RECOGNISER_VERSION).counts.skipped == 2


def test_a_retry_looks_at_refused_files_again_and_not_at_archived_ones(
    storage: Storage, refused: Path
) -> None:
    report = storage.here("import", "--json", "--retry", refused).json

    assert (report["skipped"], report["rejected"]) == (1, 1)


def test_a_refused_file_that_changes_is_looked_at_again(storage: Storage, refused: Path) -> None:
    write(refused / "notes.txt", jpeg(2))

    report = storage.here("import", "--json", refused).json

    assert (report["skipped"], report["imported"]) == (1, 1)


def test_a_refusal_is_forgotten_once_the_file_is_archived(storage: Storage, refused: Path) -> None:
    write(refused / "notes.txt", jpeg(2))
    storage.here("import", refused)

    report = import_with(storage, refused, RECOGNISER_VERSION + 1)

    assert (report.counts.skipped, report.counts.rejected) == (2, 0)
