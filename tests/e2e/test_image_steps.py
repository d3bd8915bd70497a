"""The Dockerfile's own step makes an environment that works; the rest of it needs an engine."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STEP = re.compile(r"(?m)^RUN (python scripts/environment\.py \.venv requirements\.lock) &&")


def test_what_the_image_copies_is_enough_to_make_its_environment(tmp_path: Path) -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    (step,) = STEP.findall(text)
    copied = [path for line in re.findall(r"(?m)^COPY (.*)$", text) for path in line.split()[:-1]]
    (tmp_path / "app").mkdir()
    for name in copied:
        source = ROOT / name
        if source.is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, tmp_path / "app" / name, ignore=ignore)
        else:
            shutil.copy2(source, tmp_path / "app" / name)
    python = Path(getattr(sys, "_base_executable", sys.executable))
    environ = {"PATH": f"{python.parent}:/usr/bin:/bin", "HOME": str(tmp_path)}

    subprocess.run(step.split(), cwd=tmp_path / "app", env=environ, check=True)
    said = subprocess.run(
        [tmp_path / "app/.venv/bin/picture-pipeline", "--version"],
        env={"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert re.fullmatch(r"picture-pipeline \d+\.\d+\.\d+\n", said.stdout)
