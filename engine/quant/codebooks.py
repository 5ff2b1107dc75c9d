#!/usr/bin/env python3
"""Writes codebooks.cpp: the vectors that the IQ1, IQ2 and IQ3 formats index, as places in each format's own list
of levels. The vectors are part of the file format; they are taken from PyPI's gguf. Needs: pip install gguf==0.19.0."""
import pathlib

import numpy as np
from gguf import quants

BOOKS = [
    ("iq1_vectors", quants.IQ1_S, 2, "levels -1, 0, 1"),
    ("iq2_xxs_vectors", quants.IQ2_XXS, 2, "levels 8, 25, 43"),
    ("iq2_xs_vectors", quants.IQ2_XS, 2, "levels 8, 25, 43"),
    ("iq2_s_vectors", quants.IQ2_S, 2, "levels 8, 25, 43"),
    ("iq3_xxs_vectors", quants.IQ3_XXS, 3, "levels 4, 12, 20, 28, 36, 44, 52, 62"),
    ("iq3_s_vectors", quants.IQ3_S, 3, "levels 1, 3, 5, 7, 9, 11, 13, 15"),
]
lines = ['// Written by codebooks.py; do not edit.', '#include "engine/quant/codebooks.h"', "", "namespace pellucid {", ""]
for name, kind, bits, levels in BOOKS:
    kind.init_grid()
    grid = kind.grid.reshape(kind.grid_shape).astype(int)
    place = {level: i for i, level in enumerate(kind.grid_map)}
    words = [sum(place[v] << (bits * i) for i, v in enumerate(row)) for row in grid]
    lines += [f"// {grid.shape[0]} vectors of {grid.shape[1]} values, {bits} bits each, {levels}.",
              f"const std::uint16_t {name}[{len(words)}] = {{"]
    for at in range(0, len(words), 14):
        lines.append("    " + ", ".join(f"{w:#06x}" for w in words[at:at + 14]) + ",")
    lines += ["};", ""]
lines += ["}  // namespace pellucid", ""]
pathlib.Path(__file__).with_suffix(".cpp").write_text("\n".join(lines))
