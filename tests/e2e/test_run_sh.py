"""``run.sh`` when all is made: what it hands over, what it no longer trusts, what it refuses.

Its checkout has a ``.venv`` of a few lines of shell, and its PATH only what run.sh may need.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REAL_PYTHON = getattr(sys, "_base_executable", sys.executable)
STAMPED = ("scripts/environment.py", "scripts/installer.py")

Finished = subprocess.CompletedProcess[str]


def call(checkout: Path, environ: Mapping[str, str], *arguments: str, cwd: Path = ROOT) -> Finished:
    command = [str(checkout / "run.sh"), *arguments]
    return subprocess.run(
        command, env=environ, cwd=cwd, capture_output=True, text=True, check=False
    )


def link_tools(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).symlink_to(shutil.which(name) or f"no {name} here")


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """Make a PATH that holds what run.sh may need, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    link_tools(folder, "sha256sum", "readlink")
    return folder


@pytest.fixture
def bare(bare_path: Path, tmp_path: Path) -> dict[str, str]:
    """Give an environment of three variables."""
    absent = str(tmp_path / "no NixOS")
    return {"PATH": str(bare_path), "PICTURE_PIPELINE_NIXOS_MARKER": absent}


def write_script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def stamp(checkout: Path, lock: str) -> None:
    files = [checkout / name for name in (lock, *STAMPED)]
    told = subprocess.run(["sha256sum", *files], check=True, capture_output=True, text=True)
    (checkout / ".venv" / f"made-from-{lock}").write_text(told.stdout)


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """Make a checkout whose .venv is ready; its commands tell how they were called, then end 7."""
    checkout = tmp_path / "check out"
    for name in ("run.sh", "shell.nix", "requirements.lock", "requirements-test.lock", *STAMPED):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_bytes((ROOT / name).read_bytes())
    (checkout / "run.sh").chmod(0o755)
    for name in ("picture-pipeline", "python"):
        write_script(
            checkout / ".venv" / "bin" / name,
            f"""[ "$1" = umask ] && exec /bin/sh -c umask
printf "<%s>" {name} "$@"; echo " in ${{PWD##*/}}"; exit 7""",
        )
    (checkout / ".venv" / "made-with").write_text("\n")
    stamp(checkout, "requirements.lock")
    stamp(checkout, "requirements-test.lock")
    return checkout


def disguise(folder: Path, name: str, line: str) -> Path:
    """Make a Python that runs a line before all else: older than it is, or without a module."""
    site = folder / f"{name} site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(f"import sys\n{line}\n")
    return write_script(folder / "bin" / name, f'PYTHONPATH="{site}" exec "{REAL_PYTHON}" -B "$@"')


def test_arguments_and_exit_status_pass_through(ready: Path, bare: Mapping[str, str]) -> None:
    done = call(ready, bare, "import", "a b", "", "*", "-x", "--", "ü\n$HOME")

    assert done.stdout.startswith("<picture-pipeline><import><a b><><*><-x><--><ü\n$HOME>")
    assert (done.returncode, done.stderr) == (7, "")


def test_the_command_starts_in_the_folder_of_its_caller(
    ready: Path, bare: Mapping[str, str], tmp_path: Path
) -> None:
    here = tmp_path / "elsewhere"
    here.mkdir()

    assert call(ready, bare, "list", cwd=here).stdout.endswith(" in elsewhere\n")


def test_run_sh_has_no_umask_of_its_own(ready: Path, bare: Mapping[str, str]) -> None:
    words = ("/bin/sh", "-c", 'umask 027; exec "$0" umask', ready / "run.sh")

    done = subprocess.run(words, env=bare, capture_output=True, text=True, check=False)

    assert done.stdout == "0027\n"


def test_run_sh_may_be_called_through_a_link(
    ready: Path, bare: Mapping[str, str], tmp_path: Path
) -> None:
    link = tmp_path / "pp"
    link.symlink_to(ready / "run.sh")

    done = subprocess.run([link, "list"], env=bare, capture_output=True, text=True, check=False)

    assert done.stdout.startswith("<picture-pipeline><list>")


def test_test_runs_all_tests_with_coverage(ready: Path, bare: Mapping[str, str]) -> None:
    words = "<python><-m><pytest><--cov><--numprocesses><auto><--dist><loadfile>"

    assert call(ready, bare, "test").stdout.startswith(f"{words} in check out")


def test_test_hands_its_arguments_to_pytest(ready: Path, bare: Mapping[str, str]) -> None:
    done = call(ready, bare, "test", "-k", "a b")

    assert done.stdout.startswith("<python><-m><pytest><-k><a b> in check out")
    assert done.returncode == 7


@pytest.mark.parametrize("changed", ["requirements.lock", *STAMPED])
def test_a_changed_file_makes_the_environment_stale(
    ready: Path, bare: Mapping[str, str], changed: str
) -> None:
    with (ready / changed).open("a") as file:
        file.write("# changed\n")

    assert call(ready, bare, "list").returncode == 2  # it wants to set up, and finds no Python


def test_a_moved_checkout_makes_the_environment_stale(ready: Path, bare: Mapping[str, str]) -> None:
    moved = ready.rename(ready.with_name("moved"))

    assert call(moved, bare, "list").returncode == 2


