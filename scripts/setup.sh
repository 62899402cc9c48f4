#!/usr/bin/env bash
# scripts/setup.sh [VENV LOCK]: make a virtual environment that holds exactly what the lock says,
# and this project in it, editable. Defaults: .venv, requirements/lock.txt.
#
# Safe to run always: it does nothing when the environment is up to date. A changed lock, a moved
# checkout or an interrupted setup makes it anew; a changed pyproject.toml only installs the project
# again. PYTHON=/path/to/python chooses the interpreter.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=${1:-.venv}
lock=${2:-requirements/lock.txt}
python=$venv/bin/python

fail() {
    echo "setup: $*" >&2
    exit 1
}

# A checksum of the given files and of where the checkout lies (scripts in a venv hold its path).
checksum() {
    "$python" - "$PWD" "$@" <<'PY'
import hashlib, pathlib, sys
whole = hashlib.sha256(sys.argv[1].encode())
for name in sys.argv[2:]:
    whole.update(hashlib.sha256(pathlib.Path(name).read_bytes()).digest())
print(whole.hexdigest())
PY
}

is_stamped() { # stamp name, files
    local stamp=$venv/.misto-$1
    shift
    [ -x "$python" ] && [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$(checksum "$@" 2>/dev/null)" ]
}

is_supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null
}

can_make_venv() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

# Prints the interpreter to use: one that can make environments, if any, else any that is supported.
find_python() {
    local name path spare=
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        path=$(command -v "$name") || continue
        is_supported "$path" || continue
        if can_make_venv "$path"; then
            echo "$path"
            return
        fi
        spare=${spare:-$path}
    done
    [ -n "$spare" ] && echo "$spare"
}

# Debian's python3 comes without ensurepip: it is in python3-venv (pythonX.Y-venv for other versions).
ensure_venv_module() {
    can_make_venv "$1" && return
    local versioned
    versioned=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    scripts/apt.sh python3-venv || true
    can_make_venv "$1" || scripts/apt.sh "$versioned" || true
    can_make_venv "$1" ||
        fail "$1 cannot make virtual environments; install Debian's python3-venv (or $versioned), then try again."
}

make_venv() {
    local base
    base=$(find_python) ||
        fail "no Python 3.11 to 3.14 found; install one (Debian: apt install python3 python3-venv) or set PYTHON=/path/to/python."
    ensure_venv_module "$base"
    echo "Setting up $venv from $lock ($("$base" --version))..." >&2
    rm -rf "$venv"
    "$base" -m venv "$venv"
    "$python" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes \
        --requirement "$lock" ||
        fail "could not install the packages of $lock; see the lines above."
    checksum "$lock" >"$venv/.misto-lock"
}

install_project() {
    "$python" -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation \
        --editable . ||
        fail "could not install the project itself; see the lines above."
    checksum pyproject.toml >"$venv/.misto-project"
}

is_stamped lock "$lock" || make_venv
is_stamped project pyproject.toml || install_project
