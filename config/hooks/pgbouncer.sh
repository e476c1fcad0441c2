#!/bin/sh
# Holds the applications at PgBouncer while a cutover or a rollback is under way, and sends them to the server that is the
# one to write to when it is over. Copy it to a directory of --hook-paths that only you may write to, and edit the
# settings. As hooks of a migration:
#
#   hooks:
#     - {name: hold,   at: before, step: fence,     command: [/etc/changeover/hooks/pgbouncer.sh, hold], timeout: 20s}
#     - {name: switch, at: after,  step: completed, command: [/etc/changeover/hooks/pgbouncer.sh, switch], timeout: 60s}
#     - {name: resume, at: after,  step: given-up,  command: [/etc/changeover/hooks/pgbouncer.sh, resume], timeout: 60s}
#
# Each can be run again at any time, also by hand, with what it is told in the environment:
#
#   CHANGEOVER_DATABASE=shop CHANGEOVER_TARGET_HOST=… CHANGEOVER_TARGET_PORT=5432 CHANGEOVER_TARGET_DATABASE=shop \
#     ./pgbouncer.sh switch
#
# PAUSE waits for the transactions that are open; the hook's timeout bounds that, and what it leaves half paused, resume
# puts right. It needs pool_mode = transaction or statement: with session PAUSE waits until clients disconnect. The
# applications' users and passwords have to be the same on both servers.
set -eu

# --- settings ---
ADMIN_HOST=/var/run/postgresql # where PgBouncer's admin console is
ADMIN_PORT=6432
ADMIN_USER=pgbouncer
# A section [databases] with one line for each, "%include"d by pgbouncer.ini. The address in a line is written here.
DATABASES=/etc/pgbouncer/databases.ini
# The password of ADMIN_USER, if it needs one, in a file as of ~/.pgpass, which hooks do not see: they have no HOME.
# export PGPASSFILE=/etc/changeover/pgpass
# ----------------

database=$CHANGEOVER_DATABASE # what applications call it at PgBouncer
export PGCONNECT_TIMEOUT=5

console() {
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 -h "$ADMIN_HOST" -p "$ADMIN_PORT" -U "$ADMIN_USER" -d pgbouncer -c "$1" 2>&1
}

# Has PgBouncer do something, so many times if it does not; that it is done already is an error that says just that.
ask() { # statement, what it says then, times
  left=$3
  until out=$(console "$1"); do
    case $out in *"$2"*) return 0 ;; esac
    left=$((left - 1))
    if [ "$left" -le 0 ]; then
      echo "PgBouncer did not $1: $out" >&2
      exit 1
    fi
    sleep 1
  done
}

# The databases with another address of this one; what else its line says stays.
with_address() {
  awk -v name="$database" -v address="$1" '
    { key = $1; sub(/=.*/, "", key) }
    key == name && /=/ {
      rest = substr($0, index($0, "=") + 1)
      gsub(/(^|[ \t])(host|port|dbname)[ \t]*=[ \t]*(\047[^\047]*\047|[^ \t]+)/, "", rest)
      $0 = name " = " address rest
      found = 1
    }
    { print }
    END { exit !found }' "$DATABASES"
}

case ${1:-} in
  hold)
    # what the switch will need, while there is time to say no
    if ! with_address '' > /dev/null || ! cp -p "$DATABASES" "$DATABASES.new" || ! rm "$DATABASES.new"; then
      echo "$DATABASES has no line \"$database = …\", or cannot be written next to" >&2
      exit 1
    fi
    ask "PAUSE \"$database\"" 'already' 1
    ;;
  resume)
    ask "RESUME \"$database\"" 'not paused' 5
    ;;
  switch)
    (
      flock 9 # databases may be switched together
      cp -p "$DATABASES" "$DATABASES.new" # whoever may read it may read it then
      with_address "host=$CHANGEOVER_TARGET_HOST port=$CHANGEOVER_TARGET_PORT dbname='$CHANGEOVER_TARGET_DATABASE'" \
        > "$DATABASES.new"
      mv "$DATABASES.new" "$DATABASES"
    ) 9> "$DATABASES.lock"
    ask 'RELOAD' 'never' 5
    ask "RESUME \"$database\"" 'not paused' 5
    ;;
  *)
    echo "usage: $0 hold|switch|resume" >&2
    exit 2
    ;;
esac
