"""Hit@k and mean reciprocal rank of retrieval results, with bootstrap intervals.

A result is {"document", "page", "last_page" (from 1; 0 where the source has no pages), "text"}. It finds a gold place

  * with a page: when it is of that document and its pages take in the gold page;
  * with a section: when it is of that document and holds at least half of the gold passage, or when most of it lies
    in the gold section and that section is no longer than a page (4,000 characters).

The strict measure ("passage") asks of every place that the result hold at least half of the gold passage itself.
A question's rank is the rank at which its last group of places is met (one group for most).
"""

import random
import unicodedata

import extract
import questions as bench

SECTION_LIMIT = 4000
KS = (1, 3, 5, 10)


def shingles(folded, n=8):
    return {folded[i: i + n] for i in range(max(1, len(folded) - n + 1))}


def _fold(text):
    return extract.fold(unicodedata.normalize("NFKC", text))


class Judge:
    def __init__(self, corpus):
        self.corpus = corpus
        self.gold = {}

    def _gold(self, place):
        key = (place["document"], bench.place_label(place), place["text"])
        if key not in self.gold:
            unit = self.corpus.unit(place)
            self.gold[key] = (shingles(_fold(place["text"])), unit)
        return self.gold[key]

    def holds_passage(self, place, folded):
        gold, _ = self._gold(place)
        return sum(s in folded for s in gold) * 2 >= len(gold)

    def finds(self, place, result, strict=False):
        if result["document"] != place["document"]:
            return False
        if "fold" not in result:
            result["fold"] = _fold(result["text"])
        if not strict and "page" in place:
            return result["page"] <= place["page"] <= max(result["page"], result.get("last_page") or 0)
        if self.holds_passage(place, result["fold"]):
            return True
        if strict:
            return False
        _, unit = self._gold(place)
        if unit is None or len(unit["text"]) > SECTION_LIMIT:
            return False
        pieces = shingles(result["fold"])
        return sum(s in unit["fold"] for s in pieces) * 2 >= len(pieces)

    def rank(self, question, results, strict=False):
        """From 1; 0: not found."""
        worst = 0
        for group in question["gold"]:
            best = 0
            for at, result in enumerate(results, 1):
                if any(self.finds(place, result, strict) for place in group):
                    best = at
                    break
            if best == 0:
                return 0
            worst = max(worst, best)
        return worst


def figures(ranks):
    n = len(ranks)
    out = {"n": n}
    for k in KS:
        out["hit@%d" % k] = sum(1 for r in ranks if 0 < r <= k) / n if n else 0.0
    out["mrr"] = sum(1 / r for r in ranks if 0 < r <= 10) / n if n else 0.0
    return out


def interval(ranks, of, samples=1000, seed=7):
    """95% of the bootstrap over questions. `of`: ranks -> number."""
    if not ranks:
        return (0.0, 0.0)
    rng = random.Random(seed)
    n = len(ranks)
    drawn = sorted(of([ranks[rng.randrange(n)] for _ in range(n)]) for _ in range(samples))
    return (drawn[int(0.025 * samples)], drawn[int(0.975 * samples) - 1])


def hit(k):
    return lambda ranks: sum(1 for r in ranks if 0 < r <= k) / len(ranks)


def mrr(ranks):
    return sum(1 / r for r in ranks if 0 < r <= 10) / len(ranks)
