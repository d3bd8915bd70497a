"""The glossary and the guide to the views know every role and every kind of asset."""

import re
from pathlib import Path

from picture_pipeline.model.asset import AssetKind, Role

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_every_role_stands_in_the_glossary() -> None:
    _, _, page = (DOCS / "glossary.md").read_text().partition("### Roles")
    told = re.findall(r"(?m)^\| (`[^|]+`) \|", page)
    assert {word for cell in told for word in re.findall(r"`(\w+)`", cell)} == set(Role)


def test_every_kind_of_asset_stands_in_the_guide() -> None:
    _, _, page = (DOCS / "guides" / "catalog-sql.md").read_text().partition("### v_assets")
    row = re.search(r"(?m)^\| `kind` \| (.*) \|$", page)
    assert row is not None
    assert set(re.findall(r"`(\w+)`", row[1])) == set(AssetKind)
