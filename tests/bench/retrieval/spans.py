#!/usr/bin/env python3
"""Checks pages and spans of chunks against an independent extractor, poppler's pdftotext.

    spans.py CHUNKS.jsonl [--worst N] [--least-chunks 1000]

A line of CHUNKS.jsonl is a chunk of a PDF as the product made it: {"path", "page", "last_page" (from 1), "text",
"boxes": [{"page", "x", "y", "width", "height"}, ...]} with boxes in points from the top left of the page, in the order
of the text. (Lines of other files are passed over.)

  page   the chunk's text stands on the pages that it names: at least 90% of its 12-character pieces are in pdftotext's
         text of these pages, and no single other page within five has more of them
  span   the characters that `pdftotext -bbox` sees inside the chunk's boxes, box after box, are the chunk's text
         (both folded as extract.fold does: NFKC, lower case, letters and digits only)

pdftotext gives boxes of words; a word's characters are spread evenly over it (East Asian wide ones count double), so
that a chunk may begin inside a run of Han characters, which pdftotext takes for one word.
Answers 1 below 100% of pages or 99% of spans.
"""

import argparse
import collections
import difflib
import html
import json
import re
import subprocess
import sys
import unicodedata

import extract

UP_DOWN, LEFT_RIGHT = 2.0, 0.4  # points of tolerance about a box


def width_of(char):
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


class Pdf:
    def __init__(self, path):
        self.path = path
        self.pages = {}
        self.texts = None

    def text(self, page):
        if self.texts is None:
            self.texts = [extract.fold(u["text"]) for u in extract.pdf_pages(self.path)]
        return self.texts[page - 1] if 0 < page <= len(self.texts) else ""

    def characters(self, page):
        """[(character, x of its centre, y of its centre)] in pdftotext's order."""
        if page not in self.pages:
            out = subprocess.run(["pdftotext", "-q", "-bbox", "-f", str(page), "-l", str(page), self.path, "-"],
                                 check=True, capture_output=True).stdout.decode("utf-8", "replace")
            found = []
            for x0, y0, x1, y1, word in re.findall(
                    r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', out):
                word = html.unescape(word)
                x0, y0, x1, y1 = float(x0), float(y0), float(x1), float(y1)
                whole = sum(width_of(c) for c in word) or 1
                at = 0
                for c in word:
                    found.append((c, x0 + (x1 - x0) * (at + width_of(c) / 2) / whole, (y0 + y1) / 2))
                    at += width_of(c)
            self.pages[page] = found
        return self.pages[page]


def inside(pdf, boxes):
    """The text that pdftotext sees in the boxes. A character belongs to the first box that holds its centre."""
    by_page = collections.defaultdict(list)
    for at, box in enumerate(boxes):
        by_page[box["page"]].append((at, box))
    parts = collections.defaultdict(list)
    for page, here in by_page.items():
        for order, (char, x, y) in enumerate(pdf.characters(page)):
            best = None
            for at, box in here:
                if (box["x"] - LEFT_RIGHT <= x <= box["x"] + box["width"] + LEFT_RIGHT
                        and box["y"] - UP_DOWN <= y <= box["y"] + box["height"] + UP_DOWN):
                    off = abs(y - box["y"] - box["height"] / 2)
                    if best is None or off < best[0]:
                        best = (off, at)
            if best is not None:
                parts[best[1]].append((order, char))
    return "".join(char for at in sorted(parts) for _, char in sorted(parts[at]))


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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chunks")
    parser.add_argument("--worst", type=int, default=5)
    parser.add_argument("--least-chunks", type=int, default=1000)
    options = parser.parse_args()
    pdfs = {}
    n = pages = equal = close = 0
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
            want, got = extract.fold(chunk["text"]), extract.fold(inside(pdf, chunk["boxes"]))
            same = want == got
            equal += same
            if same:
                close += 1
                continue
            ratio = difflib.SequenceMatcher(None, want, got, autojunk=False).ratio() if len(want) < 6000 else 0.0
            close += ratio >= 0.98
            worst.append((ratio, right, chunk["path"], chunk["page"], want, got))
            if not right:
                print("page: %s %d: %s" % (chunk["path"], chunk["page"], chunk["text"][:80]))
    if n == 0:
        sys.exit("no chunk of a PDF in " + options.chunks)
    print("chunks %d of %d PDFs: page right %d (%.2f%%), span equal %d (%.2f%%), at least 0.98 alike %d (%.2f%%)" % (
        n, len(pdfs), pages, 100 * pages / n, equal, 100 * equal / n, close, 100 * close / n))
    for ratio, right, path, page, want, got in sorted(worst)[: options.worst]:
        print("%.3f %s %d\n  chunk %s\n  boxes %s" % (ratio, path, page, want[:160], got[:160]))
    return 0 if pages == n and equal >= 0.99 * n and n >= options.least_chunks else 1


if __name__ == "__main__":
    sys.exit(main())
