#!/usr/bin/env python3
"""Checks every shared library that shipped binaries load against licences.txt, and keeps THIRD_PARTY.md true.

usage: licences.py check BINARY...   exit 1 on a library that is not listed, a licence that is not allowed, a Qt that
                                     is linked statically, or a THIRD_PARTY.md that is not what `write` would make
       licences.py write             write THIRD_PARTY.md
"""
import fnmatch
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ALLOWED = {"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "Zlib", "ICU", "libpng-2.0", "IJG", "FTL", "OFL-1.1", "CC0-1.0",
           "blessing", "AFL-2.1", "HPND-sell-variant", "LicenseRef-public-domain", "LGPL-2.1-or-later", "LGPL-3.0-only",
           "LGPL-3.0-or-later", "LGPL-2.1-only", "bzip2-1.0.6", "curl", "OLDAP-2.8",
           "BSD-3-Clause-Attribution", "GPL-3.0-or-later WITH GCC-exception-3.1"}


def entries():
    for line in (HERE / "licences.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            kind, names, what, licence = (part.strip() for part in line.split("|"))
            yield kind, [name.strip() for name in names.split(",")], what, licence


def third_party():
    titles = {"library": "Shared libraries", "header": "Headers compiled in", "material": "Fonts, scripts and models"}
    out = ["# Third-party software", "", "Made by `installer/licences.py write` from `installer/licences.txt`. Pellucid itself is Apache-2.0.",
           "Libraries are linked dynamically and come from the distribution."]
    for kind, title in titles.items():
        out += ["", f"## {title}", "", "| what | licence | files |" if kind == "library" else "| what | licence |",
                "| --- | --- | --- |" if kind == "library" else "| --- | --- |"]
        for entry_kind, names, what, licence in entries():
            if entry_kind == kind:
                out.append(f"| {what} | {licence} | {', '.join(names)} |" if kind == "library" else f"| {', '.join(names)}: {what} | {licence} |")
    return "\n".join(out) + "\n"


def loaded(binary):
    """Sonames of everything that the dynamic linker would load."""
    listing = subprocess.run(["ldd", binary], check=True, capture_output=True, text=True).stdout
    return sorted({pathlib.Path(line.split()[0]).name for line in listing.splitlines() if line.strip()})


def main():
    if len(sys.argv) >= 2 and sys.argv[1] == "write":
        (HERE.parent / "THIRD_PARTY.md").write_text(third_party())
        return 0
    if len(sys.argv) < 3 or sys.argv[1] != "check":
        print(__doc__, file=sys.stderr)
        return 2
    problems = []
    for _, names, _, licence in entries():
        if licence not in ALLOWED:
            problems.append(f"{', '.join(names)}: {licence} is not an allowed licence")
    patterns = [pattern for kind, names, _, _ in entries() if kind == "library" for pattern in names]
    for binary in sys.argv[2:]:
        libraries = loaded(binary)
        problems += [f"{binary} loads {soname}, which licences.txt does not list" for soname in libraries
                     if not any(fnmatch.fnmatch(soname, pattern) for pattern in patterns)]
        print(f"{binary}: {len(libraries)} libraries")
    if (HERE.parent / "THIRD_PARTY.md").read_text() != third_party():
        problems.append("THIRD_PARTY.md is stale: run installer/licences.py write")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


sys.exit(main())
