"""docs/reference/configuration.md and the code know the same keys."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from picture_pipeline.config.environment import variable_of
from picture_pipeline.config.faults import all_keys
from picture_pipeline.config.load import build_config, shown
from picture_pipeline.config.place import find_place

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "configuration.md"
ROW = re.compile(r"^\| `(storage\.[^`]+)` \| (.+?) \| `([^`]+)` \| (.+) \|$", re.MULTILINE)


def rows() -> dict[str, tuple[str, str]]:
    return {key: (default, variable) for key, default, variable, _ in ROW.findall(PAGE.read_text())}


def defaults() -> dict[str, object]:
    environ = {"HOME": "/home/anna"}
    config = build_config(find_place(environ, None, Path("/")), None, environ)
    return dict(flat(shown(config), ""))


def flat(value: object, key: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for name, below in value.items():
            yield from flat(below, f"{key}.{name}".lstrip("."))
    else:
        yield key, value


def written(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f"`{text.replace('/home/anna', '~')}`"


def test_every_key_is_documented_and_every_documented_key_exists() -> None:
    assert list(rows()) == list(defaults())


def test_every_variable_is_documented_as_it_is() -> None:
    for key, (_, variable) in rows().items():
        assert variable == variable_of(tuple(key.split(".")))


def test_every_default_is_documented_as_it_is() -> None:
    documented = {key: default for key, (default, _) in rows().items()}
    documented.pop("storage.import.workers")  # depends on the computer

    assert documented == {key: written(defaults()[key]) for key in documented}


def test_every_key_of_a_source_is_documented() -> None:
    page = PAGE.read_text()

    for key in all_keys():
        if key[:2] == ("storage", "sources") and len(key) == 3:
            assert f"| `{key[-1]}` |" in page
