#!/usr/bin/env bash
# Make sure `make badlink` has ip, tc and nft: Debian's iproute2 and nftables.
set -euo pipefail
cd "$(dirname "$0")/.."

[ "$(id -u)" = 0 ] || {
    echo "badlink: it makes network namespaces; run it as root (sudo make badlink)." >&2
    exit 1
}
packages=()
command -v ip >/dev/null && command -v tc >/dev/null || packages+=(iproute2)
command -v nft >/dev/null || packages+=(nftables)
[ ${#packages[@]} = 0 ] || scripts/apt.sh "${packages[@]}" || {
    echo "badlink: install ${packages[*]} (Debian: apt install ${packages[*]}) and try again." >&2
    exit 1
}
