"""What one row of the table of fields is."""

from dataclasses import dataclass, field

from picture_pipeline.metadata.origins import Origin
from picture_pipeline.metadata.properties import Property


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``name`` is the attribute of Metadata, with dots into its parts."""

    name: str
    origins: tuple[Origin, ...]
    properties: tuple[Property, ...] = ()
    joined: bool = field(default=False, kw_only=True)
    """Origins add to each other; else the first that says something wins."""
    group: str = field(init=False)
    attribute: str = field(init=False)
    first_keys: frozenset[str] = field(init=False)
    """Without one of them a file says nothing of the field."""

    def __post_init__(self) -> None:
        """Take the name apart, and collect the keys that must be there."""
        group, _, attribute = self.name.rpartition(".")
        object.__setattr__(self, "group", group)
        object.__setattr__(self, "attribute", attribute)
        firsts = frozenset(origin.keys[0] for origin in self.origins)
        object.__setattr__(self, "first_keys", firsts)
