#!/bin/sh
# Starts picture-pipeline from this checkout: ./run.sh COMMAND [ARGUMENTS]
# ./run.sh test [PYTEST ARGUMENTS] runs the tests; with no arguments all of them, with coverage.
#
# Needs Python 3.11 or newer with its venv module, and coreutils. The first call makes .venv
# (scripts/environment.py tells how); every later call costs one sha256sum and no Python of its
# own. Talk goes to stderr: stdout belongs to the command. Plain sh, because NixOS has no
# /bin/bash and because dash starts in under a millisecond.
#
#   PICTURE_PIPELINE_PYTHON         the Python to use, instead of the newest one on the PATH
#   PICTURE_PIPELINE_NIXOS_MARKER   the file that tells NixOS apart (/etc/NIXOS)
set -eu
unset CDPATH PYTHONHOME PYTHONPATH # other programs' Python settings must not leak into ours

script=$0
if [ -L "$script" ]; then script=$(readlink -f "$script"); fi
case $script in */*) ;; *) script=./$script ;; esac
root=$(cd "${script%/*}" && pwd -P)
venv=$root/.venv

refuse() { # MESSAGE: nothing can be done before a person acts
    printf 'run.sh: %s\n' "$1" >&2
    exit 2
}

is_made() { # STAMP FILE...: was this stamp written from these files, as they are now, at this place?
    [ -r "$1" ] || return 1
    made=
    while IFS= read -r line; do made="$made$line
"; done <"$1"
    shift
    [ "$made" = "$(sha256sum "$@")
" ]
}

is_ready() { # LOCK: does .venv hold what this lock file names, and does its Python still exist?
    [ -x "$venv/bin/python" ] || return 1
    if [ -n "${PICTURE_PIPELINE_PYTHON-}" ]; then
        IFS= read -r asked 2>/dev/null <"$venv/made-with" || return 1
        [ "$asked" = "$PICTURE_PIPELINE_PYTHON" ] || return 1
    fi
    is_made "$venv/made-from-$1" "$root/$1" "$root/scripts/environment.py" "$root/scripts/installer.py"
}

# Says "fit", "bare" (no venv module) or "old", the version, and the interpreter itself behind
# wrappers and moving links: a venv on /usr/bin/python3 breaks when the system changes that link.
probe='import os, sys
version = "%d.%d" % sys.version_info[:2]
fitness = "fit"
try:
    import venv
    if not os.environ.get("PICTURE_PIPELINE_UV"): import ensurepip
except ImportError:
    fitness = "bare"
if sys.version_info < (3, 11): fitness = "old"
print(fitness, version, os.path.realpath(getattr(sys, "_base_executable", sys.executable)))'

choose_python() { # sets $python to the newest fit interpreter, or refuses in one line
    PICTURE_PIPELINE_UV=$(command -v uv || true)
    export PICTURE_PIPELINE_UV
    bare='' old=''
    if [ -n "${PICTURE_PIPELINE_PYTHON-}" ]; then
        set -- "$PICTURE_PIPELINE_PYTHON"
    else
        set -- python3.14 python3.13 python3.12 python3.11 python3
    fi
    for name in "$@"; do
        found=$("$name" -c "$probe" 2>/dev/null) || continue
        version=${found#* }
        python=${version#* }
        version=${version%% *}
        case $found in
        fit*) return ;;
        bare*) bare=${bare:-$version} ;;
        old*) old=$version ;;
        esac
    done
    if [ -n "$bare" ]; then
        refuse "Python $bare lacks its venv module: install it (Debian, Ubuntu: apt install python$bare-venv) and start again"
    fi
    refuse "Python 3.11 or newer is needed, found ${old:-none}: install it with its venv module (Debian, Ubuntu: apt install python3 python3-venv) or name it in PICTURE_PIPELINE_PYTHON"
}

need() { # LOCK: make .venv from this lock file unless it is there
    if is_ready "$1"; then return; fi
    choose_python
    "$python" "$root/scripts/environment.py" .venv "$1" || exit $?
}

enter_fhs() { # ARGUMENTS: start again where prebuilt wheels find the libraries that they expect
    fhs=$root/.venv-nix
    if ! { [ -x "$fhs/env/bin/picture-pipeline-fhs" ] && is_made "$fhs/made-from" "$root/shell.nix"; }; then
        command -v nix-build >/dev/null || refuse 'this is NixOS, but nix-build is not on the PATH'
        mkdir -p "$fhs"
        nix-build "$root/shell.nix" --out-link "$fhs/env" >&2 || refuse 'shell.nix could not be built, see above'
        sha256sum "$root/shell.nix" >"$fhs/made-from"
    fi
    PICTURE_PIPELINE_FHS=1 exec "$fhs/env/bin/picture-pipeline-fhs" "$root/run.sh" "$@"
}

if [ -z "${PICTURE_PIPELINE_FHS-}" ] && [ -e "${PICTURE_PIPELINE_NIXOS_MARKER:-/etc/NIXOS}" ]; then
    enter_fhs "$@"
fi

if [ "${1-}" = test ]; then
    shift
    need requirements-test.lock
    cd "$root"
    [ $# -gt 0 ] || set -- --cov --numprocesses auto --dist loadfile
    exec "$venv/bin/python" -m pytest "$@"
fi
need requirements.lock
exec "$venv/bin/picture-pipeline" "$@"
