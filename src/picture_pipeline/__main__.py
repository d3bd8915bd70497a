"""``python -m picture_pipeline`` and the installed command ``picture-pipeline``."""

import sys

from picture_pipeline.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
