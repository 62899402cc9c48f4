#!/usr/bin/env bash
# Make sure the tests have an eye for QR codes: Debian's zbar, which pyzbar calls. Elsewhere pyzbar
# brings it (Windows) or Homebrew has it (macOS: brew install zbar).
set -euo pipefail
cd "$(dirname "$0")/.."

[ "$(uname -s)" = Linux ] || exit 0
found() { ldconfig -p 2>/dev/null | grep -q 'libzbar\.so\.0' || PATH=$PATH:/sbin ldconfig -p | grep -q 'libzbar\.so\.0'; }

found && exit 0
scripts/apt.sh libzbar0 || true
found || {
    echo "zbar: the tests that read QR codes need libzbar0; install it (Debian: apt install libzbar0) and try again. 'make test-fast' leaves them out without it." >&2
    exit 1
}
