#!/usr/bin/env python3
"""Checks pages and spans of chunks against an independent extractor, poppler's pdftotext.

    spans.py CHUNKS.jsonl [--worst N] [--least-chunks 1000]

A line of CHUNKS.jsonl is a chunk of a PDF as the product made it: {"path", "page", "last_page" (from 1), "text",
"boxes": [{"page", "x", "y", "width", "height", "text"}, ...]} with boxes in points from the top left of the page, in
the order of the text, each with its own text (a word or a few). dump_chunks writes it. (Lines of other files are
passed over.)

  page   the chunk's text stands on the pages that it names: at least 90% of its 12-character pieces are in pdftotext's
         text of these pages, and no single other page within five has more of them
  text   every paragraph and cell of the chunk is what pdftotext has on these pages without a gap, in its reading order, in
         the order of the page description (-raw) or as laid out (-layout); over a page's end: its beginning on the one,
         the rest on the next
  boxes  the texts of its boxes, one after another, are the chunk's text; and each box's text is what
         `pdftotext -bbox` sees at that place (all folded as extract.fold does: NFKC, lower case, letters and digits)

A box is confirmed by the words of pdftotext that it touches: its text must stand in them. pdftotext gives boxes of
words, not of characters, and takes a run of Han characters, or a line of a table of contents with its dots and page
number, for one word; of words longer than 12 characters only those characters count that lie within 1.5 of the box's
height, by their usual widths. Up and down a box may miss a word's middle by half its own height.
Answers 1 below 100% of pages or 99% of texts; with --boxes below 99% of chunks whose every box is confirmed.
"""

import argparse
import collections
import html
import json
import re
import subprocess
import sys
import unicodedata

import extract

ACROSS, UP_DOWN = 1.5, 0.5  # of a box's height
LONG_WORD = 12  # characters


def width_of(char):
    """In ems, roughly what proportional fonts have."""
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in ".,:;'`|!iIjl·‘’":
        return 0.27
    if char in "ftr()[]{}/\\\"-“”*°":
        return 0.34
    if char in "mwMW@%—":
        return 0.85
    return 0.68 if char.isupper() else 0.52


def places(word, x0, x1, height):
    """x of the centre of each character of a word of pdftotext's."""
    leader = re.search(r"[.·…]{4,}|(?:[.·] ?){4,}", word)
    if leader:  # "Loans......119": what is before the dots begins at x0, what is after them ends at x1
        head, tail = word[: leader.start()], word[leader.end():]
        size = height * 0.9
        first = places_by_width(head, x0, x0 + size * sum(map(width_of, head)))
        last = places_by_width(tail, x1 - size * sum(map(width_of, tail)), x1)
        return first + [(x0 + x1) / 2] * (len(word) - len(head) - len(tail)) + last
    return places_by_width(word, x0, x1)


def places_by_width(word, x0, x1):
    whole = sum(map(width_of, word)) or 1
    at, out = 0.0, []
    for char in word:
        out.append(x0 + (x1 - x0) * (at + width_of(char) / 2) / whole)
        at += width_of(char)
    return out


