"""What keys of storage.yaml are made of: sections, whole paths, numbers."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationInfo

from picture_pipeline.config.place import expand_home


def _absolute(text: object, info: ValidationInfo) -> object:
    if not isinstance(text, str):
        return text
    context: Mapping[str, str] = info.context or {}
    expanded = expand_home(text, context)
    if not expanded.startswith("/"):
        message = "must be a whole path, beginning with / or ~/"
        raise ValueError(message)
    return expanded


def _short(number: float) -> float:
    return int(number) if number.is_integer() else number


AbsolutePath = Annotated[Path, BeforeValidator(_absolute)]
Number = Annotated[
    float, Field(allow_inf_nan=False), PlainSerializer(_short, return_type=int | float)
]


class Section(BaseModel):
    """Keys that belong together; unknown ones are refused."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, coerce_numbers_to_str=True, validate_default=True
    )
