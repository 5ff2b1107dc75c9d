#!/usr/bin/env python3
"""Writes the mixed text that perplexities are measured on, from files of every Debian 12 installation: prose of Perl's
manuals, licences, Python's docstrings and Python code. Nothing of it is kept here; the digest tells two machines whether
they measured the same.

usage: make_text.py OUT [--kilobytes N]
"""
import argparse
import ast
import glob
import hashlib
import os
import re

PIECE = 3000  # characters: changes of subject are part of a mixed text


def pod(root):
    for path in sorted(glob.glob(os.path.join(root, "**", "*.pod"), recursive=True)):
        if os.path.basename(path) == "perldiag.pod":
            continue
        text = open(path, encoding="utf-8", errors="replace").read()
        text = re.sub(r"^=\w+ ?", "", text, flags=re.M)
        yield re.sub(r"[A-Z]<([^<>]*)>", r"\1", text)


def licences(root):
    for name in ("Artistic", "MPL-2.0", "GFDL-1.3", "CC0-1.0"):
        yield open(os.path.join(root, name), encoding="utf-8").read()


def docstrings(root):
    for path in sorted(glob.glob(os.path.join(root, "*.py"))):
        tree = ast.parse(open(path, encoding="utf-8").read())
        parts = [ast.get_docstring(n) or "" for n in ast.walk(tree)
                 if isinstance(n, (ast.Module, ast.ClassDef, ast.FunctionDef))]
        yield "\n\n".join(p for p in parts if len(p) > 200)


def code(root):
    for path in sorted(glob.glob(os.path.join(root, "*.py")), reverse=True):
        yield open(path, encoding="utf-8").read()


def pieces(texts):
    for text in texts:
        for begin in range(0, len(text) - PIECE + 1, PIECE):
            yield text[begin:begin + PIECE]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("out")
    arguments.add_argument("--kilobytes", type=int, default=220)
    options = arguments.parse_args()
    python = os.path.dirname(ast.__file__)
    # Twice as much prose as anything else.
    sources = [pieces(pod("/usr/share/perl")), pieces(docstrings(python)), pieces(pod("/usr/share/perl/5.36.0/Pod")),
               pieces(licences("/usr/share/common-licenses")), pieces(code(python))]
    text = ""
    while len(text) < options.kilobytes * 1000:
        before = len(text)
        for source in sources:
            text += next(source, "")
        if len(text) == before:
            raise SystemExit("the installed files hold only %d characters" % before)
    text = text[:options.kilobytes * 1000]
    with open(options.out, "w", encoding="utf-8") as out:
        out.write(text)
    print(options.out, len(text), "characters, sha256", hashlib.sha256(text.encode()).hexdigest())


main()
