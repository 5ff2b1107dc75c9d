#!/usr/bin/env python3
"""What a model loses by quantising: perplexity before and after, without and with an importance matrix, next to a peer.

Usage: quantize_models.py PELLUCID_CLI MODEL TEXT FOLDER [--recipes Q4_K_M,...] [--score-kb N] [--threads N] [--no-peer]
TEXT (tests/bench/perplexity/make_text.py) is cut: its last N kilobytes are scored, the importance matrix is made of what
stands before them. The source of every file is MODEL dequantised to F16. The peer is llama_model_quantize of
llama-cpp-python, given the same F16 file and the same importance matrix; all files are scored by pellucid-cli in windows of
512, so that only the files differ. A row: bytes, perplexity with its standard error, and how far it is from F16's.
"""
import argparse
import ctypes
import json
import pathlib
import subprocess
import sys

arguments = argparse.ArgumentParser()
arguments.add_argument("cli")
arguments.add_argument("model")
arguments.add_argument("text")
arguments.add_argument("folder")
arguments.add_argument("--recipes", default="Q4_K_M,Q3_K_M,IQ4_XS,Q2_K")
arguments.add_argument("--score-kb", type=int, default=60)
arguments.add_argument("--imatrix-kb", type=int, default=120)
arguments.add_argument("--threads", default="0")
arguments.add_argument("--no-peer", action="store_true")
given = arguments.parse_args()
folder = pathlib.Path(given.folder)
folder.mkdir(parents=True, exist_ok=True)
text = pathlib.Path(given.text).read_text(encoding="utf-8")
cut = len(text) - given.score_kb * 1000
scored, read = folder / "scored.txt", folder / "imatrix.txt"
scored.write_text(text[cut:], encoding="utf-8")
read.write_text(text[max(0, cut - given.imatrix_kb * 1000):cut], encoding="utf-8")


def cli(*arguments):
    done = subprocess.run([given.cli, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, arguments))}: {done.stderr[-600:]}")
    return done.stdout


def perplexity(path):
    return json.loads(cli("perplexity", "--model", path, "--file", scored, "--context", 512, "--threads", given.threads, "--json"))


FTYPES = {"Q4_0": 2, "Q8_0": 7, "Q2_K": 10, "Q3_K_S": 11, "Q3_K_M": 12, "Q3_K_L": 13, "Q4_K_S": 14, "Q4_K_M": 15, "Q5_K_S": 16,
          "Q5_K_M": 17, "Q6_K": 18, "IQ4_XS": 30}


def peer(source, out, recipe, matrix):
    import gguf
    import llama_cpp
    import numpy as np
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype, params.nthread = FTYPES[recipe], max(1, int(given.threads) or 2)
    if matrix:
        sums = {t.name: t.data for t in gguf.GGUFReader(matrix).tensors}
        names = sorted(n[:-len(".in_sum2")] for n in sums if n.endswith(".in_sum2"))
        entries = (llama_cpp.llama_cpp.llama_model_imatrix_data * (len(names) + 1))()
        keep = []
        for entry, name in zip(entries, names):
            counts = np.asarray(sums[name + ".counts"], np.float32).reshape(-1, 1)
            squares = np.asarray(sums[name + ".in_sum2"], np.float32).reshape(len(counts), -1)
            values = np.ascontiguousarray((squares / np.maximum(counts, 1)).reshape(-1), np.float32)
            keep.append((values, name.encode()))
            entry.name = keep[-1][1]
            entry.data = values.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
            entry.size = len(values)
        params.imatrix = ctypes.cast(entries, ctypes.POINTER(llama_cpp.llama_cpp.llama_model_imatrix_data))
    if llama_cpp.llama_model_quantize(str(source).encode(), str(out).encode(), ctypes.byref(params)):
        sys.exit(f"llama_model_quantize {recipe} failed")


source, matrix = folder / "f16.gguf", folder / "imatrix.gguf"
if not source.exists():  # kept from an earlier run
    cli("quantize", given.model, source, "F16", "--threads", given.threads)
base = perplexity(source)


def row(name, path):
    now = perplexity(path)
    print(f"{name:34} {path.stat().st_size / 1e6:8.2f} MB  perplexity {now['perplexity']:8.4f} +- {now['standard_error']:.3f}  "
          f"{100 * (now['perplexity'] / base['perplexity'] - 1):+7.2f} %", flush=True)


print(f"{'F16':34} {source.stat().st_size / 1e6:8.2f} MB  perplexity {base['perplexity']:8.4f} +- {base['standard_error']:.3f}  "
      f"{base['scored_tokens']} tokens scored", flush=True)
for recipe in given.recipes.split(","):
    for weighted in (False, True):
        out = folder / "out.gguf"
        more = []
        if weighted:
            more = ["--imatrix", matrix] if matrix.exists() else ["--imatrix-text", read, "--imatrix-save", matrix]
        cli("quantize", source, out, recipe, "--threads", given.threads, *more)
        label = f"{recipe}{', importance' if weighted else ''}"
        row(label, out)
        if not given.no_peer:
            peer(source, out, recipe, matrix if weighted else None)
            row(label + ", peer", out)
