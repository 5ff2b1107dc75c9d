#!/usr/bin/env python3
"""The benchmark's own parts, without the corpus: rules, ranks, parts, spans, and what is committed."""

import collections
import json
import os
import subprocess
import sys
import unittest

import baseline
import extract
import measure
import overlap
import questions as bench
import spans

HERE = os.path.dirname(os.path.abspath(__file__))


class Overlap(unittest.TestCase):
    def test_words_are_stemmed_and_stop_words_do_not_count(self):
        self.assertEqual(overlap.share("How do I index the tables?", "Indexing a table is easy."), 1.0)
        self.assertEqual(overlap.share("How do I index the tables?", "Nothing of it."), 0.0)
        self.assertAlmostEqual(overlap.share("red green blue", "green"), 1 / 3)

    def test_han_counts_pieces_of_two_that_stand_in_the_passage(self):
        self.assertEqual(overlap.share("硬盘分区", "请给硬盘分区"), 1.0)
        self.assertAlmostEqual(overlap.share("硬盘划分", "请给硬盘分区"), 0.5)
        # 盘 and 分 alone are no word of the question
        self.assertEqual(overlap.share("盘点分数", "硬盘 分区"), 0.0)

    def test_the_two_scripts_weigh_by_words(self):
        self.assertAlmostEqual(overlap.share("SQLite 事务", "SQLite is small"), 0.5)


class Ranks(unittest.TestCase):
    class Corpus:
        def __init__(self, units):
            self.made = units

        def unit(self, place):
            text = self.made.get((place["document"], bench.place_label(place)))
            return None if text is None else {"text": text, "fold": extract.fold(text)}

    def setUp(self):
        self.judge = measure.Judge(self.Corpus({
            ("a.html", "Short"): "The gold passage stands in this short section, among other sentences of it.",
            ("a.html", "Long"): "The gold passage of the long section. " + "Other words altogether fill it up. " * 200}))

    @staticmethod
    def result(document, page=0, last_page=0, text=""):
        return {"document": document, "page": page, "last_page": last_page, "text": text}

    def test_a_page_is_found_by_any_chunk_that_takes_it_in(self):
        question = {"gold": [[{"document": "a.pdf", "page": 7, "text": "whatever it says"}]]}
        found = [self.result("b.pdf", 7, 7), self.result("a.pdf", 5, 6), self.result("a.pdf", 6, 7)]
        self.assertEqual(self.judge.rank(question, found), 3)
        self.assertEqual(self.judge.rank(question, found[:2]), 0)
        self.assertEqual(self.judge.rank(question, found, strict=True), 0)

    def test_every_group_must_be_met_by_any_of_its_places(self):
        one = {"document": "a.pdf", "page": 1, "text": "x" * 20}
        other = {"document": "b.pdf", "page": 2, "text": "y" * 20}
        found = [self.result("a.pdf", 1, 1), self.result("c.pdf", 1, 1), self.result("b.pdf", 2, 2)]
        self.assertEqual(self.judge.rank({"gold": [[one], [other]]}, found), 3)
        self.assertEqual(self.judge.rank({"gold": [[one, other]]}, found), 1)
        self.assertEqual(self.judge.rank({"gold": [[one], [other]]}, found[:2]), 0)

    def test_a_section_is_found_by_its_passage_or_when_short_by_its_text(self):
        short = {"document": "a.html", "section": "Short", "text": "The gold passage stands in this short section"}
        long = {"document": "a.html", "section": "Long", "text": "The gold passage of the long section."}
        self.assertTrue(self.judge.finds(short, self.result("a.html", text="among other sentences of it.")))
        self.assertFalse(self.judge.finds(short, self.result("a.html", text="Wholly different text is here.")))
        self.assertFalse(self.judge.finds(short, self.result("b.html", text=short["text"])))
        self.assertFalse(self.judge.finds(long, self.result("a.html", text="Other words altogether fill it up.")))
        self.assertTrue(self.judge.finds(long, self.result("a.html", text="the GOLD passage of\nthe long section")))

    def test_figures(self):
        f = measure.figures([1, 2, 0, 11])
        self.assertEqual((f["hit@1"], f["hit@3"], f["hit@10"], f["mrr"]), (0.25, 0.5, 0.5, 0.375))
        low, high = measure.interval([1] * 50 + [0] * 50, measure.hit(5))
        self.assertTrue(0.35 < low < 0.5 < high < 0.65)


