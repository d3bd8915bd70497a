"""Makes the values that tests share importable."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
