"""docs/reference/reasons.md and the code know the same reasons."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "reasons.md"
REFUSALS, WITHOUT_THUMBNAILS, CUT_SHORT, STAYING = re.split(r"(?m)^## ", PAGE.read_text())[1:]
POSITIONS = {
    "Rejected": 0,
    "Failed": 0,
    "Unopenable": 3,
    "ZipFault": 0,
    "Problem": 2,
    "Unrenderable": 0,
    "Warned": 2,
    "Why": 0,
    "Left": 1,
}
"""Which argument of these calls is the reason."""


def documented(text: str) -> set[str]:
    return set(re.findall(r"(?m)^\| `(\w+)` \|", text))


def words(node: ast.expr) -> Iterator[str]:
    """Give the words that an expression may be; none where it is computed elsewhere."""
    match node:
        case ast.Constant(value=str(word)):
            yield word
        case ast.IfExp(body=one, orelse=other):
            yield from words(one)
            yield from words(other)
        case _:
            return


def calls(*names: str) -> Iterator[str]:
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name = node.func.id
                if name in names and len(node.args) > POSITIONS[name]:
                    yield from words(node.args[POSITIONS[name]])


def kinds() -> Iterator[str]:
    """Give the reasons of the table in sources/folder.py."""
    tree = ast.parse((ROOT / "src/picture_pipeline/sources/folder.py").read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            for value in node.values:
                if isinstance(value, ast.Tuple):
                    yield from words(value.elts[0])


def test_every_reason_why_a_file_is_not_taken_in_is_documented() -> None:
    used = {*calls("Rejected", "Failed", "Unopenable", "Problem", "ZipFault"), *kinds()}

    assert used == documented(REFUSALS)


def test_every_reason_for_missing_thumbnails_is_documented() -> None:
    assert set(calls("Unrenderable")) == documented(WITHOUT_THUMBNAILS)


def test_every_other_warning_is_documented() -> None:
    assert set(calls("Warned")) == documented(CUT_SHORT)


def test_every_reason_why_a_file_stays_in_its_source_is_documented() -> None:
    assert set(calls("Why", "Left")) == documented(STAYING)
