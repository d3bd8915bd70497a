"""storage.yaml and environment to a frozen Config; pydantic and PyYAML live only here."""

from picture_pipeline.config.load import Config, load_config, shown
from picture_pipeline.config.masks import mask_text
from picture_pipeline.config.revise import Revision, revise

__all__ = ["Config", "Revision", "load_config", "mask_text", "revise", "shown"]
