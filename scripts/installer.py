"""Fill an empty virtual environment with what a lock file names, by uv or by pip.

Every package is checked against its hash. Nothing is built but pyvips, which its
registry holds as source only; the build is plain Python, with the setuptools that
requirements-build.lock pins. Standard library only; ``environment.py`` calls it.
"""
# ruff: noqa: INP001 - a script, not a package

import os
import re
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BUILD_LOCK = "requirements-build.lock"
WHEELS = ("--only-binary", ":all:")
# pyvips comes as source only. Without the module pkgconfig its build cannot find a system libvips
# to compile against, and stays plain Python over the libvips that pyvips-binary brings.
WHEELS_BUT_PYVIPS = ("--no-build-isolation", *WHEELS, "--no-binary", "pyvips")
# How the lines of pip or uv begin that tell of one package had, and of all packages had.
ONE_IS_HERE = ("Collecting ", " Downloaded ")
ALL_ARE_HERE = ("Installing collected packages", "Prepared ")
# Settings of pip and uv that would send the packages elsewhere than into the environment.
ELSEWHERE = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "UV_TARGET"}


class SetUpError(Exception):
    """The environment cannot be made; the message says why and what to do."""

    def __init__(self, message: str, exit_status: int) -> None:
        super().__init__(message)
        self.exit_status = exit_status


def say(words: str) -> None:
    """Talk to the person: on stderr, at once."""
    sys.stderr.write(words)
    sys.stderr.flush()


class Progress:
    """One line on stderr that grows by a word at a time, on a terminal or not."""

    def __init__(self, why: str, packages: int) -> None:
        self._why = why
        self._packages = packages
        self._here = 0
        self._began = time.monotonic()

    def begin(self, installer: str) -> None:
        """Say what happens now, and why."""
        self._here = 0
        say(f"Setting up picture-pipeline ({self._why}): {self._packages} packages by {installer}")

    def hear(self, line: str) -> None:
        """Listen to one line of the installer's talk."""
        if line.startswith(ALL_ARE_HERE):
            say(", installing")
        if line.startswith(ONE_IS_HERE):
            self._here += 1
            if self._here * 4 // self._packages > (self._here - 1) * 4 // self._packages:
                say(f" {self._here * 4 // self._packages * 25}%")

    def end(self) -> None:
        """Say how long it took."""
        say(f", done in {time.monotonic() - self._began:.0f} s\n")


@dataclass(frozen=True, slots=True)
class Installation:
    """What goes where: the lock files lie in ``root``, the environment grows in ``folder``."""

    root: Path
    folder: Path
    lock: str

    @property
    def python(self) -> str:
        """Return the environment's own Python."""
        return str(self.folder / "bin" / "python")

    @property
    def log(self) -> Path:
        """What uv or pip said."""
        return self.folder / "set-up.log"

    def packages(self) -> int:
        """Count what the lock file names; one may stand there twice, for two Pythons."""
        return len(set(re.findall(r"(?m)^[\w.-]+", (self.root / self.lock).read_text())))


def fill(what: Installation, progress: Progress, environ: Mapping[str, str]) -> None:
    """Make the environment and fill it: with uv where there is one, else with pip.

    pip also follows where uv fails: uv reads none of pip's settings (mirrors,
    certificates), so behind a company's proxy often only pip gets through.
    """
    uv = shutil.which("uv", path=environ.get("PATH"))
    if uv:
        progress.begin("uv")
        try:
            fill_with(uv, what, progress, environ)
        except SetUpError:
            say(": failed\n")
        else:
            return
    progress.begin("pip")
    fill_with(None, what, progress, environ)


def fill_with(
    uv: str | None, what: Installation, progress: Progress, environ: Mapping[str, str]
) -> None:
    """Begin anew; bring in the build tool first, then all that the lock file names."""
    sweep(what.folder)
    create(what.folder, with_pip=uv is None)
    words = installer(uv, what.python)
    home = what.folder / "home"
    at_home = calm(environ, home)
    run(what, (*words, *WHEELS, "-r", str(what.root / BUILD_LOCK)), at_home)
    run(what, (*words, *WHEELS_BUT_PYVIPS, "-r", str(what.root / what.lock)), at_home, progress)
    sweep(home)


def sweep(folder: Path) -> None:
    """Remove a folder, or the link that stands in its place, if it is there."""
    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def create(folder: Path, *, with_pip: bool) -> None:
    """Make an empty environment. Links, so that the system's security updates reach it."""
    try:
        venv.create(folder, symlinks=True, with_pip=with_pip, prompt="picture-pipeline")
    except subprocess.CalledProcessError as error:
        hint = "install it (Debian, Ubuntu: apt install python3-venv)"
        raise SetUpError(f"the venv module of {sys.executable} does not work: {hint}", 2) from error


def installer(uv: str | None, python: str) -> tuple[str, ...]:
    """Give the words that begin a call of uv or pip."""
    checked = ("--no-deps", "--require-hashes")
    if uv:
        return (uv, "pip", "install", "--python", python, *checked)
    return (python, "-m", "pip", "install", "--no-input", "--no-compile", *checked)


def calm(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """Give the installer a home, and none of the settings that send packages elsewhere."""
    kept = {key: value for key, value in environ.items() if key not in ELSEWHERE}
    if not os.access(environ.get("HOME") or "/nonexistent", os.W_OK):
        home.mkdir(exist_ok=True)
        kept["HOME"] = str(home)
    return kept | {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def run(
    what: Installation,
    command: Sequence[str],
    environ: Mapping[str, str],
    progress: Progress | None = None,
) -> None:
    """Run the installer to its end, keep what it says, and pass on how far it is."""
    talk = start(command, environ)
    with what.log.open("a", encoding="utf-8") as log:
        for line in talk.stdout or ():
            log.write(line)
            if progress:
                progress.hear(line)
    if talk.wait():
        raise SetUpError(complaint(what), 3)


def start(command: Sequence[str], environ: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start the installer with both its voices in one pipe."""
    return subprocess.Popen(  # noqa: S603 - fixed words and our own paths
        command,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        close_fds=False,  # the set-up lock goes with it
        text=True,
        errors="replace",
    )


def complaint(what: Installation) -> str:
    """Say in one line what the installer choked on."""
    lines = what.log.read_text(encoding="utf-8").splitlines()
    faults = [line for line in lines if line.lower().startswith("error")] or lines[-1:]
    fault = faults[0] if faults else "no word from the installer"
    return f"no packages (is the network there?): {fault} (all of it: {what.log})"
