#!/usr/bin/env python3
"""Speed and acceptance of speculation, next to none, over prompts that repeat themselves and prompts that do not.

Usage: speculation.py PELLUCID_CLI MODEL KIND... [--tokens N] [--repeat N] [--temp T] [--threads N] [--complete]
KIND as --speculate takes it. Runs alternate between off and each kind, so that a busy machine is busy for all.
Prints one row a kind and text: median tokens/s; the ratio to off, run by run, of tokens/s and of processor time behind the
first token (which a busy machine changes less; ask for one thread, or waiting threads count); guesses; acceptance.
"""
import argparse
import json
import resource
import statistics
import subprocess

CODE = """def area_of_circle(radius):
    if radius < 0:
        raise ValueError("radius is negative")
    return 3.14159 * radius * radius

def area_of_square(side):
    if side < 0:
        raise ValueError("side is negative")
    return side * side
"""
LIST = "\n".join(f"{i}. Chapter {i} of the book is about the {w}." for i, w in
                 enumerate("sea sky sun moon rain wind snow fire wood iron".split(), 1))
PROMPTS = {
    "repetitive": [
        f"Rewrite this code with the name radius changed to r, and change nothing else:\n{CODE}",
        f"Copy this list exactly as it is:\n{LIST}",
        "Write the numbers from 1 to 40 in words and digits, one on each line, like this:\none, 1\ntwo, 2",
    ],
    "plain": [
        "Tell a short story about a fisherman who finds a bottle.",
        "Why is the sky blue during the day and red in the evening?",
        "What should a person think about before buying a used car?",
    ],
}

arguments = argparse.ArgumentParser()
arguments.add_argument("cli")
arguments.add_argument("model")
arguments.add_argument("kinds", nargs="+")
arguments.add_argument("--tokens", type=int, default=128)
arguments.add_argument("--repeat", type=int, default=3)
arguments.add_argument("--temp", default="0")
arguments.add_argument("--threads", default="0")
arguments.add_argument("--complete", action="store_true", help="a base model: the prompt is continued")
given = arguments.parse_args()


def run(prompt, kind, tokens):
    """Timings, text, and the processor seconds of the whole run."""
    command = [given.cli, "run", "--model", given.model, "--prompt", prompt, "--speculate", kind, "--json", "--seed", "7",
               "--temp", given.temp, "--max-tokens", str(tokens), "--ctx", "2048", "--threads", given.threads]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = subprocess.run(command + (["--complete"] if given.complete else []), check=True, capture_output=True,
                           text=True).stdout.splitlines()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return json.loads(lines[-1])["timings"], "".join(json.loads(line)["text"] for line in lines[:-1]), seconds


for name, prompts in PROMPTS.items():
    speeds = {kind: [] for kind in ["off"] + given.kinds}
    ratios, work = {kind: [] for kind in given.kinds}, {kind: [] for kind in given.kinds}
    drafted, accepted, said = (dict.fromkeys(given.kinds, 0) for _ in range(3))
    for prompt in prompts:
        for _ in range(given.repeat):
            begun = run(prompt, "off", 1)[2]
            plain, expected, plain_seconds = run(prompt, "off", given.tokens)
            speeds["off"].append(plain["tokens_per_second"])
            for kind in given.kinds:
                timings, text, seconds = run(prompt, kind, given.tokens)
                if text != expected:
                    raise SystemExit(f"{kind} says something else:\n{expected}\n---\n{text}")
                speeds[kind].append(timings["tokens_per_second"])
                if timings["answer_tokens"] >= 32:  # a reply of a few tokens measures its prompt
                    ratios[kind].append(timings["tokens_per_second"] / plain["tokens_per_second"])
                    work[kind].append((plain_seconds - begun) / max(1e-3, seconds - begun))
                drafted[kind] += timings["drafted_tokens"]
                accepted[kind] += timings["accepted_tokens"]
                said[kind] += timings["answer_tokens"]
    print(f"{name:12} off         {statistics.median(speeds['off']):7.1f} tokens/s")
    for kind in given.kinds:
        print(f"{name:12} {kind[-40:]:11} {statistics.median(speeds[kind]):7.1f} tokens/s  "
              f"x {statistics.median(ratios[kind]):.2f} ({min(ratios[kind]):.2f} to {max(ratios[kind]):.2f})  "
              f"by processor time x {statistics.median(work[kind]):.2f} ({min(work[kind]):.2f} to {max(work[kind]):.2f})  "
              f"{said[kind] / max(1, said[kind] - accepted[kind]):.2f} tokens a step, {drafted[kind]} guessed, {100 * accepted[kind] / max(1, drafted[kind]):.0f} % accepted", flush=True)
