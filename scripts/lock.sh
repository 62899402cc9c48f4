#!/usr/bin/env bash
# Remake both locks: requirements/lock.txt from pyproject.toml (all extras), requirements/mobile.txt
# from mobile.in. `scripts/lock.sh --upgrade` takes newer versions; without it the pinned ones stay.
#
# The locks hold for Python 3.11 to 3.14 on Linux, macOS and Windows. They carry hashes and no
# address: where packages come from is the machine's business, what they are is the project's.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=.venv/bin/uv
[ -x "$uv" ] || uv=$(command -v uv) || {
    echo "lock: no uv; run scripts/setup.sh first" >&2
    exit 1
}

compile() { # output, then uv's arguments
    local output=$1
    shift
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links \
        --output-file "$output" "$@"
    if grep -nE 'https?://|file://|^--' "$output"; then
        echo "lock: $output names an address or an index; see the lines above" >&2
        exit 1
    fi
}

compile requirements/lock.txt --all-extras pyproject.toml "$@"

# The phone runs the same versions, but for those that mobile.in pins otherwise.
same=$(mktemp)
trap 'rm -f "$same"' EXIT
sed -nE 's/^([a-z0-9.-]+==[^\\]+) \\$/\1/p' requirements/lock.txt |
    grep -vE '^(pydantic|pydantic-core|pillow)==' >"$same"
compile requirements/mobile.txt --no-annotate --constraints "$same" requirements/mobile.in "$@"
