#!/usr/bin/env python3
"""Writes shadow-light.png and shadow-dark.png: the nine-patch of depth 2 (y 6, blur 20; 24 % #08141E, 60 % in dark).

The face is the image less 32 px on each side, corner radius 10; borders of the nine-patch are 56.
"""
import math
import struct
import zlib

SIZE, MARGIN, RADIUS, OFFSET, SIGMA = 120, 32, 10, 6, 10.0


def inside(x, y):
    lo, hi = MARGIN + RADIUS, SIZE - MARGIN - RADIUS
    dx = max(lo - x, 0, x - hi)
    dy = max(lo - y, 0, y - hi)
    return max(0.0, min(1.0, RADIUS - math.hypot(dx, dy) + 0.5))


def blurred():
    reach = int(3 * SIGMA)
    kernel = [math.exp(-(i * i) / (2 * SIGMA * SIGMA)) for i in range(-reach, reach + 1)]
    total = sum(kernel)
    kernel = [k / total for k in kernel]
    mask = [[inside(x + 0.5, y + 0.5 - OFFSET) for x in range(SIZE)] for y in range(SIZE)]

    def pass_rows(rows):
        return [[sum(k * row[x + i - reach] for i, k in enumerate(kernel) if 0 <= x + i - reach < SIZE)
                 for x in range(SIZE)] for row in rows]

    once = pass_rows(mask)
    twice = pass_rows([list(c) for c in zip(*once)])
    return [list(c) for c in zip(*twice)]


def write(path, rgb, strength, alpha):
    rows = b"".join(b"\0" + b"".join(bytes((*rgb, round(255 * strength * a))) for a in row) for row in alpha)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    with open(path, "wb") as out:
        out.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0))
                  + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))


if __name__ == "__main__":
    shape = blurred()
    write("shadow-light.png", (0x08, 0x14, 0x1E), 0.24, shape)
    write("shadow-dark.png", (0, 0, 0), 0.60, shape)