def test_a_vanished_python_makes_the_environment_stale(
    ready: Path, bare: Mapping[str, str]
) -> None:
    python = ready / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")

    assert call(ready, bare, "list").returncode == 2


def test_an_environment_without_its_stamp_is_not_trusted(
    ready: Path, bare: Mapping[str, str]
) -> None:
    (ready / ".venv" / "made-from-requirements.lock").unlink()

    assert call(ready, bare, "list").returncode == 2


def refusal(ready: Path, environ: Mapping[str, str]) -> str:
    """Give the one line that run.sh says when it cannot set up; see that it ends with 2."""
    (ready / ".venv").rename(ready / ".venv-away")
    done = call(ready, environ, "list")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    return done.stderr


def test_no_python_at_all_is_said_in_one_line(ready: Path, bare: Mapping[str, str]) -> None:
    said = refusal(ready, bare)

    assert "Python 3.11 or newer is needed, found none" in said
    assert "apt install python3 python3-venv" in said


def test_a_python_that_is_too_old_is_said_in_one_line(
    ready: Path, bare: Mapping[str, str], tmp_path: Path
) -> None:
    disguise(tmp_path, "python3", "sys.version_info = (3, 9, 2)")

    assert "Python 3.11 or newer is needed, found 3.9" in refusal(ready, bare)


def test_a_missing_venv_module_is_said_in_one_line(
    ready: Path, bare: Mapping[str, str], tmp_path: Path
) -> None:
    disguise(tmp_path, "python3", "sys.modules['ensurepip'] = None")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"

    said = refusal(ready, bare)

    assert f"Python {version} lacks its venv module" in said
    assert f"apt install python{version}-venv" in said


def test_the_newest_python_that_has_all_it_needs_sets_up(
    ready: Path, bare: Mapping[str, str], tmp_path: Path, bare_path: Path
) -> None:
    disguise(tmp_path, "python3.13", "sys.modules['ensurepip'] = None")
    chosen = write_script(tmp_path / "chosen", 'echo "set up by ${2##*/}" >&2; exit 3')
    write_script(bare_path / "python3.12", f"echo fit 3.12 '{chosen}'")
    write_script(bare_path / "python3", "echo fit 3.11 /nowhere/python3")
    (ready / ".venv").rename(ready / ".venv-away")

    done = call(ready, bare, "list")

    assert (done.returncode, done.stderr) == (3, "set up by .venv\n")


def test_the_python_that_a_person_names_is_used(
    ready: Path, bare: Mapping[str, str], tmp_path: Path
) -> None:
    chosen = write_script(tmp_path / "chosen", 'echo "set up by ${2##*/}" >&2; exit 3')
    named = write_script(tmp_path / "named", f"echo fit 3.12 '{chosen}'")

    done = call(ready, {**bare, "PICTURE_PIPELINE_PYTHON": str(named)}, "list")

    assert (done.returncode, done.stderr) == (3, "set up by .venv\n")


def on_nixos(bare: Mapping[str, str], bare_path: Path, tmp_path: Path) -> dict[str, str]:
    """Pretend NixOS, with a nix-build that notes each call and makes an environment of shell."""
    (tmp_path / "NIXOS").touch()
    link_tools(bare_path, "mkdir", "chmod", "cat")
    write_script(
        bare_path / "nix-build",
        f"""
        printf '<%s>' "$@" >>'{tmp_path}/nix-build calls'
        mkdir -p "$3/bin"
        cat >"$3/bin/picture-pipeline-fhs" <<'END'
#!/bin/sh
echo entered >&2
exec "$@"
END
        chmod +x "$3/bin/picture-pipeline-fhs"
        """,
    )
    return {**bare, "PICTURE_PIPELINE_NIXOS_MARKER": str(tmp_path / "NIXOS")}


def test_on_nixos_the_command_runs_inside_the_environment_of_shell_nix(
    ready: Path, bare: Mapping[str, str], bare_path: Path, tmp_path: Path
) -> None:
    done = call(ready, on_nixos(bare, bare_path, tmp_path), "import", "a b")

    assert done.stdout.startswith("<picture-pipeline><import><a b>")
    assert (done.returncode, done.stderr) == (7, "entered\n")


def test_on_nixos_the_environment_is_built_once(
    ready: Path, bare: Mapping[str, str], bare_path: Path, tmp_path: Path
) -> None:
    environ = on_nixos(bare, bare_path, tmp_path)

    call(ready, environ, "list")
    call(ready, environ, "list")

    built = f"<{ready}/shell.nix><--out-link><{ready}/.venv-nix/env>"
    assert (tmp_path / "nix-build calls").read_text() == built


def test_on_nixos_without_nix_build_one_line_says_so(
    ready: Path, bare: Mapping[str, str], tmp_path: Path
) -> None:
    (tmp_path / "NIXOS").touch()

    said = refusal(ready, {**bare, "PICTURE_PIPELINE_NIXOS_MARKER": str(tmp_path / "NIXOS")})

    assert "this is NixOS, but nix-build is not on the PATH" in said
