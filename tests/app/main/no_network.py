#!/usr/bin/env python3
"""Nothing of a chat goes over a network, and without one everything is the same.

  trace    runs a chat in the command line and in the window under strace, with the offline switch on, and fails on any
           address that is not this machine's own: connect, and sendto/sendmsg/sendmmsg to an address.
  nothing  runs the window's chat, and each UI test given, in a network namespace that has no interface that is up, and
           outside of it, and compares what they say.

Ends with 77 where the system does not permit the one or the other (the reason is said).
"""

import argparse
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

SKIPPED = 77
QUIET = {"QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"}
ADDRESS = re.compile(
    r'sa_family=(AF_\w+)(?:.*?(?:inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"))?', re.S)
CALL = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(")


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


def environment(**more):
    plain = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    return {**plain, **QUIET, **more}


def run(command, **options):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=600,
                          env=environment(), **options)


def is_own(family, v4, v6):
    """Whether an address is this machine's own, or none of a network."""
    if family == "AF_INET":
        return v4 is not None and v4.startswith("127.")
    if family == "AF_INET6":
        return v6 == "::1" or (v6 or "").startswith("::ffff:127.")
    return True  # AF_UNIX, AF_UNSPEC (ends an association), AF_NETLINK (asks the kernel)


def calls_in(trace):
    """(all calls with an address, those that leave the machine) of strace's output."""
    seen, outside = 0, []
    for line in trace.splitlines():
        if not CALL.search(line):
            continue
        found = ADDRESS.search(line)
        if not found:
            continue
        seen += 1
        if not is_own(*found.groups()):
            outside.append(line.strip())
    return seen, outside


def check_the_check():
    """The judge itself, on lines as strace writes them."""
    good = ['1 connect(3, {sa_family=AF_UNIX, sun_path="/run/dbus"}, 110) = 0',
            '1 connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0',
            '1 sendto(4, "x", 1, 0, NULL, 0) = 1',
            '1 connect(3, {sa_family=AF_INET6, sin6_port=htons(1), inet_pton(AF_INET6, "::1", &sin6_addr)}, 28) = 0']
    bad = ['1 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.2")}, 16) = 0',
           '1 connect(3, {sa_family=AF_INET6, inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)}, 28) = -1 ENETUNREACH',
           '1 sendto(3, "q", 1, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("8.8.8.8")}, 16) = 1',
           '1 sendmsg(5, {msg_name={sa_family=AF_INET, sin_addr=inet_addr("1.1.1.1")}, msg_iov=[]}, 0) = 1']
    assert calls_in("\n".join(good)) == (3, []), "the judge refuses what stays here"
    assert calls_in("\n".join(bad)) == (4, bad), "the judge lets through what leaves"


def strace(command, folder):
    """Runs a command under strace; its result, and its trace."""
    log = os.path.join(folder, "trace")
    done = run(["strace", "-f", "-qq", "-e", "trace=network", "-o", log] + command)
    with open(log, errors="replace") as file:
        return done, file.read()


def window(arguments, folder, model, seconds):
    """The window's chat: asks at once, saves a picture and quits."""
    return [arguments.app, "--data-dir", folder, "--model", model, "--ask", "What is the tide?", "--screenshot",
            os.path.join(folder, "window.png"), "--screenshot-after", str(seconds * 1000)]


def go_offline(folder):
    """Turns the offline switch on in the database of a data folder, as the settings page does."""
    with sqlite3.connect(os.path.join(folder, "pellucid.db")) as database:
        database.execute("INSERT OR REPLACE INTO settings VALUES (0, 'app.network.offline', 0, 'true')")


def messages(folder):
    """(role, state) of every stored message, in order."""
    with sqlite3.connect("file:%s?mode=ro" % os.path.join(folder, "pellucid.db"), uri=True) as database:
        return database.execute("SELECT role, state FROM messages ORDER BY id").fetchall()


