#!/usr/bin/env bash
# scripts/apt.sh PACKAGE...: install Debian packages if this account may (root, or sudo that asks no
# password). Exits 1, saying nothing about it, where it may not: the caller knows what to advise.
set -euo pipefail

command -v apt-get >/dev/null || exit 1
sudo=()
if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || exit 1
    sudo=(sudo -n)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT

apt() {
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 "$@" \
        >>"$log" 2>&1 </dev/null
}

echo "Installing $* (Debian)..." >&2
# The package lists of a new machine are empty or old: refresh them only when they do not do.
apt install --no-install-recommends "$@" ||
    { apt update && apt install --no-install-recommends "$@"; } ||
    { tail -n 5 "$log" >&2; exit 1; }
