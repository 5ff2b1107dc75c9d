#!/usr/bin/env python3
"""The memory plan made from a model's header, next to the peak that loading it and running a prompt takes.

Usage: peak_memory.py PELLUCID_CLI MODEL [--ctx N] [--prompt-tokens N] [--kv F] [--device D] [--lora FILE]... [--limit PERCENT]
The plan is `inspect`'s, made of the header alone before anything is allocated. Measured is what `bench` says of its own
process: the peak of its anonymous pages, and of the mapped pages of files beyond those at its start (weights read where they
lie). Pages of a context that no token has reached are not in memory yet, nor are rows of working memory that no step has
used, so the prompt should fill the context. Ends with 1 where plan and peak differ by more than the limit.
"""
import argparse
import json
import subprocess
import sys

arguments = argparse.ArgumentParser()
arguments.add_argument("cli")
arguments.add_argument("model")
arguments.add_argument("--ctx", type=int, default=2048)
arguments.add_argument("--prompt-tokens", type=int, default=2000)
arguments.add_argument("--kv", default="f16")
arguments.add_argument("--device", default="cpu")
arguments.add_argument("--threads", default="0")
arguments.add_argument("--lora", action="append", default=[])
arguments.add_argument("--limit", type=float, default=3.0)
given = arguments.parse_args()
lora = [part for file in given.lora for part in ("--lora", file)]

inspected = json.loads(subprocess.run([given.cli, "inspect", given.model, "--ctx", str(given.ctx), "--kv", given.kv, "--json", *lora],
                                      check=True, capture_output=True, text=True).stdout)
plan = inspected["memory"][given.device]
measured = json.loads(subprocess.run([given.cli, "bench", "--model", given.model, "--device", given.device, "--ctx", str(given.ctx),
                                      "--kv", given.kv, "--prompt-tokens", str(given.prompt_tokens), "--gen-tokens", "8", "--repeat", "1",
                                      "--threads", given.threads, "--json", *lora], check=True, stdout=subprocess.PIPE, text=True).stdout)
peak = measured["peak_memory_bytes"]
off = 100 * (plan["total"] / peak - 1)
print(f"{given.model}: context {given.ctx}, {given.prompt_tokens} tokens read, kv {given.kv}, {given.device}")
print(f"plan      {plan['total'] / 1e6:9.1f} MB  (weights {plan['weights'] / 1e6:.1f}, kv {plan['kv'] / 1e6:.1f}, "
      f"working memory {plan['scratch'] / 1e6:.1f})")
print(f"peak      {peak / 1e6:9.1f} MB  ({measured['peak_anonymous_bytes'] / 1e6:.1f} anonymous + "
      f"{measured['mapped_weights_bytes'] / 1e6:.1f} mapped), steps of {measured['chunk_rows']} rows")
print(f"plan is {off:+.2f} % of the peak; {measured['prefill_tokens_per_second']['median']:.1f} tokens/s read")
sys.exit(abs(off) > given.limit)
