"""Make the virtual environment that ``run.sh`` starts picture-pipeline from.

``python scripts/environment.py VENV LOCK`` makes the folder VENV in the
checkout from the lock file LOCK, and does nothing when it is already made.
Standard library only: it runs before anything is installed.

What can go wrong, and what is done about it:

- Two first calls at once: the second waits for the first (``flock`` on
  ``.venv-lock/held``, which the kernel lets go when its holders have died).
- A kill half-way: everything happens in ``VENV-new``, which is renamed to VENV
  when it is complete, its stamp inside. Leftovers are swept at the next start.
- A changed lock file, a moved checkout, a new edition of these scripts: the stamp
  is the output of ``sha256sum`` over the lock file and the scripts, absolute
  paths included, and ``run.sh`` compares it at each start.
- A registry that serves something else: ``installer.py`` checks every hash.

The package itself is not "installed": that would need a build backend and leave
a copy behind. A ``.pth`` file makes ``src`` importable, and a script of three
lines is the command.

Exit statuses: 0 made, 2 Python's venv module is broken, 3 a package could not
be had or a file not be written, 130 interrupted.
"""
# ruff: noqa: INP001 - a script, not a package

import fcntl
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installer import Installation, Progress, SetUpError, fill, say, sweep

# An environment made from the key holds everything that the values name.
COVERS = {
    "requirements.lock": ("requirements.lock",),
    "requirements-test.lock": ("requirements.lock", "requirements-test.lock"),
    "requirements-bench.lock": ("requirements.lock", "requirements-bench.lock"),
}
SCRIPTS = ("scripts/environment.py", "scripts/installer.py")
# Worker processes import the main module again, under another name: hence the condition.
COMMAND = """\
import sys
if __name__ == "__main__":
    from picture_pipeline.__main__ import main
    sys.exit(main())
"""
LARGEST_SCRIPT = 100_000  # bytes; what is larger in bin/ is a program and knows no path
LONGEST_SHEBANG = 120  # bytes; older kernels cut at 127


@dataclass(frozen=True, slots=True)
class Plan:
    """One environment to be made: where, from which lock file, asked for with which Python."""

    root: Path
    venv: Path
    lock: str
    asked: str

    @property
    def new(self) -> Path:
        """Where it grows until it is complete."""
        return self.venv.with_name(self.venv.name + "-new")

    @property
    def old(self) -> Path:
        """Where its predecessor goes for the moment of the change."""
        return self.venv.with_name(self.venv.name + "-old")


def fingerprint(plan: Plan, lock: str) -> str:
    """Tell one state of the checkout from another, in the very words of run.sh."""
    told = subprocess.run(  # noqa: S603 - fixed words and our own paths
        ["sha256sum", *(plan.root / name for name in (lock, *SCRIPTS))],  # noqa: S607 - as run.sh
        check=True,
        capture_output=True,
        text=True,
    )
    return told.stdout


def is_ready(plan: Plan) -> bool:
    """Tell whether the environment is there, complete, and from this lock file."""
    try:
        made_with = (plan.venv / "made-with").read_text().rstrip("\n")
        made_from = (plan.venv / f"made-from-{plan.lock}").read_text()
    except FileNotFoundError:
        return False
    python_fits = (plan.venv / "bin" / "python").exists() and plan.asked in {"", made_with}
    return python_fits and made_from == fingerprint(plan, plan.lock)


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Hold the set-up lock. Children inherit it, so it outlives a killed parent's pip."""
    folder = root / ".venv-lock"
    folder.mkdir(exist_ok=True)
    held = os.open(folder / "held", os.O_RDWR | os.O_CREAT, 0o666)
    try:
        os.set_inheritable(held, True)  # noqa: FBT003 - the signature of os
        wait_for(held)
        yield
    finally:
        os.close(held)


def wait_for(held: int) -> None:
    """Take the lock; say so when that means waiting."""
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Waiting for another start of picture-pipeline that is setting up ...\n")
        fcntl.flock(held, fcntl.LOCK_EX)


def make(plan: Plan, environ: Mapping[str, str]) -> None:
    """Make the environment beside its place, then put it there in one step."""
    why = "anew after a change" if plan.venv.exists() else "first start only"
    what = Installation(plan.root, plan.new, plan.lock)
    progress = Progress(why, what.packages())
    fill(what, progress, environ)
    add_command(plan)
    relocate(plan)
    compile_modules(plan)
    write_stamps(plan)
    put_in_place(plan)
    progress.end()


def add_command(plan: Plan) -> None:
    """Make ``src`` importable and ``bin/picture-pipeline`` a command."""
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(plan.new)}))
    source = os.path.relpath(plan.root / "src", site)  # all environments lie in the checkout
    (site / "picture_pipeline.pth").write_text(f"{source}\n")
    command = plan.new / "bin" / "picture-pipeline"
    command.write_text(shebang(plan.venv / "bin" / "python") + COMMAND)
    command.chmod(0o755)


def shebang(python: Path) -> str:
    """Begin a script that runs by this Python, also from a path that a kernel cannot split."""
    if len(os.fsencode(python)) < LONGEST_SHEBANG and not re.search(r"\s", str(python)):
        return f"#!{python}\n"
    return f"#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n"


def relocate(plan: Plan) -> None:
    """Let the scripts in ``bin`` name the place where they will stand."""
    here, there = os.fsencode(plan.new), os.fsencode(plan.venv)
    for script in (*(plan.new / "bin").iterdir(), plan.new / "pyvenv.cfg"):
        if script.is_symlink() or script.stat().st_size > LARGEST_SCRIPT:
            continue
        text = script.read_bytes()
        if here in text:
            script.write_bytes(text.replace(here, there))


def compile_modules(plan: Plan) -> None:
    """Compile once, on all cores, for the final place: the first start is then a quick one."""
    python = str(plan.new / "bin" / "python")
    quietly = (python, "-m", "compileall", "-q", "-j", "0")
    moved = ("-s", str(plan.new), "-p", str(plan.venv), str(plan.new / "lib"))
    for where in (moved, (str(plan.root / "src"),)):
        # Its verdict does not matter: some packages carry templates that are no Python.
        subprocess.run([*quietly, *where], check=False, capture_output=True)  # noqa: S603 - ours


def write_stamps(plan: Plan) -> None:
    """Say what the environment was made from; from now on it is trusted."""
    (plan.new / "made-with").write_text(f"{plan.asked}\n")
    for lock in COVERS[plan.lock]:
        (plan.new / f"made-from-{lock}").write_text(fingerprint(plan, lock))


def put_in_place(plan: Plan) -> None:
    """Let the new environment take the old one's place."""
    sweep(plan.old)
    if plan.venv.is_symlink() or plan.venv.exists():
        plan.venv.rename(plan.old)
    plan.new.rename(plan.venv)
    sweep(plan.old)


def main(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Make one environment unless it is there; give the exit status."""
    root = Path(__file__).resolve().parents[1]
    folder, lock = arguments
    plan = Plan(root, root / folder, lock, environ.get("PICTURE_PIPELINE_PYTHON", ""))
    os.umask(0o022)  # root's 077 would keep everybody else out of the environment
    try:
        with alone(root):
            if not is_ready(plan):
                make(plan, environ)
    except SetUpError as error:
        say(f"\nrun.sh: {error}\n")
        return error.exit_status
    except OSError as error:
        say(f"\nrun.sh: cannot set up in {root}: {error}\n")
        return 3
    except KeyboardInterrupt:
        say("\nrun.sh: interrupted; the next start sets up again\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
