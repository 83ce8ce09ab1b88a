#!/bin/sh
### BEGIN INIT INFO
# Provides:          @NAME@
# Required-Start:    $remote_fs $network
# Required-Stop:     $remote_fs $network
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: Octopus Tentacle, kept running by Suction Cup
### END INIT INFO
# chkconfig: 2345 90 10
# For machines without systemd.
set -eu

program=@PROGRAM@
home=@HOME@
number=$home/run/suction-cup.pid

# The process that was started here, if it still runs this program.
running() {
    id=$(cat "$number" 2>/dev/null) && [ -n "$id" ] || return 1
    case $(readlink "/proc/$id/exe") in
    "$program" | "$program (deleted)") echo "$id" ;;
    *) return 1 ;;
    esac
}

start() {
    ! running >/dev/null || return 0
    mkdir -p "$home/run"
    # Suction Cup keeps its own log. Of its own session, so that no terminal takes it along.
    setsid "$program" run --home "$home" </dev/null >/dev/null 2>&1 &
    echo $! >"$number"
    for _ in $(seq 50); do
        ! running >/dev/null || return 0
        sleep 0.1
    done
    echo "$program does not start: $program run --home $home tells why" >&2
    return 1
}

# Suction Cup gives Tentacle 20 seconds.
stop() {
    id=$(running) || return 0
    kill "$id"
    for _ in $(seq 300); do
        running >/dev/null || return 0
        sleep 0.1
    done
    kill -9 "$id"
}

case ${1-} in
start) start ;;
stop) stop ;;
restart | force-reload)
    stop
    start
    ;;
status)
    "$program" status --home "$home"
    running >/dev/null || exit 3
    ;;
*)
    echo "usage: $0 start|stop|restart|status" >&2
    exit 2
    ;;
esac
