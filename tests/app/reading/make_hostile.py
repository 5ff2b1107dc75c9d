#!/usr/bin/env python3
"""Writes 200 hostile or damaged files, the same at every run, and a list of what each may come to.

usage: make_hostile.py FOLDER

expected.json: [{"file": bytes of the name in hex, "may": ["ok", "corrupt", …], "seconds": time limit}]. "ok" is a document (of what could be
read); the others are error codes. A crash or a time limit is allowed only where it says so.
"""
import io
import json
import os
import pathlib
import random
import struct
import sys
import zipfile
import zlib

OUT = pathlib.Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
draw = random.Random(20261122)
expected = []
DAMAGE = ["ok", "corrupt", "unsupported", "encrypted", "too_large"]


def write(name, data, *may, seconds=60):
    raw = name if isinstance(name, bytes) else name.encode()
    with open(os.path.join(os.fsencode(OUT), raw), "wb") as file:
        file.write(data)
    expected.append({"file": raw.hex(), "may": list(may), "seconds": seconds})


# ---- good files to damage ----
def pdf(pages=3, box="0 0 595 842", extra="", body=None, trailer=""):
    objects = []
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(pages))
    objects.append("<< /Type /Catalog /Pages 2 0 R >>")
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {pages} {extra} >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for i in range(pages):
        content = body or f"BT /F1 12 Tf 72 700 Td (Page {i + 1} of a document about rivers.) Tj 0 -20 Td (Water flows down.) Tj ET"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents {5 + 2 * i} 0 R /Resources << /Font << /F1 3 0 R >> >> >>")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, offsets = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode("latin-1")
    return out


def zipped(parts, compress=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compress) as file:
        for name, data in parts.items():
            file.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, compress)
    return out.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = {"[Content_Types].xml": "<Types/>"}


def docx(body="<w:p><w:r><w:t>Rivers run to the sea.</w:t></w:r></w:p>" * 20, head=""):
    return zipped({**TYPES, "word/document.xml": f'<?xml version="1.0"?>{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'})


def xlsx(sheet=None, head=""):
    sheet = sheet or "<row>" + "".join(f'<c r="{c}1"><v>{i}</v></c>' for i, c in enumerate("ABC")) + "</row>"
    relations = f'<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
    return zipped({**TYPES, "xl/workbook.xml": f'<workbook xmlns:r="{R}"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>', "xl/_rels/workbook.xml.rels": relations,
                   "xl/worksheets/sheet1.xml": f"{head}<worksheet><sheetData>{sheet}</sheetData></worksheet>"})


def pptx():
    return zipped({**TYPES, "ppt/presentation.xml": f'<p:presentation xmlns:p="p" xmlns:r="{R}"><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>',
                   "ppt/_rels/presentation.xml.rels": '<Relationships><Relationship Id="r1" Target="slides/slide1.xml"/></Relationships>',
                   "ppt/slides/slide1.xml": '<p:sld xmlns:p="p" xmlns:a="a"><p:sp><p:ph type="title"/><a:p><a:r><a:t>Rivers</a:t></a:r></a:p></p:sp></p:sld>'})


def odt(body="<text:p>Rivers run to the sea.</text:p>" * 20, head="", manifest="<m/>"):
    names = 'xmlns:office="o" xmlns:text="t" xmlns:table="tb"'
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": manifest,
                   "content.xml": f"{head}<office:document-content {names}><office:body><office:text>{body}</office:text></office:body></office:document-content>"}, zipfile.ZIP_DEFLATED)


def epub(chapter="<html><body><h1>Rivers</h1><p>They run to the sea.</p></body></html>", more=None):
    return zipped({"mimetype": "application/epub+zip", "META-INF/container.xml": '<c><rootfile full-path="a.opf"/></c>',
                   "a.opf": '<package><manifest><item id="c" href="c.xhtml"/></manifest><spine><itemref idref="c"/></spine></package>', "c.xhtml": chapter, **(more or {})})


def png(width=40, height=30):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = (b"\0" + b"\x80" * min(width, 64)) * min(height, 64)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


HTML = b"<!doctype html><html><head><title>T</title></head><body><h1>Rivers</h1><p>They run <b>down</b>.</p><table><tr><th>a<th>b<tr><td>1<td>2</table></body></html>"
MARKDOWN = b"# Rivers\n\nThey *run* down.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
CSV = b'name,length\n"Rhine, the",1233\nElbe,1094\n' * 20
EML = (b"From: =?utf-8?B?5byg5LiJ?= <a@example.org>\r\nTo: b@example.org\r\nSubject: Rivers\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=xyz\r\n\r\n"
       b"--xyz\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n5rKz5rWB\r\n--xyz\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\nJVBERi0=\r\n--xyz--\r\n")
CHINESE = ("河流向下流。水从山上来，流到海里去。\n" * 30).encode("gb18030")
good = {"pdf": pdf(), "docx": docx(), "xlsx": xlsx(), "pptx": pptx(), "odt": odt(), "epub": epub(), "html": HTML, "md": MARKDOWN, "csv": CSV, "eml": EML, "txt": CHINESE, "png": png()}

