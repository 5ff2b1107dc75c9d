#!/usr/bin/env python3
"""1 GB over loopback HTTPS: the program's download manager paired with `aria2c -x4` and its checksum.

usage: compare_aria2.py BUILD_FOLDER [--bytes N] [--pairs N] [--folder DIR]

Both fetch the same file from the same server into the same folder, in turns, each beginning every other pair; the page
cache holds what was written. aria2c is of the Debian package aria2.
"""
import argparse
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--bytes", type=int, default=1_000_000_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--folder", default=None)
    arguments = parser.parse_args()
    tests = arguments.build / "tests"
    server = subprocess.Popen([tests / "bench_serve_file", str(arguments.bytes)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    url, digest, authorities = (server.stdout.readline().strip() for _ in range(3))

    def ours(folder):
        done = subprocess.run([tests / "bench_download", url, digest, str(arguments.bytes), folder, authorities, "4"],
                              check=True, capture_output=True, text=True)
        return float(done.stdout)

    def theirs(folder):
        began = time.monotonic()
        subprocess.run(["aria2c", "-x4", "-s4", "--quiet", "--no-conf", "--file-allocation=falloc", f"--ca-certificate={authorities}",
                        f"--checksum=sha-256={digest}", "--dir", folder, "--out", "file.bin", url], check=True)
        return time.monotonic() - began

    times = {"pellucid": [], "aria2c": []}
    runs = [("pellucid", ours), ("aria2c", theirs)]
    for pair in range(arguments.pairs):
        for name, run in runs if pair % 2 == 0 else reversed(runs):
            folder = tempfile.mkdtemp(dir=arguments.folder)
            try:
                times[name].append(run(folder))
            finally:
                shutil.rmtree(folder)
        print(f"pair {pair + 1}: pellucid {times['pellucid'][-1]:.2f} s, aria2c {times['aria2c'][-1]:.2f} s", flush=True)
    server.stdin.close()
    server.wait()
    mb = arguments.bytes / 1e6
    for name, seconds in times.items():
        print(f"{name}: median {mb / statistics.median(seconds):.0f} MB/s ({min(seconds):.2f} to {max(seconds):.2f} s)")
    share = statistics.median(a / o for o, a in zip(times["pellucid"], times["aria2c"]))
    print(f"speed relative to aria2c, median of pairs: {share:.2f}")


if __name__ == "__main__":
    main()
