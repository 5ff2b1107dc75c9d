#!/usr/bin/env python3
"""Checks questions.jsonl against the corpus:  check.py OUT   (OUT as corpus.py built it)

Every gold passage stands on its page or in its section (as pdftotext and html.parser read them), questions are not
said twice, the parts are those that questions.parts() deals, the tags are true, and the counts that the benchmark
promises hold. Answers 1 and names what is wrong.
"""

import collections
import re
import sys
import unicodedata

import extract
import questions as bench

LEAST = {"questions": 300, "paraphrased": 0.5, "cross-language or several pages": 50, "Chinese": 120}


def main():
    corpus = bench.Corpus(sys.argv[1])
    questions = bench.load()
    wrong = []
    dealt = bench.parts(questions)
    seen = {}
    for q in questions:
        name = q["id"]
        key = extract.fold(q["question"])
        if key in seen:
            wrong.append("%s: the same question as %s" % (name, seen[key]))
        seen[key] = name
        if q["part"] != dealt[name]:
            wrong.append("%s: part %s, dealt %s" % (name, q["part"], dealt[name]))
        if not q["answer"].strip() or not q["gold"] or not all(q["gold"]):
            wrong.append("%s: no answer or no gold" % name)
        for place in (p for group in q["gold"] for p in group):
            unit = corpus.unit(place)
            if unit is None:
                wrong.append("%s: %s has no %s" % (name, place["document"], bench.place_label(place)))
            elif extract.fold(place["text"]) not in unit["fold"]:
                wrong.append("%s: the passage does not stand on %s %s" % (
                    name, place["document"], bench.place_label(place)))
        han = len(re.findall("[\u4e00-\u9fff]", unicodedata.normalize("NFKC", q["question"])))
        if (q["language"] == "zh") != (han >= 3):
            wrong.append("%s: is not in %s" % (name, q["language"]))
        paraphrased = bench.share(corpus, q) <= bench.PARAPHRASE_LIMIT
        true_tags = {"paraphrased": paraphrased, "cross-language": q["language"] != q["document_language"],
                     "several-pages": len(q["gold"]) > 1,
                     "sections": any("section" in p for group in q["gold"] for p in group)}
        for tag, holds in true_tags.items():
            if (tag in q["tags"]) != holds:
                wrong.append("%s: tag %s should be %s" % (name, tag, holds))
    tags = collections.Counter(tag for q in questions for tag in q["tags"])
    same = [q for q in questions if "cross-language" not in q["tags"]]
    hard = sum(1 for q in questions if {"cross-language", "several-pages"} & set(q["tags"]))
    counts = {
        "questions": len(questions), "paraphrased": tags["paraphrased"] / len(questions),
        "cross-language or several pages": hard, "Chinese": sum(q["language"] == "zh" for q in questions)}
    for what, least in LEAST.items():
        if counts[what] < least:
            wrong.append("%s: %s, at least %s" % (what, counts[what], least))
    documents = {p["document"] for q in questions for group in q["gold"] for p in group}
    print("questions %d (en %d, zh %d), parts %s" % (
        len(questions), len(questions) - counts["Chinese"], counts["Chinese"],
        " ".join("%s %d" % pair for pair in sorted(collections.Counter(q["part"] for q in questions).items()))))
    print("paraphrased %d (%.0f%%), of those in one language %d of %d (%.0f%%)" % (
        tags["paraphrased"], 100 * counts["paraphrased"], sum("paraphrased" in q["tags"] for q in same), len(same),
        100 * sum("paraphrased" in q["tags"] for q in same) / len(same)))
    print("cross-language %d, several pages %d, together %d; in sources without pages %d; gold in %d documents" % (
        tags["cross-language"], tags["several-pages"], hard, tags["sections"], len(documents)))
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
