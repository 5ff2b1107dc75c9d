#!/usr/bin/env bash
# tests/bench/start_time.sh [BUILD_DIR] [STARTS]: how long from the start of the process until the window shows, and until
# a key that a person presses stands in the composer. Keys are pressed through the X server (XTest) every 15 ms from before
# the window is there, so nothing is measured that a person would not meet; the program says when the first one showed.
# The database (1,000 conversations of 50 messages) is made by bench_storage in PELLUCID_BENCH_DIR and used as a copy.
# Four rows: software renderer, the same after a kill -9, OpenGL on llvmpipe, and software with the page cache dropped
# before each start (root only).
# Needs xvfb, xdotool, x11-utils, openbox and python3.
set -euo pipefail
build=$(realpath "${1:-build/release}")
starts=${2:-10}
work=$(mktemp -d)
trap 'kill ${manager:-} ${server:-} 2>/dev/null || true; rm -rf "$work"' EXIT
export PELLUCID_BENCH_DIR=${PELLUCID_BENCH_DIR:-${TMPDIR:-/tmp}/pellucid-bench}
[ -f "$PELLUCID_BENCH_DIR/pellucid.db" ] || "$build/bin/bench_storage" --benchmark_filter=list --benchmark_min_time=0.01 >/dev/null
mkdir "$work/data"
cp "$PELLUCID_BENCH_DIR/pellucid.db" "$work/data/"
export XDG_RUNTIME_DIR=$work
chmod 700 "$work"

# A display of its own: -displayfd picks a free number.
Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
server=$!
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.05; done
DISPLAY=:$(cat "$work/display")
export DISPLAY QT_QPA_PLATFORM=xcb
openbox --sm-disable >/dev/null 2>&1 &  # gives a new window the keyboard, as a desktop does
manager=$!
for _ in $(seq 100); do xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q '#' && break; sleep 0.05; done
keys=$(printf 'x%.0s' $(seq 4000))

# row NAME DROPPED SIGNAL: starts the program `starts` times and prints the median, least and most of both figures
row() {
    local name=$1 dropped=$2 ended=${3:--TERM} frames=() taken=() i=0
    # The first start is not counted: it fills the page cache.
    for i in $(seq 0 "$starts"); do
        [ "$dropped" = 0 ] || { sync; echo 3 >/proc/sys/vm/drop_caches; xdotool getmouselocation >/dev/null 2>&1 || true; }
        "$build/bin/pellucid" --data-dir "$work/data" --mock demo --report-start >/dev/null 2>"$work/log" &
        local program=$!
        xdotool type --delay 15 "$keys" >/dev/null 2>&1 &
        local typist=$!
        for _ in $(seq 200); do grep -q "first key" "$work/log" && break; sleep 0.1; done
        kill "$typist" 2>/dev/null || true
        xdotool keyup x
        kill "$ended" "$program"; wait "$program" "$typist" 2>/dev/null || true
        # What was typed came back as a draft otherwise, and the next start's first key could not be told from it.
        python3 -c 'import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute("DELETE FROM drafts"); d.commit()' \
            "$work/data/pellucid.db"
        [ "$i" = 0 ] && continue
        frames+=("$(sed -n 's/first frame after \([0-9]*\) ms.*/\1/p' "$work/log")")
        taken+=("$(sed -n 's/first key in the composer after \([0-9]*\) ms.*/\1/p' "$work/log")")
    done
    printf '%s, %d starts: first frame %s ms, first key in the composer %s ms\n' "$name" "$starts" \
        "$(median "${frames[@]}")" "$(median "${taken[@]}")"
}
median() {
    printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2
        printf "%s (%s to %s, of %d)", m, v[1], v[NR], NR }'
}

echo "load average $(cut -d' ' -f1-3 /proc/loadavg)"
QT_QUICK_BACKEND=software row "software renderer, files in the page cache" 0
QT_QUICK_BACKEND=software row "software renderer, killed before (every page of the database is checked)" 0 -KILL
LIBGL_ALWAYS_SOFTWARE=1 row "OpenGL on llvmpipe, files in the page cache" 0
if [ -w /proc/sys/vm/drop_caches ]; then
    QT_QUICK_BACKEND=software row "software renderer, page cache dropped before each start" 1
fi
echo "load average $(cut -d' ' -f1-3 /proc/loadavg)"
