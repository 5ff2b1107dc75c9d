#!/usr/bin/env python3
"""Asks a library of documents with a real model and says what became of each question.

    ask.py CLI LIBRARY MODEL [--embedding FILE] [--show]

LIBRARY holds (docs add) these documents of tests/bench/retrieval's corpus: developers-reference.pdf, R-intro.pdf,
fhs-3.0.pdf, project-history.en.pdf, lshort-zh-cn.pdf, maint-guide.zh-cn.pdf, gimp-*.html, faq-zh-*.html,
aptitude-*.html. `expect` are words of a right answer (one of them is enough), null: the documents hold none.
  right   the answer has them and is said to be (partly) from the documents, with a citation
  shown   it has not, is not said to be from the documents, and the nearest words of the documents have them
  marked  neither, but nothing is passed off as the documents'
  WRONG   something else is said to be from the documents
"""
import argparse
import json
import pathlib
import subprocess

SAID = ("answered", "partly")


def judge(expect, last):
    text = last["text"].lower()
    said = last["outcome"] in SAID
    if expect is None:
        return "WRONG" if said else "right"
    if said and any(words.lower() in text for words in expect) and last["sources"]:
        return "right"
    near = " ".join(one["quote"] for one in last["nearest"]).lower()
    if any(words.lower() in near for words in expect):
        return "shown"
    return "WRONG" if said else "marked"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cli")
    parser.add_argument("library")
    parser.add_argument("model")
    parser.add_argument("--embedding")
    parser.add_argument("--max-tokens", default="120")
    parser.add_argument("--show", action="store_true", help="the answers, to be looked at")
    arguments = parser.parse_args()
    counts = {}
    for line in (pathlib.Path(__file__).parent / "questions.jsonl").read_text().splitlines():
        one = json.loads(line)
        command = [arguments.cli, "docs", "ask", one["question"], "--data-dir", arguments.library, "--model", arguments.model,
                   "--temp", "0", "--max-tokens", arguments.max_tokens, "--json"]
        if arguments.embedding:
            command += ["--embedding", arguments.embedding]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if ran.returncode != 0:
            raise SystemExit(ran.stderr)
        last = json.loads(ran.stdout.splitlines()[-1])
        verdict = judge(one["expect"], last)
        kind = ("Chinese" if any(ord(c) > 0x2E80 for c in one["question"]) else "English") + (
            "" if one["expect"] else ", not in them")
        counts.setdefault(kind, {}).setdefault(verdict, 0)
        counts[kind][verdict] += 1
        print(f"{verdict:7} {last['outcome']:16} {one['question']}")
        if arguments.show:
            print("        " + last["text"].strip().replace("\n", " ")[:300])
    for kind, verdicts in counts.items():
        print(f"{kind}: " + ", ".join(f"{n} {verdict}" for verdict, n in sorted(verdicts.items())))


if __name__ == "__main__":
    main()
