#!/usr/bin/env python3
"""Writes the seed corpora of fuzz_reading_answer and fuzz_reading_formats beside this file, from make_hostile's good
files. usage: make_corpus.py"""
import pathlib
import struct
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.executable, here.parent.parent / "app/reading/make_hostile.py", folder], check=True, stdout=subprocess.DEVNULL)
    for number, name in ((0, "cut-98.txt"), (1, "cut-98.md"), (2, "cut-98.html"), (5, "cut-98.csv"), (7, "cut-98.eml"), (9, "was-docx.pdf"), (9, "cell-far.xlsx"), (9, "repeat.odt"), (9, "cut-98.epub"),
                         (9, "passwd.docx"), (9, "cut-85.pptx"), (7, "charset-unknown.eml"), (2, "charset-lies.html"), (9, "password.xlsx")):
        file = pathlib.Path(folder, name)
        if file.exists() and file.stat().st_size < 20_000:
            (here / "formats" / name.replace(".", "-")).write_bytes(bytes([number]) + file.read_bytes())
(here / "formats" / "source-cpp").write_bytes(b"\3namespace a {\n// b\nint f(int x) {\n  return x;\n}\nclass C {\n  void g() {}\n};\n}\n")
(here / "formats" / "source-py").write_bytes(b"\4class A:\n    def f(self):\n        pass\n")
(here / "formats" / "pages").write_bytes(b"\17" + 3 * (b"\xa0\xd2\4\x30" + bytes([20, 20, 100, 80, 20, 30, 90, 80, 20, 200, 30, 70, 60, 20, 40, 80]) + b"A title of it\x08\x09and words.\x02more of it\x08\x09 12 \x04\x04\x04"))


def frame(kind, payload):
    return struct.pack("<BI", kind, len(payload)) + payload


def text(value):
    return struct.pack("<I", len(value)) + value


about = frame(3, text(b"T") + text(b"") + text(b"en") + text(b"text/plain"))
page = frame(5, struct.pack("<IIff", 0, 5, 595, 842) + text(b"iv") + b"\1")
block = frame(6, struct.pack("<BBIII", 1, 0, 0, 5, 0) + text(b"f"))
line = frame(7, struct.pack("<IIIffff", 0, 5, 0, 1, 2, 3, 4))
notice = frame(8, b"\1" + text(b"words") + struct.pack("<I", 0))
(here / "answer" / "document").write_bytes(b"\6" + about + frame(4, b"hello") + page + block + line + notice + frame(9, b""))
(here / "answer" / "failure").write_bytes(b"\xff" + frame(1, struct.pack("<II", 1, 2)) + frame(2, b"\5" + text(b"damaged") + text(b"again")) + frame(9, b""))
(here / "answer" / "picture").write_bytes(b"\5" + frame(20, struct.pack("<II", 2, 1)) + frame(21, b"abc") + frame(21, b"def") + frame(22, b""))
