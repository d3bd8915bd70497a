"""shell.nix, as far as it can be shown without NixOS: it parses, and evaluates on stand-ins."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

SHELL_NIX = Path(__file__).resolve().parents[2] / "shell.nix"

# A nixpkgs in which every package is its own name.
STAND_IN = """
let
  packages = {
    python3 = "python3"; coreutils = "coreutils"; git = "git"; zlib = "zlib"; expat = "expat";
    glib = "glib"; libGL = "libGL"; exiftool = "exiftool"; strace = "strace";
    stdenv.cc.cc.lib = "libstdc++";
  };
in import FILE {
  pkgs = {
    NAME = given: { inherit (given) name profile runScript; holds = given.targetPkgs packages; };
    writeShellScript = name: text: text;
  };
}
"""

pytestmark = pytest.mark.program


@pytest.fixture
def nix() -> str:
    """Find the interpreter of the Nix language."""
    found = shutil.which("nix-instantiate")
    if not found:
        pytest.skip("nix-instantiate is not installed (Debian: nix-bin)")
    return found


def call(*command: str) -> str:
    # The dummy store: nothing is built, and no /nix has to be writable.
    done = subprocess.run(
        (*command, "--store", "dummy://"), check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_shell_nix_parses(nix: str) -> None:
    assert "picture-pipeline-fhs" in call(nix, "--parse", str(SHELL_NIX))


@pytest.mark.parametrize("builder", ["buildFHSEnv", "buildFHSUserEnv"])
def test_shell_nix_makes_the_command_that_run_sh_enters(nix: str, builder: str) -> None:
    expression = STAND_IN.replace("FILE", str(SHELL_NIX)).replace("NAME", builder)

    made = json.loads(call(nix, "--eval", "--strict", "--json", "--expr", expression))

    assert made["name"] == "picture-pipeline-fhs"
    assert made["runScript"] == 'exec "$@"'
    assert made["profile"] == "export PICTURE_PIPELINE_FHS=1"
    assert {"python3", "libstdc++", "zlib"} <= set(made["holds"])