class Spans(unittest.TestCase):
    class Pdf:
        def __init__(self, texts, characters):
            self.texts, self.found = texts, characters

        def text(self, page):
            return extract.fold(self.texts.get(page, ""))

        def words(self, page):
            return self.found.get(page, [])

    def test_the_page_is_the_one_that_holds_the_text(self):
        pdf = self.Pdf({1: "a first page with words of its own", 2: "the second page speaks of another matter"}, {})
        text = "the second page speaks of another matter"
        self.assertTrue(spans.page_right(pdf, {"page": 2, "last_page": 2, "text": text}))
        self.assertTrue(spans.page_right(pdf, {"page": 1, "last_page": 2, "text": "words of its own\n" + text}))
        self.assertFalse(spans.page_right(pdf, {"page": 1, "last_page": 1, "text": text}))

    def test_a_text_stands_without_a_gap_or_over_a_page_end(self):
        class Pages:
            def orders_of(self, page):
                return [extract.fold({1: "one two three and a beginning", 2: "with its end. four five"}.get(page, ""))]
        equal = lambda text, page, last: spans.text_equal(Pages(), {"page": page, "last_page": last, "text": text})
        self.assertTrue(equal("two three\none", 1, 1))
        self.assertFalse(equal("four one", 1, 2))
        self.assertFalse(equal("one three", 1, 1))
        self.assertTrue(equal("a beginning with its end", 1, 2))
        self.assertFalse(equal("a beginning with its end", 1, 1))

    def test_a_box_is_confirmed_by_the_words_that_it_touches(self):
        def row(y, *words):
            return [(w, 50.0 * i, 50.0 * i + 40, y, spans.places(w, 50.0 * i, 50.0 * i + 40, 10)) for i, w in words]
        pdf = self.Pdf({}, {1: row(25.0, (0, "alpha"), (1, "beta")) + row(65.0, (0, "gamma"), (1, "delta"))})
        box = {"page": 1, "x": 50.0, "y": 20.0, "width": 40.0, "height": 10.0, "text": "beta"}
        self.assertEqual(spans.span_faults(pdf, {"text": "beta", "boxes": [box]}), (False, []))
        for wrong in (dict(box, y=60.0), dict(box, x=0.0, width=30.0), dict(box, text="delta"), dict(box, page=2)):
            self.assertEqual(len(spans.span_faults(pdf, {"text": wrong["text"], "boxes": [wrong]})[1]), 1)
        self.assertTrue(spans.span_faults(pdf, {"text": "alpha beta", "boxes": [box]})[0])

    def test_a_long_word_counts_only_near_the_box(self):
        word = "这是一行很长的汉字中间没有空格"
        pdf = self.Pdf({}, {1: [(word, 0.0, 150.0, 5.0, spans.places(word, 0.0, 150.0, 10))]})
        box = {"page": 1, "x": 0.0, "y": 0.0, "width": 20.0, "height": 10.0, "text": "这是"}
        self.assertEqual(spans.span_faults(pdf, {"text": "这是", "boxes": [box]}), (False, []))
        self.assertEqual(len(spans.span_faults(pdf, {"text": "空格", "boxes": [dict(box, text="空格")]})[1]), 1)
        # the page number of a line of a table of contents stands at its right end
        line = "Loans" + "." * 30 + "119"
        self.assertGreater(min(spans.places(line, 0.0, 300.0, 10)[-3:]), 280)
        self.assertLess(max(spans.places(line, 0.0, 300.0, 10)[:5]), 30)


class Committed(unittest.TestCase):
    def setUp(self):
        self.questions = bench.load()
        with open(os.path.join(HERE, "manifest.json"), encoding="utf-8") as file:
            self.files = {f["name"]: f for f in json.load(file)["files"]}

    def test_every_gold_place_is_in_the_manifest(self):
        for q in self.questions:
            languages = set()
            for group in q["gold"]:
                languages.add(self.files[group[0]["document"]]["language"])
                for place in group:
                    f = self.files[place["document"]]
                    self.assertEqual("page" in place, f["pages"] > 0, q["id"])
                    if "page" in place:
                        self.assertTrue(1 <= place["page"] <= f["pages"], q["id"])
            self.assertEqual(q["document_language"], "mixed" if len(languages) > 1 else languages.pop(), q["id"])

    def test_parts_are_those_that_the_rule_deals(self):
        dealt = bench.parts(self.questions)
        self.assertEqual({q["id"]: q["part"] for q in self.questions}, dealt)
        sizes = collections.Counter(dealt.values())
        self.assertLessEqual(max(sizes.values()) - min(sizes.values()), 2)
        # a question keeps its part when others join it
        first = [q for q in self.questions if q["id"] <= bench.BATCHES[0]]
        self.assertTrue(all(dealt[i] == part for i, part in bench.parts(first).items()))

    def test_the_promised_counts(self):
        n = len(self.questions)
        tags = [set(q["tags"]) for q in self.questions]
        self.assertGreaterEqual(n, 300)
        self.assertGreaterEqual(2 * sum("paraphrased" in t for t in tags), n)
        self.assertGreaterEqual(sum(bool(t & {"cross-language", "several-pages"}) for t in tags), 50)
        self.assertGreaterEqual(sum(q["language"] == "zh" for q in self.questions), 120)
        self.assertGreaterEqual(sum(f["pages"] for f in self.files.values()), 2000)

    def test_claims(self):
        check = os.path.join(HERE, "..", "..", "fixtures", "claims", "check.py")
        self.assertEqual(subprocess.run([sys.executable, check], capture_output=True).returncode, 0)


class Baseline(unittest.TestCase):
    def test_bm25_prefers_the_rarer_word_and_finds_han_pairs(self):
        words = baseline.Bm25(["common common rare", "common word here", "硬盘分区之前先备份"])
        self.assertEqual(words.search("rare common", 3)[0], 0)
        self.assertEqual(words.search("怎样备份硬盘", 3), [2])

    def test_fusion_rewards_what_both_found(self):
        self.assertEqual(baseline.fuse([[1, 2], [3, 2]], 3)[0], 2)

    def test_chunks_hold_all_of_a_text_and_know_their_page(self):
        units = [{"label": "1", "text": "One sentence. " * 300}, {"label": "2", "text": "第二页。" * 300}]
        chunks = baseline.chunks_of("a.pdf", units, True)
        self.assertGreater(len(chunks), 4)
        self.assertEqual({c["page"] for c in chunks}, {1, 2})
        self.assertTrue(all(len(c["text"]) < 4000 for c in chunks))


if __name__ == "__main__":
    unittest.main()
