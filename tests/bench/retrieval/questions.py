"""Questions of the retrieval benchmark: reading them, finding their gold passages, and their three parts.

questions.jsonl, one question a line:

    id, question, language ("en", "zh"), document_language, answer, tags, part ("A", "B": for tuning, "C": held out),
    gold: groups of alternatives. A question is met when EVERY group is met, a group when ANY of its places is found;
          most questions have one group, those that need several pages have two.
          A place is {"document", "page"} (place in the file, from 1) or {"document", "section"} (heading; sources
          without pages), and "text": the passage, spaces collapsed.
"""

import hashlib
import json
import os
import re

import extract
import overlap

HERE = os.path.dirname(os.path.abspath(__file__))
BATCHES = ("q427",)  # the last question of each batch but the newest
PARAPHRASE_LIMIT = 0.30  # share of content words, overlap.py


def load(path=None):
    with open(path or os.path.join(HERE, "questions.jsonl"), encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def place_label(place):
    return str(place["page"]) if "page" in place else place["section"]


def parts(questions):
    """id -> part. Within each (batch, language of question, language of document) the questions are put in the order
    of the digest of their text and dealt out A, B, C: nobody chooses, and each part is alike. Questions that came
    later are dealt after the first, so that no question ever changes its part."""
    groups = {}
    for q in questions:
        batch = sum(q["id"] > last for last in BATCHES)
        groups.setdefault((batch, q["language"], q["document_language"]), []).append(q)
    dealt = {}
    start = 0
    for key in sorted(groups):
        for q in sorted(groups[key], key=lambda q: hashlib.sha256(q["question"].encode("utf-8")).hexdigest()):
            dealt[q["id"]] = "ABC"[start % 3]
            start += 1
    return dealt


class Corpus:
    """Units (pages or sections) of OUT/text, see corpus.py."""

    def __init__(self, out):
        self.folder = os.path.join(out, "text")
        self.cache = {}

    def units(self, document):
        if document not in self.cache:
            with open(os.path.join(self.folder, document + ".json"), encoding="utf-8") as file:
                units = json.load(file)
            for unit in units:
                unit["fold"] = extract.fold(unit["text"])
            self.cache[document] = units
        return self.cache[document]

    def unit(self, place):
        label = place_label(place)
        for unit in self.units(place["document"]):
            if unit["label"] == label:
                return unit
        return None


def passage(unit, text):
    """The gold passage for the overlap rule: short ones are widened from their page to 200 characters (80 where the
    passage is Han), so that a clipped passage cannot make a question look paraphrased."""
    least = 80 if re.search("[\u3400-\u9fff]", text) else 200
    if len(text) >= least or unit is None:
        return text
    flat = " ".join(unit["text"].split())
    at = flat.find(text)
    if at < 0:
        return text
    side = (least - len(text) + 1) // 2
    return flat[max(0, at - side): at + len(text) + side]


def share(corpus, question):
    places = [place for group in question["gold"] for place in group]
    return overlap.share(question["question"], " ".join(passage(corpus.unit(p), p["text"]) for p in places))
