#!/bin/sh
# Install the Debian packages named in the given lists, where that is possible.
# It says what is missing and never fails: Asepsis runs without them and names what it could not open.
set -u

installed() { [ "$(dpkg-query -W -f='${db:Status-Abbrev}' "$1" 2>/dev/null | cut -c1-2)" = "ii" ]; }

apt() { timeout 600 apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 "$@" >/dev/null 2>&1; }

# Prints the entries of the lists of which no alternative is installed.
missing() {
    sed -e 's/#.*//' "$@" | while read -r entry; do
        [ -n "$entry" ] || continue
        for package in $(echo "$entry" | tr '|' ' '); do installed "$package" && continue 2; done
        echo "$entry"
    done
}

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "Not a Debian system: see requirements/system.txt for the programs that unpacking uses."
    exit 0
fi
wanted=$(missing "$@")
if [ -n "$wanted" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Debian packages:" $wanted
    export DEBIAN_FRONTEND=noninteractive
    apt update
    # All at once; where one of them is unknown here, one by one.
    if ! apt install -y --no-install-recommends $(for entry in $wanted; do echo "${entry%%|*}"; done); then
        for entry in $wanted; do
            for package in $(echo "$entry" | tr '|' ' '); do apt install -y --no-install-recommends "$package" && break; done
        done
    fi
    wanted=$(missing "$@")
fi
if [ -n "$wanted" ]; then
    echo "Missing Debian packages (install them as root for full coverage):" $wanted
fi
exit 0
