#!/usr/bin/env python3
"""The peer's figures for `pellucid-cli bench`: prefill and decode of llama-cpp-python on the same file and threads.

usage: peer_llama_cpp.py MODEL.gguf [--prompt-tokens 512] [--gen-tokens 64] [--threads 2] [--repeat 5]
Needs: pip install llama-cpp-python (built with GGML_NATIVE=ON). Prints median (least to most) tokens a second.
"""
import argparse
import statistics
import time

import llama_cpp

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("--prompt-tokens", type=int, default=512)
parser.add_argument("--gen-tokens", type=int, default=64)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--repeat", type=int, default=5)
args = parser.parse_args()

llm = llama_cpp.Llama(args.model, n_ctx=args.prompt_tokens + args.gen_tokens + 32, n_threads=args.threads,
                      n_threads_batch=args.threads, n_batch=512, n_ubatch=512, flash_attn=True, verbose=False)
prompt = [(i * 31 + 7) % 300 + 10 for i in range(args.prompt_tokens)]
prefill, decode = [], []
for run in range(args.repeat + 1):  # the first is a warm-up
    llm.reset()
    start = time.perf_counter()
    llm.eval(prompt)
    middle = time.perf_counter()
    for _ in range(args.gen_tokens):
        llm.eval([llm.sample(temp=0.0)])
    end = time.perf_counter()
    if run:
        prefill.append(args.prompt_tokens / (middle - start))
        decode.append(args.gen_tokens / (end - middle))
for name, values in (("prefill", prefill), ("decode", decode)):
    print(f"{name} {statistics.median(values):.1f} tok/s ({min(values):.1f} to {max(values):.1f}), llama-cpp-python {llama_cpp.__version__}")
