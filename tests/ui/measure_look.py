#!/usr/bin/env python3
"""Measures pixels of two folders of pictures, the designed ones and ours, and prints a table of what differs.

usage: measure_look.py DESIGNED OURS     (DESIGNED: chat-thinking.png …; OURS: what pellucid_screenshots wrote)
Needs Pillow. Positions are logical pixels of the 1440 x 900 and 420 x 860 pictures. A line is `=` when colours are the
same and lengths differ by at most 1 px; text is measured by the box of its ink: the same words in the same size and
weight have the same box. The colour of a text is that of its pixel farthest from the ground, the same within 8 of 255.
A line is `w` where the look's page says otherwise than its picture, and so wins: KNOWN says what.
"""
import sys
from pathlib import Path

from PIL import Image


def hexed(pixel):
    return "#%02X%02X%02X" % pixel[:3]


def far(a, b, by=10):
    return max(abs(x - y) for x, y in zip(a[:3], b[:3])) > by


class Picture:
    def __init__(self, path):
        self.image = Image.open(path).convert("RGB")
        self.width, self.height = self.image.size

    def at(self, x, y):
        return self.image.getpixel((x, y))

    def run(self, x, y, dx, dy, by=2):
        """How far one can go from here before the colour changes."""
        first, steps = self.at(x, y), 0
        while 0 <= x + dx < self.width and 0 <= y + dy < self.height:
            x, y, steps = x + dx, y + dy, steps + 1
            if far(self.at(x, y), first, by):
                return steps
        return steps

    def ink(self, box, by=60):
        """(left, top, width, height) of what differs from the box's first pixel."""
        left, top, right, bottom = box
        ground = self.at(left, top)
        xs = [x for x in range(left, right) if any(far(self.at(x, y), ground, by) for y in range(top, bottom))]
        ys = [y for y in range(top, bottom) if any(far(self.at(x, y), ground, by) for x in range(left, right))]
        if not xs:
            return (0, 0, 0, 0)
        return (xs[0], ys[0], xs[-1] - xs[0] + 1, ys[-1] - ys[0] + 1)


    def colour(self, box):
        """The colour of what stands in the box, where its strokes are full."""
        left, top, right, bottom = box
        ground = self.at(left, top)
        return Colour(max((self.at(x, y) for x in range(left, right) for y in range(top, bottom)),
                          key=lambda pixel: sum(abs(a - b) for a, b in zip(pixel, ground))))


class Colour(str):
    def __new__(cls, pixel):
        made = str.__new__(cls, hexed(pixel))
        made.pixel = pixel
        return made


def composer(p):
    """Edges of the composer: left, top, right, bottom (of its border), found from the bottom of the picture."""
    x = p.width // 2 + 40
    bottom = p.height - 1 - p.run(x, p.height - 1, 0, -1, 12)
    y = bottom - 12
    middle = p.width - 60 if p.width < 600 else 1000
    level = bottom - 46   # where the edges are straight and no tool stands
    left = middle - p.run(middle, level, -1, 0, 12)
    right = middle + p.run(middle, level, 1, 0, 12)
    top = y - p.run(right - 60 if p.width > 600 else right - 20, y - 36, 0, -1, 12) - 36
    return left, top, right, bottom