# ---- cut and with bits flipped: 12 kinds, 5 of each ----
for kind, data in good.items():
    for part in (0.1, 0.35, 0.6, 0.85, 0.98):
        write(f"cut-{int(part * 100):02d}.{kind}", data[:max(1, int(len(data) * part))], *DAMAGE)
for kind, data in good.items():
    for seed in range(5):
        bent = bytearray(data)
        for _ in range(2 + 6 * seed):
            bent[draw.randrange(len(bent))] ^= 1 << draw.randrange(8)
        write(f"bits-{seed}.{kind}", bytes(bent), *DAMAGE)

# ---- archives that unpack to far too much ----
zeros = b"\0" * (12 << 20)
write("bomb-one-part.docx", zipped({**TYPES, "word/document.xml": zeros * 5}), "too_large", "corrupt")
write("bomb-many-parts.xlsx", zipped({**TYPES, "xl/workbook.xml": "<w/>", **{f"xl/worksheets/sheet{i}.xml": zeros for i in range(6)}}), "too_large", "corrupt")
write("bomb.epub", epub(more={f"x{i}.xhtml": zeros for i in range(6)}), "too_large", "corrupt")
write("bomb.odt", zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": zeros * 5}), "too_large", "corrupt")
write("many-entries.docx", zipped({**TYPES, **{f"a{i}": b"" for i in range(30_000)}, "word/document.xml": "<a/>"}), "too_large")
write("quine-name.docx", zipped({**TYPES, "word/document.xml": "<w:p/>", "../../../../etc/passwd": "x"}), "ok", "corrupt")

# ---- XML that grows, or asks for what is not its own ----
laughs = '<!DOCTYPE x [<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "{("&a%d;" % (i - 1)) * 10}">' for i in range(1, 12)) + "]>"
inside = "<w:p><w:r><w:t>before &a11; after</w:t></w:r></w:p>"
passwd = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
away = '<!DOCTYPE x SYSTEM "http://192.0.2.1/evil.dtd">'
write("laughs.docx", docx(inside, laughs), "ok", "corrupt", "too_large")
write("laughs.odt", odt("<text:p>before &a11; after</text:p>", laughs), "ok", "corrupt", "too_large")
write("laughs.xlsx", xlsx("<row><c><v>&a11;</v></c></row>", laughs), "ok", "corrupt", "too_large")
write("laughs.html", (laughs + "<html><body><p>&a11;</p></body></html>").encode(), "ok", "corrupt")
write("quadratic.docx", docx("<w:p><w:r><w:t>" + "&b;" * 50_000 + "</w:t></w:r></w:p>", f'<!DOCTYPE x [<!ENTITY b "{"b" * 50_000}">]>'), "ok", "corrupt", "too_large")
write("passwd.docx", docx("<w:p><w:r><w:t>&f;</w:t></w:r></w:p>", passwd), "ok", "corrupt")
write("passwd.odt", odt("<text:p>&f;</text:p>", passwd), "ok", "corrupt")
write("away.docx", docx(head=away), "ok", "corrupt")
write("away.html", b"<!DOCTYPE html SYSTEM 'http://192.0.2.1/evil.dtd'><html><body><img src='http://192.0.2.1/x.png'><p>text</p></body></html>", "ok")

# ---- nesting ----
write("deep.html", b"<html><body>" + b"<div>" * 200_000 + b"deep", "ok", "corrupt")
write("deep-tables.html", b"<html><body>" + b"<table><tr><td>" * 30_000 + b"deep", "ok", "corrupt")
write("deep-lists.html", b"<html><body>" + b"<ul><li>" * 50_000 + b"deep", "ok", "corrupt")
write("deep.docx", docx("<w:p>" * 50_000), "ok", "corrupt")
write("deep.odt", odt("<text:list><text:list-item>" * 50_000), "ok", "corrupt")
write("deep-quotes.md", b">" * 50_000 + b" deep\n", "ok")
write("deep-brackets.md", b"[" * 100_000 + b"](x)" * 1000, "ok")
write("deep-stars.md", b"*a **a " * 20_000, "ok")
write("deep-parts.eml", b"MIME-Version: 1.0\r\nSubject: x\r\n" + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i) for i in range(2_000)) + b"\r\nend", "ok")
write("deep-arrays.pdf", pdf(trailer="/X " + "[" * 100_000), "ok", "corrupt")
write("deep-braces.cpp", b"void f() {\n" + b"{\n" * 100_000, "ok")

