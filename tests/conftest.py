"""What all tests share: the corpus of real camera files, and outside programs."""

import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How fast this machine is just now says nothing about the product.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of 393 real camera files with its ``manifest.csv``."""
    default = Path(__file__).resolve().parents[2] / "shared" / "corpus"
    folder = Path(os.environ.get("PICTURE_PIPELINE_CORPUS", default))
    if not (folder / "manifest.csv").is_file():
        pytest.skip(f"no corpus of real camera files at {folder} (set PICTURE_PIPELINE_CORPUS)")
    return folder


@pytest.fixture(scope="session")
def program() -> Callable[[str], str]:
    """Find an outside program, or skip; where CI promises them all, the skip is a failure."""

    def find(name: str) -> str:
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"{name} is not installed")
        return found

    return find


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
    call: pytest.CallInfo[None],  # noqa: ARG001 - pytest's signature
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let no test skip for want of its program where programs are promised."""
    report = yield
    promised = os.environ.get("PICTURE_PIPELINE_REQUIRE_PROGRAMS")
    marked = item.get_closest_marker("program") or item.get_closest_marker("postgres")
    if promised and marked and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: may not be skipped where its program is promised"
    return report
