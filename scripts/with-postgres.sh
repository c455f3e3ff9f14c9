#!/bin/bash
# `scripts/with-postgres.sh <command>`: runs a command beside a PostgreSQL server of its own and takes it away again.
#
# The server is durable: an acknowledged commit is on the disk. VIDIMUS_PG_DURABLE=0 trades that for speed, for runs in
# which nothing crashes. It listens on the loopback only, at PGPORT or a free port, and trusts whoever connects: it is for
# tests. Works as root and as any plain user. The exit code is the command's; 127 where PostgreSQL is not installed.
#
# The command finds DATABASE_URL, and for tests of crashes VIDIMUS_PG_BIN (the folder of pg_ctl), VIDIMUS_PG_DATA (the
# data folder), VIDIMUS_PG_LOG and VIDIMUS_PG_USER (whoever may run pg_ctl; empty for the user who asks).
set -euo pipefail

if [ $# = 0 ]; then
  echo "usage: scripts/with-postgres.sh <command> [argument…]" >&2
  exit 64
fi

find_bin() {
  if [ -n "${VIDIMUS_PG_BIN:-}" ]; then echo "$VIDIMUS_PG_BIN"; return; fi
  local newest
  newest=$(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -V | tail -1)
  if [ -n "$newest" ]; then echo "$newest"; return; fi
  pg_config --bindir 2>/dev/null || true
}

bin=$(find_bin)
if [ ! -x "$bin/initdb" ] || [ ! -x "$bin/pg_ctl" ]; then
  echo "PostgreSQL is not installed here (no initdb and pg_ctl); apt-get install postgresql, or name their folder in VIDIMUS_PG_BIN." >&2
  exit 127
fi

free_port() {
  node -e "const s = require('node:net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close() })"
}

folder=$(mktemp -d "${TMPDIR:-/tmp}/vidimus-pg.XXXXXX")
data="$folder/data"
user=""
if [ "$(id -u)" = 0 ]; then
  user=postgres
  chown "$user" "$folder"
  chmod 755 "$folder"
fi

# The server refuses to run as root; and its user may not be able to read the folder we stand in.
as_server() {
  if [ -n "$user" ]; then (cd / && runuser -u "$user" -- "$@"); else "$@"; fi
}

command_pid=""
clean_up() {
  trap - EXIT INT TERM HUP
  if [ -n "$command_pid" ]; then kill -TERM "$command_pid" 2>/dev/null || true; fi
  as_server "$bin/pg_ctl" -D "$data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

as_server "$bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null

settings="listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 200
"
if [ "${VIDIMUS_PG_DURABLE:-1}" = 0 ]; then
  settings+="fsync = off
synchronous_commit = off
full_page_writes = off
"
else
  settings+="fsync = on
synchronous_commit = on
full_page_writes = on
"
fi

# In the file rather than on the command line, so that a restart by a test keeps them.
printf '%s' "$settings" | as_server tee -a "$data/postgresql.conf" >/dev/null

# A port that is free now may be taken a moment later: whoever chose it by itself chooses again.
start() {
  echo "port = $1" | as_server tee -a "$data/postgresql.conf" >/dev/null
  as_server "$bin/pg_ctl" -D "$data" -w -t 60 -l "$folder/log" start >/dev/null
}
if [ -n "${PGPORT:-}" ]; then
  port=$PGPORT
  start "$port" || { cat "$folder/log" >&2; exit 69; }
else
  for attempt in 1 2 3 4 5; do
    port=$(free_port)
    if start "$port"; then break; fi
    if [ "$attempt" = 5 ]; then cat "$folder/log" >&2; exit 69; fi
  done
fi

export DATABASE_URL="postgresql://postgres@127.0.0.1:$port/postgres"
export VIDIMUS_PG_BIN="$bin" VIDIMUS_PG_DATA="$data" VIDIMUS_PG_LOG="$folder/log" VIDIMUS_PG_USER="$user"

# In the background, so that a signal to this script is heard at once.
"$@" <&0 &
command_pid=$!
code=0
wait "$command_pid" || code=$?
command_pid=""
exit "$code"