# ---- pages ----
write("pages-10000.pdf", pdf(10_000), "ok", seconds=240)
write("page-huge.pdf", pdf(box="0 0 1e9 1e9"), "ok", "corrupt")
write("page-negative.pdf", pdf(box="595 842 0 0"), "ok", "corrupt")
write("page-nan.pdf", pdf(box="nan nan inf inf"), "ok", "corrupt")
write("page-empty.pdf", pdf(box="0 0 0 0"), "ok", "corrupt")
write("count-lies.pdf", pdf(extra="/Count 2000000000"), "ok", "corrupt", "out_of_memory", "timed_out", "crashed")
write("tree-cycle.pdf", pdf().replace(b"/Kids [4 0 R", b"/Kids [2 0 R"), "ok", "corrupt", "timed_out", seconds=2)
write("contents-cycle.pdf", pdf().replace(b"/Contents 5 0 R", b"/Contents 4 0 R"), "ok", "corrupt")
write("much-text.pdf", pdf(1, body="BT /F1 1 Tf " + "(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj 0 -1 Td " * 60_000 + "ET"), "ok", "timed_out", "out_of_memory")
write("no-end.pdf", pdf()[:-200], "ok", "corrupt")
write("only-head.pdf", b"%PDF-1.7\n", "corrupt")
write("far-xref.pdf", pdf().replace(b"startxref\n", b"startxref\n9999999999999"), "ok", "corrupt")
write("columns-wide.csv", b",".join(b"c%d" % i for i in range(20_000)) + b"\n", "ok")
write("rows-many.csv", b"a,b\n" * 400_000, "ok")
write("cell-far.xlsx", xlsx('<row><c r="ZZZZZZZ1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>'), "ok")
write("repeat.odt", odt('<table:table><table:table-row><table:table-cell table:number-columns-repeated="999999"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'), "ok")
write("picture-huge.png", png(2_000_000_000, 2_000_000_000), "ok", "corrupt", "too_large")
write("line-long.txt", b"a" * (20 << 20), "ok")

# ---- names that promise something else ----
for was, says in (("pdf", "docx"), ("docx", "pdf"), ("png", "pdf"), ("html", "docx"), ("txt", "pdf"), ("xlsx", "epub"), ("eml", "html")):
    write(f"was-{was}.{says}", good[was], "ok")
write("program.pdf", b"\x7fELF\x02\x01\x01" + bytes(draw.randrange(256) for _ in range(4000)), "unsupported")
write("gzip.txt", zlib.compress(zeros, 9, 31), "unsupported")

# ---- with a password ----
write("password.pdf", pdf(trailer="/Encrypt << /Filter /Standard /V 1 /R 2 /P -44 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> >> /ID [<41><41>]"), "encrypted", "corrupt")
write("password-unknown.pdf", pdf(trailer="/Encrypt << /Filter /Unknown /V 9 >>"), "encrypted", "corrupt", "ok")
locked = bytearray(docx())
at = 0
while (at := locked.find(b"PK\x03\x04", at)) >= 0:
    locked[at + 6] |= 1
    at += 4
at = 0
while (at := locked.find(b"PK\x01\x02", at)) >= 0:
    locked[at + 8] |= 1
    at += 4
write("password-zip.docx", bytes(locked), "encrypted")
write("password.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1016 + "EncryptedPackage".encode("utf-16le") + b"\0" * 500, "encrypted")
write("password.odt", odt(manifest="<m><encryption-data/></m>"), "encrypted")
write("protected.epub", epub(more={"META-INF/encryption.xml": '<e><CipherReference URI="c.xhtml"/></e>'}), "encrypted")
write("old-word.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "unsupported")

# ---- nothing, and noise ----
for kind in ("pdf", "docx", "txt", "html", "md", "png"):
    write(f"empty.{kind}", b"", "corrupt")
for kind in ("pdf", "docx", "xlsx", "txt", "csv", "eml", "epub"):
    write(f"noise.{kind}", bytes(draw.randrange(256) for _ in range(5_000)), *DAMAGE)

# ---- text that lies about itself ----
write("utf8-broken.txt", b"good \xff\xfe\xc3 bad \xe4\xb8 end\n" * 20, "ok")
write("utf16-odd.txt", b"\xff\xfe" + "河流".encode("utf-16le") + b"x", "ok")
write("charset-lies.html", b"<html><head><meta charset='utf-32'></head><body>" + CHINESE, "ok")
write("charset-unknown.eml", b"From: a\r\nSubject: =?x-none?Q?a=FFb?= =?utf-8?B?!!!!?= =?utf-8?\r\nContent-Type: text/plain; charset=\"../../x\"\r\n\r\nbody \xff\r\n", "ok")
write("controls.txt", b"a\x1b[31mred\x1b[0m \x07\x08 b\n" * 20, "ok", "unsupported")
write("bidi.txt", "safe \u202e gnp.exe \u2066 x \u2069 \u200b hidden".encode(), "ok")

# ---- names ----
for raw in (b"latin-\xe4\xf6\xfc.txt", "中文 文件.md".encode(), b"new\nline.txt", b"-rf.txt", b"tab\there.txt", "\u202etxt.exe.md".encode(), b"x" * 251 + b".txt", b".hidden"):
    write(raw, b"Rivers run to the sea.\n", "ok")

while len(expected) > 200:
    gone = expected.pop(draw.randrange(120))
    os.unlink(os.path.join(os.fsencode(OUT), bytes.fromhex(gone["file"])))
(OUT / "expected.json").write_text(json.dumps(expected))
print(len(expected), "files")
