#!/usr/bin/env bash
# Make sure the browser tests have their browser: Debian's Chromium, and fonts with Ukrainian letters.
# They are Debian's, not Playwright's own download, so that a machine with no other source has them.
set -euo pipefail
cd "$(dirname "$0")/.."

missing() {
    command -v chromium >/dev/null || echo chromium
    [ -e /usr/share/fonts/truetype/noto/NotoSans-Regular.ttf ] ||
        [ -n "$(fc-list 'Noto Sans' 2>/dev/null || true)" ] || echo fonts-noto-core
}

packages=$(missing)
[ -n "$packages" ] || exit 0

# shellcheck disable=SC2086  # one word, one package
scripts/apt.sh $packages || true
packages=$(missing | paste -s -d ' ' -)
[ -z "$packages" ] || {
    echo "browser: the browser tests need $packages; install (Debian: apt install $packages) and try again, or run 'make test-fast', which needs no browser." >&2
    exit 1
}
