#!/bin/bash
# Runs a command on a private session bus with an unlocked Secret Service (gnome-keyring) of its own: a throw-away one,
# unless KEYRING_DATA names a folder for it.
# Debian packages: dbus gnome-keyring
set -euo pipefail
if [ -z "${IN_KEYRING_SESSION:-}" ]; then
  tmp="$(mktemp -d)"
  mkdir -m 700 "$tmp/run" "$tmp/data"
  rc=0
  IN_KEYRING_SESSION=1 XDG_RUNTIME_DIR="$tmp/run" XDG_DATA_HOME="${KEYRING_DATA:-$tmp/data}" dbus-run-session -- "$0" "$@" || rc=$?
  rm -rf "$tmp"
  exit "$rc"
fi
eval "$(printf %s test-password | gnome-keyring-daemon --unlock --components=secrets --daemonize)"
"$@" # not exec: the daemon ends with the bus when this returns
