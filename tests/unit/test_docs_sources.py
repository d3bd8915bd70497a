"""docs/guides/sources.md has a section for each kind; the configuration knows the same kinds."""

import re
from pathlib import Path
from typing import get_args

import pytest

from picture_pipeline.config.arrivals import Kind
from picture_pipeline.sources.ignored import GENERAL
from picture_pipeline.sources.kinds import AUTO, KINDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "sources.md"
REFERENCE = PAGE.parents[1] / "reference" / "configuration.md"


def spelled() -> list[str]:
    """Give the patterns that the page says are left out in every source."""
    table = PAGE.read_text().partition("## What is left out")[2].partition("\n## ")[0]
    cells = re.findall(r"(?m)^\| (?:litter|unfinished|other programs')[^|]*\| (.*) \|$", table)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def test_every_kind_has_a_section() -> None:
    assert set(re.findall(r"(?m)^## `(\w+)`$", PAGE.read_text())) == KINDS.keys()


def test_the_configuration_takes_every_kind() -> None:
    assert set(get_args(Kind)) == {AUTO, *KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_names_it(kind: str) -> None:
    assert f"`{kind}`" in REFERENCE.read_text()


def test_the_page_spells_patterns() -> None:
    assert len(spelled()) > 50


@pytest.mark.parametrize("pattern", spelled())
def test_what_the_page_says_is_left_out_is(pattern: str) -> None:
    name = re.sub("XXXXXX", "a1B2c3", pattern).replace("*", "x").encode()

    as_folder, as_file = (GENERAL.why_not(b"/nas", *place) for place in ((name, b"x"), (b"", name)))

    assert as_folder or as_file
