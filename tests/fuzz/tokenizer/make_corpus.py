#!/usr/bin/env python3
"""Writes the seeds of fuzz_tokenizer: the first byte chooses what the rest is.   make_corpus.py corpus"""
import json
import sys
from pathlib import Path

out = Path(sys.argv[1])
fixtures = Path(__file__).resolve().parents[2] / "fixtures/tokenizers"
seeds = {}
texts = {"english": "It's  a test, 1234 of\r\n\n WE'LL see", "scripts": "日本語 Ünïcode हिन्दी 😀👍🏽 ١٢٣", "special": "<|end|><think>aaaaa</s>\n\n<|end", "spaces": " \t \u3000\u180e\u0085  \n",
         "ill_formed": None, "long": "aab" * 300, "gap": "\u1c89\U000105c0\U00031350a"}
for name, text in texts.items():
    data = b"a\xff\xf0\x9f\x98 \xc0\xaf\xed\xa0\x80\xe2\x96" if text is None else text.encode()
    seeds[f"bytes_{name}"] = b"\0" + data
    seeds[f"pieces_{name}"] = b"\1" + data
for i, case in enumerate(json.loads((fixtures / "cases.json").read_text())[::4]):
    if len(text := json.dumps(case["tokenizer"], ensure_ascii=False)) < 6000: seeds[f"json_{i}"] = b"\2" + text.encode()
for i, pattern in enumerate(["a+", r"\p{Han}+|\w+\b", r"[^\r\n\p{L}]?\p{L}+|\s+(?!\S)|\s+", "(?=1)|(?<=-)", "(a*)*b", r"[[:alpha:]]\h"]):
    seeds[f"pattern_{i}"] = b"\3" + pattern.encode() + b"\0" + "aa b1-1 日本 é\n  aaaaaaaaaaaaaaaaaaaaaaaaaaaaac".encode()
vocabulary = b"".join(bytes([(kind << 5) | merge | len(piece), score]) + piece for kind, merge, score, piece in
                      [(2, 0, 0, b"<u>"), (3, 0, 0, b"<s>"), (1, 0, 250, b"a"), (1, 8, 251, b"b"), (1, 0, 252, b"ab"), (4, 0, 0, b"\n"), (1, 0, 0, b""), (1, 0, 9, b"\xff"), (5, 0, 1, b"p"), (1, 0, 3, "▁".encode())])
seeds["vocabulary_bpe"] = b"\4" + vocabulary + b"abab <s>\n\n"
seeds["vocabulary_pieces"] = b"\5" + vocabulary + b"abab <s>\n\n"
out.mkdir(exist_ok=True)
for name, data in seeds.items(): (out / name).write_bytes(data)
print(len(seeds), "seeds")
