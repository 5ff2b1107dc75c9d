#!/usr/bin/python3
"""Builds "Pellucid Figures" and "Pellucid Mono" from the fonts of Debian's fonts-inter and fonts-jetbrains-mono.

Qt 6.4's QML has no font features, so what a feature would do is built in:
- Pellucid Figures: Inter (400, 500, 600) with the tabular figures (tnum) as its digits; Basic Latin and punctuation only.
- Pellucid Mono: JetBrains Mono Regular without ligatures (calt, liga): "->" stays two characters.

Both sources are under the SIL Open Font License 1.1, which asks derived fonts to carry another name.
Needs python3-fonttools. Run: /usr/bin/python3 resources/fonts/make_fonts.py  (writes beside itself; the results are committed)
"""
import pathlib

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = pathlib.Path(__file__).parent
INTER = pathlib.Path("/usr/share/fonts/opentype/inter")
MONO = pathlib.Path("/usr/share/fonts/truetype/jetbrains-mono")

FIGURES_RANGES = [(0x20, 0x7E), (0xA0, 0xFF), (0x2009, 0x200A), (0x2010, 0x2027), (0x202F, 0x202F), (0x2030, 0x203A), (0x2044, 0x2044),
                  (0x20AC, 0x20AC), (0x2190, 0x2193), (0x2202, 0x2202), (0x2212, 0x2212), (0x2248, 0x2248), (0x2260, 0x2265), (0x221E, 0x221E)]
MONO_RANGES = [(0x20, 0x7E), (0xA0, 0x17F), (0x192, 0x192), (0x2B0, 0x2FF), (0x370, 0x3FF), (0x400, 0x45F), (0x2000, 0x206F), (0x2070, 0x209F),
               (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2500, 0x257F), (0x2580, 0x259F),
               (0x25A0, 0x25FF), (0x2610, 0x2612), (0x2713, 0x2718), (0xE100, 0xE100), (0xFFFD, 0xFFFD)]
LICENCE = "This Font Software is licensed under the SIL Open Font License, Version 1.1. https://openfontlicense.org"


def code_points(ranges):
    return [point for first, last in ranges for point in range(first, last + 1)]


def rename(font, family, style, weight, origin):
    """Names under which the licence lets a changed font be passed on."""
    names = font["name"]
    names.names = []
    regular = style in ("Regular",)
    values = {1: family if regular else f"{family} {style}", 2: "Regular", 3: f"Pellucid;{family}-{style}".replace(" ", ""),
              4: f"{family} {style}".removesuffix(" Regular"), 5: "Version 1.000", 6: f"{family}-{style}".replace(" ", ""),
              0: origin, 13: LICENCE, 14: "https://openfontlicense.org"}
    if not regular:
        values |= {16: family, 17: style}
    for number, text in values.items():
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    if "CFF " in font:
        top = font["CFF "].cff
        top.fontNames[0] = values[6]
        top[0].FamilyName, top[0].FullName, top[0].Weight = family, values[4], style
        for stale in ("Notice", "Copyright"):
            if hasattr(top[0], stale):
                setattr(top[0], stale, origin)


def subset_font(font, ranges, features):
    options = subset.Options()
    options.layout_features = features
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False  # the window draws without hinting
    options.desubroutinize = False
    worker = subset.Subsetter(options)
    worker.populate(unicodes=code_points(ranges))
    worker.subset(font)


def single_substitutions(font, tag):
    """Glyph to glyph for all single substitutions of a GSUB feature."""
    gsub = font["GSUB"].table
    found = {}
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag != tag:
            continue
        for index in record.Feature.LookupListIndex:
            for table in gsub.LookupList.Lookup[index].SubTable:
                table = getattr(table, "ExtSubTable", table)
                found |= getattr(table, "mapping", {})
    return found


def make_figures(style, weight):
    font = TTFont(INTER / f"Inter-{style}.otf")
    tabular = single_substitutions(font, "tnum")
    for table in font["cmap"].tables:
        if table.isUnicode():
            for digit in range(0x30, 0x3A):
                # Digits only: tabular commas and points look gappy.
                table.cmap[digit] = tabular.get(table.cmap[digit], table.cmap[digit])  # tables may share one map
    digits = [font.getBestCmap()[digit] for digit in range(0x30, 0x3A)]
    width = max(font["hmtx"][glyph][0] for glyph in digits)
    for glyph in digits:
        advance, bearing = font["hmtx"][glyph]
        assert width - advance <= 4, f"{glyph} of {style} is no tabular digit"  # interpolated weights are off by a unit
        font["hmtx"][glyph] = (width, bearing)
    subset_font(font, FIGURES_RANGES, ["kern", "ccmp", "mark", "mkmk"])
    shown = {"SemiBold": "SemiBold"}.get(style, style)
    rename(font, "Pellucid Figures", shown, weight, "Built from Inter. Copyright (c) 2016 The Inter Project Authors (https://github.com/rsms/inter)")
    font.save(HERE / f"PellucidFigures-{style}.otf")


def make_mono():
    font = TTFont(MONO / "JetBrainsMono-Regular.ttf")
    # An empty glyph that is no white space: it keeps the place of a formula in a line (app/content/rich_text_format.h).
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0xE100] = font.getBestCmap()[0x20]
    subset_font(font, MONO_RANGES, ["ccmp", "mark", "mkmk"])
    widths = {font["hmtx"][glyph][0] for glyph in font.getBestCmap().values()} - {0}
    assert len(widths) == 1, f"not monospaced: {widths}"
    rename(font, "Pellucid Mono", "Regular", 400,
           "Built from JetBrains Mono. Copyright 2020 The JetBrains Mono Project Authors (https://github.com/JetBrains/JetBrainsMono)")
    font.save(HERE / "PellucidMono-Regular.ttf")


if __name__ == "__main__":
    for name, number in (("Regular", 400), ("Medium", 500), ("SemiBold", 600)):
        make_figures(name, number)
    make_mono()
    for file in sorted(HERE.glob("Pellucid*")):
        print(f"{file.name}: {file.stat().st_size} bytes")
