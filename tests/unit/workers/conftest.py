"""Lets worker processes import the jobs of these tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent))
