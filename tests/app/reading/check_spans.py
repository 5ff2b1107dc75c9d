#!/usr/bin/env python3
"""Pages and places of a PDF's text against an independent witness, poppler's `pdftotext -bbox`.

usage: check_spans.py READ_DOCUMENT PELLUCID_READER PDF...

For every block of every PDF (and for pieces of it between words, as quotes would be): the witness's words that lie in
its boxes are its text, after normalisation, and they are on its page. Prints the counts and the worst cases; exit 1
below the bars (page 100 %, text 99 %), 77 without pdftotext.
"""
import collections
import html
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import unicodedata

WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')


def normalised(text):
    """Letters and digits alone: blanks, hyphens at line ends, leaders and quotes are written as each extractor likes."""
    # Accents of formulas are letters of their own to one and parts of a letter to the other.
    text = unicodedata.normalize("NFKD", html.unescape(text))
    return "".join(c for c in text if c.isalnum() and not unicodedata.category(c).startswith(("M", "Lm")))


def witness(pdf):
    """Words of each page with their boxes."""
    out = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, errors="replace", check=True).stdout
    pages = []
    for line in out.splitlines():
        if line.lstrip().startswith("<page"):
            pages.append([])
        elif (match := WORD.search(line)) and pages:
            pages[-1].append((*map(float, match.groups()[:4]), normalised(match.group(5))))
    return pages


def pieces_of(document, draw):
    """(page, [boxes], text): blocks cut at page ends, and for long ones a piece between two words."""
    raw = document["text"].encode()
    lines = document.get("lines") or []
    at = 0
    for kind, level, first, last, page, symbol in document.get("blocks") or []:
        while at < len(lines) and lines[at][1] <= first:
            at += 1
        boxes = []
        end = at
        while end < len(lines) and lines[end][0] < last:
            boxes.append(lines[end])
            end += 1
        by_page = collections.defaultdict(list)
        for box in boxes:
            by_page[box[2]].append(box)
        for number, group in by_page.items():
            yield number, group, raw
            latin = all(ord(c) < 0x2E80 for c in raw[group[0][0]:group[-1][1]].decode())
            if latin and len(group) > 24:
                start = draw.randrange(len(group) - 16)
                yield number, group[start:start + draw.randrange(8, 16)], raw


def joined(boxes):
    """What is drawn around a passage: one box a line, from its first word there to its last."""
    out = []
    for first, last, page, x, y, width, height in boxes:
        if out:
            _, _, _, px, py, pw, ph = out[-1]
            if min(y + height, py + ph) - max(y, py) > 0.4 * min(height, ph) and x >= px + pw - 1:
                top, bottom = min(y, py), max(y + height, py + ph)
                out[-1] = (first, last, page, px, top, x + width - px, bottom - top)
                continue
        out.append((first, last, page, x, y, width, height))
    return out


def check(tool, reader, pdf, draw, counts, worst):
    answer = json.loads(subprocess.run([tool, reader, "--json", pdf], capture_output=True, text=True).stdout)
    if "error" in answer:
        print(f"{pdf}: {answer['what']}")
        return
    pages = witness(pdf)
    for number, boxes, raw in pieces_of(answer, draw):
        height = answer["pages"][number][3]
        if any(box[4] < 0 or box[4] + box[6] / 2 > height for box in boxes):
            continue  # beyond the paper's edge: the witness leaves it out
        ours = normalised("".join(raw[box[0]:box[1]].decode() for box in boxes))
        boxes = joined(boxes)
        if len(ours) < 12:
            continue
        counts["spans"] += 1
        here = pages[number] if number < len(pages) else []
        # The page: its words are ours.
        on_page = "".join(word[4] for word in here)
        letters = collections.Counter(ours)
        letters.subtract(collections.Counter(on_page))
        right = sum(max(0, n) for n in letters.values()) * 20 <= len(ours)
        counts["page"] += right
        if not right:
            print(f"  not on page {number + 1}: {ours[:200]}")
        # The place: words whose middle lies in a box, in the order of the boxes.
        found = []
        for x0, y0, x1, y1, text in here:
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            for index, (_, _, _, bx, by, bw, bh) in enumerate(boxes):
                if bx - 0.5 <= x <= bx + bw + 0.5 and abs(y - by - bh / 2) < 0.5 * (y1 - y0):
                    found.append((index, x, text))
                    break
            else:
                # A witness's word may be longer than our runs (CJK): in, if it covers some of them.
                covered = [i for i, (_, _, _, bx, by, bw, bh) in enumerate(boxes) if x0 - 1 <= bx + bw / 2 <= x1 + 1 and abs(y - by - bh / 2) < 0.5 * (y1 - y0)]
                if covered:
                    found.append((covered[0], x, text))
        found.sort(key=lambda item: (item[0], item[1]))
        theirs = "".join(item[2] for item in found)
        # Order within overlapping runs is each extractor's own; what is compared is what is there.
        same = theirs == ours or collections.Counter(theirs) == collections.Counter(ours)
        counts["text"] += same
        counts["exact order"] += theirs == ours
        if not same:
            missing = collections.Counter(ours) - collections.Counter(theirs)
            extra = collections.Counter(theirs) - collections.Counter(ours)
            counts["letters wrong"] += sum(missing.values()) + sum(extra.values())
            worst.append((pathlib.Path(pdf).name, number + 1, ours[:100], theirs[:100]))
        counts["letters"] += len(ours)


def main():
    if shutil.which("pdftotext") is None:
        print("pdftotext (Debian package poppler-utils) is not there: spans were not checked")
        return 77
    tool, reader, *pdfs = sys.argv[1:]
    counts, worst = collections.Counter(), []
    for pdf in pdfs:
        before = dict(counts)
        check(tool, reader, pdf, random.Random(7), counts, worst)
        spans = counts["spans"] - before.get("spans", 0)
        if spans:
            print(f"{pathlib.Path(pdf).name}: {spans} spans, text {100 * (counts['text'] - before.get('text', 0)) / spans:.2f} %, "
                  f"page {100 * (counts['page'] - before.get('page', 0)) / spans:.2f} %", flush=True)
    for name, page, ours, theirs in random.Random(1).sample(worst, min(int(__import__('os').environ.get('WORST', '12')), len(worst))):
        print(f"  {name} p{page}\n    ours   {ours}\n    theirs {theirs}")
    spans = max(1, counts["spans"])
    page, text = 100 * counts["page"] / spans, 100 * counts["text"] / spans
    print(f"{counts['spans']} spans: page {page:.3f} %, text {text:.3f} %, of them in the same order {100 * counts['exact order'] / spans:.2f} %, "
          f"letters wrong {100 * counts['letters wrong'] / max(1, counts['letters']):.4f} %")
    return 0 if counts["spans"] and page == 100 and text >= 99 else 1


sys.exit(main())
