#!/bin/sh
# Kills what its parent started, and removes its folders, once the parent is gone, however it went: a killed parent runs
# no handler, but its end of this pipe closes. A shell, for it costs a megabyte where a second Node costs forty.
#
# Reads lines: "watch PID SIGNAL", "leave PID", "folder PATH", "keep PATH".
# SIGNAL is what the process (group) gets first: KILL, or what lets it clean up (Postgres frees shared memory on QUIT).
trap '' INT TERM HUP QUIT
watched=""
folders=""
newline='
'
while read -r verb rest; do
  case "$verb" in
    watch) watched="$watched$rest$newline" ;;
    leave) watched=$(printf '%s' "$watched" | grep -v "^$rest ")$newline ;;
    folder) folders="$folders$rest$newline" ;;
    keep) folders=$(printf '%s' "$folders" | grep -Fxv -- "$rest")$newline ;;
  esac
done

each() {
  printf '%s' "$watched" | while read -r pid first; do
    [ -z "$pid" ] || kill -s "${1:-$first}" -- "-$pid" 2>/dev/null
  done
}
alive() {
  printf '%s' "$watched" | {
    while read -r pid _; do
      [ -z "$pid" ] || ! kill -0 -- "-$pid" 2>/dev/null || exit 0
    done
    exit 1
  }
}
each ""
tries=0
while [ $tries -lt 20 ] && alive; do
  sleep 0.1
  tries=$((tries + 1))
done
each KILL
printf '%s' "$folders" | while read -r folder; do
  [ -z "$folder" ] || rm -rf -- "$folder"
done