class Pdf:
    def __init__(self, path):
        self.path = path
        self.pages = {}
        self.texts = None
        self.orders = {}

    def orders_of(self, page):
        """The folded text of a page in pdftotext's three orders."""
        if page not in self.orders:
            made = []
            for order in ([], ["-raw"], ["-layout"]):
                out = subprocess.run(["pdftotext", "-q", *order, "-f", str(page), "-l", str(page), self.path, "-"],
                                     check=True, capture_output=True).stdout.decode("utf-8", "replace")
                made.append(extract.fold(out))
            self.orders[page] = made
        return self.orders[page]

    def text(self, page):
        if self.texts is None:
            self.texts = [extract.fold(u["text"]) for u in extract.pdf_pages(self.path)]
        return self.texts[page - 1] if 0 < page <= len(self.texts) else ""

    def words(self, page):
        """[(word, x0, x1, y of its middle, [x of each character])] in pdftotext's order."""
        if page not in self.pages:
            out = subprocess.run(["pdftotext", "-q", "-bbox", "-f", str(page), "-l", str(page), self.path, "-"],
                                 check=True, capture_output=True).stdout.decode("utf-8", "replace")
            found = []
            for x0, y0, x1, y1, word in re.findall(
                    r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', out):
                word = html.unescape(word)
                x0, y0, x1, y1 = float(x0), float(y0), float(x1), float(y1)
                found.append((word, x0, x1, (y0 + y1) / 2, places(word, x0, x1, y1 - y0)))
            self.pages[page] = found
        return self.pages[page]


def near(pdf, box):
    """What pdftotext sees where the box is."""
    left, right = box["x"], box["x"] + box["width"]
    up, down = box["y"] - UP_DOWN * box["height"], box["y"] + (1 + UP_DOWN) * box["height"]
    slack = ACROSS * max(box["height"], 6.0)
    seen = ""
    for word, x0, x1, y, xs in pdf.words(box["page"]):
        if x1 < left - 1 or x0 > right + 1 or not up <= y <= down:
            continue
        if len(word) <= LONG_WORD:
            seen += word
        else:
            seen += "".join(char for char, x in zip(word, xs) if left - slack <= x <= right + slack)
    return seen


def span_faults(pdf, chunk):
    """(the boxes' texts are not the chunk's, [boxes that pdftotext does not confirm])"""
    told = extract.fold("\n".join(box["text"] for box in chunk["boxes"]))
    other = told != extract.fold(chunk["text"])
    return other, [box for box in chunk["boxes"]
                   if extract.fold(box["text"]) and extract.fold(box["text"]) not in extract.fold(near(pdf, box))]


def pieces(folded, n=12):
    return [folded[i: i + n] for i in range(0, max(1, len(folded) - n + 1), 3)]


def page_right(pdf, chunk):
    folded = extract.fold(chunk["text"])
    if len(folded) < 12:
        return True
    wanted = pieces(folded)
    named = range(chunk["page"], max(chunk["page"], chunk.get("last_page") or 0) + 1)
    there = [any(p in pdf.text(page) for page in named) for p in wanted]
    share = sum(there) / len(wanted)
    if share < 0.9:  # pieces over a page's end, over a dropped running head, or in another reading order
        outside = [page for page in range(max(1, named[0] - 5), named[-1] + 6) if page not in named]
        elsewhere = max((sum(p in pdf.text(page) for p in wanted) / len(wanted) for page in outside), default=0)
        letters = collections.Counter(folded)
        here = collections.Counter("".join(pdf.text(page) for page in named))
        return share > elsewhere and sum((letters - here).values()) <= 0.02 * len(folded)
    return True


def stands(pdf, piece, pages):
    """A folded piece of text stands on one of the pages, or begins on one and ends on the next."""
    for page in pages:
        if any(piece in text for text in pdf.orders_of(page)):
            return True
    for page in list(pages)[:-1]:
        for before in pdf.orders_of(page):
            low, high = 0, len(piece)
            while low < high:  # the longest beginning that stands on the page
                middle = (low + high + 1) // 2
                low, high = (middle, high) if piece[:middle] in before else (low, middle - 1)
            if low and any(piece[low:] in text for text in pdf.orders_of(page + 1)):
                return True
    return False


def text_equal(pdf, chunk):
    pages = range(chunk["page"], max(chunk["page"], chunk.get("last_page") or 0) + 1)
    return all(stands(pdf, extract.fold(piece), pages) for piece in re.split(r"[\n\t]", chunk["text"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chunks")
    parser.add_argument("--worst", type=int, default=5)
    parser.add_argument("--boxes", action="store_true", help="the answer depends on the boxes too")
    parser.add_argument("--least-chunks", type=int, default=1000)
    options = parser.parse_args()
    pdfs = {}
    n = pages = texts = right_spans = boxes = wrong_boxes = 0
    worst = []
    with open(options.chunks, encoding="utf-8") as file:
        for line in file:
            chunk = json.loads(line)
            if not chunk["path"].endswith(".pdf"):
                continue
            pdf = pdfs.setdefault(chunk["path"], Pdf(chunk["path"]))
            n += 1
            right = page_right(pdf, chunk)
            pages += right
            if not right:
                print("page: %s %d: %r" % (chunk["path"], chunk["page"], chunk["text"][:80]))
            texts += text_equal(pdf, chunk)
            other, faults = span_faults(pdf, chunk)
            boxes += len(chunk["boxes"])
            wrong_boxes += len(faults)
            if other or faults:
                worst.append((len(faults) / max(1, len(chunk["boxes"])), other, chunk, faults))
            else:
                right_spans += 1
    if n == 0:
        sys.exit("no chunk of a PDF in " + options.chunks)
    print("chunks %d of %d PDFs: page right %d (%.2f%%), text equal %d (%.2f%%); boxes confirmed %d of %d (%.3f%%), "
          "chunks with every box confirmed %d (%.2f%%)" % (
              n, len(pdfs), pages, 100 * pages / n, texts, 100 * texts / n, boxes - wrong_boxes, boxes,
              100 * (boxes - wrong_boxes) / max(1, boxes), right_spans, 100 * right_spans / n))
    kinds = collections.Counter("boxes are not the text" if other else "boxes elsewhere" for _, other, _, _ in worst)
    print(", ".join("%s: %d" % kind for kind in kinds.most_common()))
    for share, other, chunk, faults in sorted(worst, key=lambda w: -w[0])[: options.worst]:
        print("%.2f %s %d %r" % (share, chunk["path"], chunk["page"], chunk["text"][:60]))
        for box in faults[:3]:
            print("    %r at %.1f %.1f %.1f %.1f: pdftotext sees %r" % (
                box["text"], box["x"], box["y"], box["width"], box["height"], near(pdfs[chunk["path"]], box)[:60]))
    good = pages == n and texts >= 0.99 * n and (not options.boxes or right_spans >= 0.99 * n)
    return 0 if good and n >= options.least_chunks else 1


if __name__ == "__main__":
    sys.exit(main())
