#!/bin/sh
# Holds the applications at PgBouncer while a cutover is under way, and sends them to the target when it is COMPLETED.
# Copy it to a directory of --hook-paths, that only you may write to, and edit the settings. As hooks of a migration:
#
#   hooks:
#     - {name: hold,   at: before, step: fence,     command: [/etc/changeover/hooks/pgbouncer.sh, hold], timeout: 20s}
#     - {name: switch, at: after,  step: completed, command: [/etc/changeover/hooks/pgbouncer.sh, switch]}
#     - {name: resume, at: after,  step: given-up,  command: [/etc/changeover/hooks/pgbouncer.sh, resume]}
#
# Each can be run again at any time. PAUSE waits for the transactions that are open; the hook's timeout bounds that, and
# what it leaves half paused, resume puts right.
set -eu

# --- settings ---
ADMIN_HOST=/var/run/postgresql # where PgBouncer's admin console is
ADMIN_PORT=6432
ADMIN_USER=pgbouncer
DATABASES=/etc/pgbouncer/databases.ini # included by pgbouncer.ini; this script writes it
# ----------------

database=$CHANGEOVER_DATABASE # what applications call it at PgBouncer

console() {
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 -h "$ADMIN_HOST" -p "$ADMIN_PORT" -U "$ADMIN_USER" -d pgbouncer -c "$1"
}

# PAUSE of what is paused, and RESUME of what is not, are errors that say just that
unless() {
  out=$(console "$2" 2>&1) || case $out in *"$1"*) ;; *) echo "$out" >&2; exit 1 ;; esac
}

case ${1:-} in
  hold)
    unless 'already' "PAUSE \"$database\""
    ;;
  resume)
    unless 'not paused' "RESUME \"$database\""
    ;;
  switch)
    {
      echo '[databases]'
      echo "$database = host=$CHANGEOVER_TARGET_HOST port=$CHANGEOVER_TARGET_PORT dbname=$CHANGEOVER_TARGET_DATABASE"
    } > "$DATABASES.new"
    mv "$DATABASES.new" "$DATABASES"
    console 'RELOAD'
    unless 'not paused' "RESUME \"$database\""
    ;;
  *)
    echo "usage: $0 hold|switch|resume" >&2
    exit 2
    ;;
esac