def trace(arguments):
    if not shutil.which("strace"):
        skip("there is no strace")
    with tempfile.TemporaryDirectory() as folder:
        if run(["strace", "-o", os.path.join(folder, "t"), "true"]).returncode != 0:
            skip("strace is not permitted here")
        failed = False
        command = [arguments.cli, "run", "--model", arguments.model, "--prompt", "What is the tide?", "--max-tokens",
                   "24", "--threads", "2"]
        done, log = strace(command, folder)
        seen, outside = calls_in(log)
        print("pellucid-cli run: exit %d, %d bytes said, %d calls with an address, %d of them off this machine"
              % (done.returncode, len(done.stdout), seen, len(outside)))
        failed |= done.returncode != 0 or bool(outside)
        for line in outside[:10]:
            print("   ", line)
        if arguments.app:
            data = os.path.join(folder, "data")
            first = run(window(arguments, data, arguments.model, 1))  # makes the database
            if first.returncode != 0:
                print(first.stderr)
                return 1
            go_offline(data)
            before = len(messages(data))
            done, log = strace(window(arguments, data, arguments.model, arguments.seconds), folder)
            seen, outside = calls_in(log)
            stored = messages(data)[before:]
            print("pellucid --ask: exit %d, messages (role, state) %s, %d calls with an address, %d of them off this "
                  "machine" % (done.returncode, stored, seen, len(outside)))
            failed |= done.returncode != 0 or bool(outside)
            # The question and its answer, whole or as far as it came.
            failed |= [role for role, _ in stored] != [1, 2]
            for line in outside[:10]:
                print("   ", line)
        return 1 if failed else 0


def verdicts(output):
    """What a Qt test said of each function, without times."""
    return [line for line in output.splitlines() if re.match(r"(PASS|FAIL!|SKIP|XFAIL|XPASS|BPASS|BFAIL)\b", line)]


def nothing(arguments):
    unshare = ["unshare", "--net", "--"]
    if not shutil.which("unshare"):
        skip("there is no unshare")
    if run(unshare + ["true"]).returncode != 0:
        unshare = ["unshare", "--map-root-user", "--net", "--"]
        if run(unshare + ["true"]).returncode != 0:
            skip("a network namespace is not permitted here")
    # /proc/net is the namespace's own: nothing but a loopback that is down, and no route.
    devices = [line.split(":")[0].strip()
               for line in run(unshare + ["cat", "/proc/net/dev"]).stdout.splitlines() if ":" in line]
    routes = run(unshare + ["cat", "/proc/net/route"]).stdout.splitlines()[1:]
    print("inside: interfaces %s, %d routes" % (devices, len(routes)))
    assert devices == ["lo"] and not routes
    failed = False
    if arguments.app:
        seen = []
        for prefix in ([], unshare):
            with tempfile.TemporaryDirectory() as folder:
                data = os.path.join(folder, "data")
                done = run(prefix + window(arguments, data, arguments.model, arguments.seconds))
                picture = os.path.getsize(os.path.join(data, "window.png")) if done.returncode == 0 else 0
                seen.append((done.returncode, messages(data)))
                print("pellucid --ask, %s: exit %d, messages %s, picture of %d bytes"
                      % ("without a network" if prefix else "as it is", *seen[-1], picture))
        # Between the two a reply may stand further or less far; its question and itself are there in both.
        failed |= [s[0] for s in seen] != [0, 0] or [[m[0] for m in s[1]] for s in seen] != [[1, 2], [1, 2]]
    for test in arguments.tests:
        said = [run(prefix + [test]) for prefix in ([], unshare)]
        with_network, without = (verdicts(done.stdout) for done in said)
        same = with_network == without and said[0].returncode == said[1].returncode and with_network
        print("%s: %d verdicts as it is, %d without a network, exit %d and %d: %s"
              % (os.path.basename(test), len(with_network), len(without), said[0].returncode, said[1].returncode,
                 "the same" if same else "NOT THE SAME"))
        for line in sorted(set(with_network) ^ set(without))[:20]:
            print("   ", line)
        failed |= not same
    return 1 if failed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["trace", "nothing"])
    parser.add_argument("--cli", help="pellucid-cli")
    parser.add_argument("--app", help="pellucid")
    parser.add_argument("--model", required=True, help="a model that answers")
    parser.add_argument("--seconds", type=int, default=6, help="how long the window stays")
    parser.add_argument("--tests", nargs="*", default=[], help="programs of UI tests")
    arguments = parser.parse_args()
    check_the_check()
    return trace(arguments) if arguments.what == "trace" else nothing(arguments)


if __name__ == "__main__":
    sys.exit(main())