def measure_chat(p):
    left, top, right, bottom = composer(p)
    row = next(y for y in range(200, 700) if p.at(16, y) != p.at(6, y))
    return {
        "sidebar, colour": hexed(p.at(100, 760)),
        "sidebar, width": 100 + p.run(100, 760, 1, 0) + 1,
        "sidebar, edge colour": hexed(p.at(263, 760)),
        "canvas, colour": hexed(p.at(300, 300)),
        "header, height": p.run(900, 3, 0, 1) + 4,
        "header, hairline": hexed(p.at(900, 47)),
        "search field, left": p.run(2, 68, 1, 0) + 2,
        "search field, colour": hexed(p.at(200, 58)),
        "chosen row, colour": hexed(p.at(20, row + 10)),
        "composer, left": left,
        "composer, width": right - left + 1,
        "composer, height": bottom - top + 1,
        "composer, gap below": p.height - 1 - bottom,
        "composer, colour": hexed(p.at(right - 80, top + 8)),
        "composer, border": hexed(p.at((left + right) // 2, bottom)),
        "composer, shade below": " ".join(hexed(p.at((left + right) // 2, bottom + n)) for n in (1, 3, 4)),
        "foot line, y": next(y for y in range(862, 700, -1) if p.at(30, y) != p.at(6, y) and p.at(30, y) == p.at(200, y)),
        "'Pellucid', ink": p.ink((42, 8, 130, 40))[2:],
        "'Pellucid', left": p.ink((42, 8, 130, 40))[0],
        "mark, ink": p.ink((8, 8, 42, 40))[2:],
        "menu icon of 'Chats', left": p.ink((14, 100, 42, 126))[0],
        "'hide sidebar', icon": p.ink((196, 10, 224, 38), 30),
        "'new chat', icon": p.ink((226, 10, 254, 38), 30),
        "search icon": p.ink((18, 56, 40, 80), 30),
        "foot, device top": p.ink((18, 845, 100, 863), 30)[1],
        "foot, memory right edge": sum(p.ink((120, 845, 215, 863), 30)[0::2]),
        "foot, bar": (p.ink((16, 867, 218, 885), 12)[1], p.ink((16, 867, 218, 885), 12)[3]),
        "foot, settings icon": p.ink((220, 850, 250, 885), 30),
        "header, export icon": p.ink((1365, 12, 1392, 36), 30),
        "header, more icon": p.ink((1395, 12, 1425, 36), 30),
        "'Pellucid', colour": p.colour((42, 8, 130, 40)),
        "device, colour": p.colour((18, 845, 100, 863)),
    }


def measure_light(p):
    d = measure_chat(p)
    row = next(y for y in range(200, 700) if p.at(16, y) != p.at(6, y))
    d["chosen row, height"] = next(n for n in range(1, 80) if p.at(16, row + n) == p.at(6, row + n))
    d["'Search chats', ink"] = p.ink((40, 56, 140, 82))[2:]
    d["'Search chats', left"] = p.ink((40, 56, 140, 82))[0]
    d["'Ctrl K', ink"] = p.ink((200, 56, 248, 80), 30)
    d["'Search chats', colour"] = p.colour((40, 56, 140, 80))
    d["'Ctrl K', colour"] = p.colour((200, 56, 248, 80))
    d["'Chats', colour"] = p.colour((40, 100, 120, 126))
    d["title, colour"] = p.colour((280, 8, 480, 40))
    d["'Chats', ink"] = p.ink((40, 100, 120, 126))[2:]
    d["'Chats', top"] = p.ink((40, 100, 120, 126))[1]
    pinned = next(y for y in range(183, 240) if p.ink((20, y, 90, y + 1))[2])
    d["'Pinned', ink"] = p.ink((20, pinned - 3, 90, pinned + 14))[2:]
    d["'Pinned', colour"] = p.colour((20, pinned - 3, 90, pinned + 14))
    d["'Thesis: related work', colour"] = p.colour((20, pinned + 20, 200, pinned + 44))
    d["'Thesis: related work', ink"] = p.ink((20, pinned + 20, 200, pinned + 44))[2:]
    d["'Thesis: related work', below 'Pinned'"] = p.ink((20, pinned + 20, 200, pinned + 44))[1] - pinned
    left, top, right, bottom = composer(p)
    d["'Reply, or wait…', ink"] = p.ink((left + 22, top + 8, left + 320, top + 40))[3]
    d["'Reply, or wait…', top in composer"] = p.ink((left + 22, top + 8, left + 320, top + 40))[1] - top
    button = p.ink((right - 60, bottom - 46, right - 4, bottom - 4), 40)
    d["stop button, size"] = button[2:]
    d["stop button, from the right"] = right - (button[0] + button[2] - 1)
    d["stop button, from below"] = bottom - (button[1] + button[3] - 1)
    d["stop button, colour"] = hexed(p.at(button[0] + 6, button[1] + 16))
    # The thought's card stands above the composer with 24 between.
    card = next(y for y in range(top - 6, top - 60, -1) if far(p.at(left + 440, y), p.at(left - 20, y), 4))
    d["thought, gap to composer"] = top - card - 1
    d["thought, left"] = next(x for x in range(left - 20, left + 20) if far(p.at(x, card - 30), p.at(left - 30, card - 30), 4))
    d["thought, colour"] = hexed(p.at(left + 300, card - 4))
    d["thought foot, height"] = p.run(left + 660, card - 2, 0, -1, 2) + 2
    d["'Answer now', edge height"] = p.run(right - 18, card - 24, 0, 1, 2) + p.run(right - 18, card - 24, 0, -1, 2)
    d["code, colour"] = hexed(p.at(900, 240))
    return d


def measure_search(p):
    """The hits of a search in the sidebar: two lines each, their pitch, and the word that was asked for."""
    lines, y = [], 175
    while y < 560:
        top = next((n for n in range(y, 560) if p.ink((22, n, 200, n + 1))[2]), None)
        if top is None:
            break
        bottom = next(n for n in range(top, top + 30) if not p.ink((22, n, 200, n + 1))[2])
        if bottom - top > 5:
            lines.append(top)
        y = bottom
    first = next(i for i in range(1, len(lines) - 4) if lines[i + 2] - lines[i] == lines[i + 4] - lines[i + 2] == 58)
    lines = lines[first - 1:]
    return {
        "field, text left": p.ink((40, 56, 140, 80))[0],
        "clear mark, ink": p.ink((226, 58, 246, 76), 20),
        "results, left": p.ink((18, lines[0] - 4, 120, lines[0] + 14))[0],
        "results, colour": p.colour((18, lines[0] - 4, 120, lines[0] + 14)),
        "second hit, title to snippet": lines[4] - lines[3],
        "hit to hit": lines[5] - lines[3],
        "snippet, word asked for, colour": p.colour((22, lines[4] - 2, 240, lines[4] + 14)),
    }


def measure_narrow(p):
    left, top, right, bottom = composer(p)
    return {
        "header, height": p.run(6, 3, 0, 1) + 4,
        "composer, left": left,
        "composer, height": bottom - top + 1,
        "composer, border": hexed(p.at((left + right) // 2, bottom)),
        "composer, width": right - left + 1,
        "composer, gap below": p.height - 1 - bottom,
        "composer, colour": hexed(p.at(right - 60, top + 10)),
        "canvas, colour": hexed(p.at(6, 700)),
        "menu icon, left": p.ink((4, 8, 40, 40))[0],
    }


def measure_first_run(p):
    headline = p.ink((410, 200, 720, 252))
    card = next(y for y in range(300, 420) if far(p.at(500, y), p.at(200, y), 20))
    bottom = next(y for y in range(card + 20, card + 160) if far(p.at(700, y), p.at(200, y), 20) and far(p.at(430, y), p.at(200, y), 20))
    return {
        "mark, ink": p.ink((410, 120, 500, 190))[2:],
        "mark, left and top": p.ink((410, 120, 500, 190))[:2],
        "headline, ink": headline[2:],
        "headline, left and top": headline[:2],
        "first card, top": card,
        "first card, height": bottom - card + 1,
        "first card, left": next(x for x in range(300, 600) if far(p.at(x, card + 40), p.at(200, card + 40), 20)),
        "primary button, colour": hexed(p.at(956, 372)),
        "card title, ink": p.ink((436, card + 14, 640, card + 42), 30),
        "card sentence, left and top": p.ink((436, card + 46, 900, card + 70), 30)[:2],
        "sentence, ink": p.ink((410, 255, 1000, 306), 30),
        "headline, colour": p.colour((410, 200, 720, 252)),
        "sentence, colour": p.colour((410, 255, 1000, 306)),
        "card title, colour": p.colour((436, card + 14, 640, card + 42)),
        "lock line, top": p.ink((560, 836, 900, 866), 30)[1],
    }


def measure_settings(p):
    return {
        "sidebar, colour": hexed(p.at(100, 760)),
        "sidebar, width": 100 + p.run(100, 760, 1, 0) + 1,
        "inspector, left": next(x for x in range(1001, 1100) if far(p.at(x, 560), p.at(1000, 560), 4)),
        "back, ink": p.ink((10, 10, 40, 38))[2:],
        "'Settings', ink": p.ink((44, 8, 130, 40))[2:],
        "'Settings', left": p.ink((44, 8, 130, 40))[0],
        "title, left": p.ink((270, 8, 480, 40))[0],
        "title, ink height": p.ink((270, 8, 480, 40))[3],
        "'Thinking', left and top": p.ink((300, 60, 420, 96))[:2],
        "'Thinking', ink": p.ink((300, 60, 420, 96))[2:],
        "'Think before answering', ink": p.ink((310, 100, 500, 126), 30),
        "its help, left and top": p.ink((310, 126, 500, 146), 30)[:2],
        "'Think before answering', colour": p.colour((310, 100, 500, 126)),
        "its help, colour": p.colour((310, 126, 500, 146)),
        "first legend, top": p.ink((1080, 112, 1180, 134), 30)[1],
        "first legend, colour": p.colour((1080, 112, 1180, 134)),
        "'Memory plan', ink": p.ink((1060, 10, 1160, 38), 30),
        "segmented, right": next(x for x in range(1030, 900, -1) if far(p.at(x, 112), p.at(1032, 112), 4)),
        "memory bar, top": next(y for y in range(80, 110) if far(p.at(1080, y), p.at(1042, y), 20)),
        "memory bar, colour": hexed(p.at(1080, 94)),
        "switch on, colour": None,
    }


def measure_models(p):
    return {
        "sidebar, width": 100 + p.run(100, 760, 1, 0) + 1,
        "'Models', title left": p.ink((270, 8, 400, 40))[0],
        "'Models', title ink": p.ink((270, 8, 400, 40))[2:],
        "chosen nav row, colour": hexed(p.at(16, 176)) if far(p.at(16, 176), p.at(6, 176), 3) else hexed(p.at(16, 144)),
        "chosen row, colour": next((hexed(p.at(292, y)) for y in range(60, 400) if p.at(292, y)[2] - p.at(292, y)[0] > 14 and p.at(292, y)[0] > 200), None),
    }


PAIRS = [
    ("chat-thinking.png", "thinking-light-en-wide.png", measure_light),
    ("chat-dark-zh.png", "answer-dark-zh-wide.png", measure_chat),
    ("chat-dark-zh.png", "search-dark-zh-wide.png", measure_search),
    ("narrow-dark.png", "paused-dark-en-narrow.png", measure_narrow),
    ("first-run.png", "first-run-light-en-wide.png", measure_first_run),
    ("model-settings.png", "model-settings-light-en-wide.png", measure_settings),
    ("models.png", "models-light-en-wide.png", measure_models),
]


# Where the page of the look and its picture differ: the page wins, and what is built is the page's.
KNOWN = {
    ("chat-thinking.png", "composer, border"): "section 7: focused it has `field`; the picture shows it without the focus",
    ("chat-thinking.png", "thought, gap to composer"): "section 6: the list ends 24 above the composer",
    ("narrow-dark.png", "composer, border"): "section 7: focused it has `field`; the picture's focus is in the hint field",
    ("narrow-dark.png", "composer, gap below"): "section 6: 16 above the bottom, narrow 12",
}


def same(a, b):
    if isinstance(a, Colour) and isinstance(b, Colour):
        return not far(a.pixel, b.pixel, 8)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return all(abs(x - y) <= 1 for x, y in zip(a, b))
    if isinstance(a, int) and isinstance(b, int):
        return abs(a - b) <= 1
    return a == b


def main():
    designed, ours = Path(sys.argv[1]), Path(sys.argv[2])
    differing = total = 0
    decided = []
    for look, own, measure in PAIRS:
        print(f"\n{look} | {own}")
        a, b = measure(Picture(designed / look)), measure(Picture(ours / own))
        for name in a:
            if a[name] is None and b[name] is None:
                continue
            total += 1
            equal = same(a[name], b[name])
            why = KNOWN.get((look, name)) if not equal else None
            differing += not equal and not why
            if why:
                decided.append(why)
            print(f"  {'=' if equal else 'w' if why else '!'} {name:38} {str(a[name]):20} {str(b[name]):20} {why or ''}".rstrip())
    print(f"\n{total} measures: {total - differing - len(decided)} the same, {len(decided)} where the page of the look wins over "
          f"its picture, {differing} differ")
    return differing > 0


sys.exit(main())
