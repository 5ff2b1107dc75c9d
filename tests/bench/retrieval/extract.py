"""Text of the corpus, read by programs that are not ours: pages of a PDF by poppler's pdftotext, sections of
HTML and plain text by Python's own html.parser.

Every source becomes a list of units, each {"label": ..., "text": ...}: a page of a PDF (label "1", "2", ...: the
place in the file, not the printed number) or a section of a source without pages (label = its heading).
The checker, the runner and the baseline all stand on this, and none of it is shared with the product.
"""

import html.parser
import re
import subprocess
import unicodedata


def fold(text):
    """The form in which texts are compared: NFKC, lower case, and only letters, digits and a few signs that carry
    meaning; hyphenated line ends, spaces and quote styles do not count."""
    text = unicodedata.normalize("NFKC", text)
    text = text.replace("\u00ad", "")
    text = re.sub(r"(?<=\w)[-\u2010]\s*\n\s*(?=\w)", "", text)
    text = text.casefold()
    return "".join(c for c in text if c.isalnum() or c in "%$+<>=#")


def pdf_pages(path):
    out = subprocess.run(["pdftotext", "-q", "-enc", "UTF-8", path, "-"], check=True, capture_output=True).stdout
    pages = out.decode("utf-8", "replace").split("\f")
    if pages and not pages[-1].strip():
        pages.pop()
    return [{"label": str(i + 1), "text": page} for i, page in enumerate(pages)]


class _Html(html.parser.HTMLParser):
    SKIP = {"script", "style", "nav", "head", "noscript", "svg", "button", "template"}
    BREAK = {"p", "div", "li", "tr", "table", "ul", "ol", "dl", "dt", "dd", "pre", "br", "blockquote", "section", "td", "th"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.units = [{"label": "", "text": ""}]
        self.skip = 0
        self.heading = None

    def handle_starttag(self, tag, attrs):
        if tag in self.SKIP:
            self.skip += 1
        elif re.fullmatch("h[1-6]", tag):
            self.heading = ""
        elif tag in self.BREAK and self.heading is None:
            self.units[-1]["text"] += "\n"

    def handle_endtag(self, tag):
        if tag in self.SKIP:
            self.skip = max(0, self.skip - 1)
        elif re.fullmatch("h[1-6]", tag) and self.heading is not None:
            label = " ".join(self.heading.split())
            self.heading = None
            if label:
                self.units.append({"label": label, "text": ""})
        elif tag in self.BREAK and self.heading is None:
            self.units[-1]["text"] += "\n"

    def handle_data(self, data):
        if self.skip:
            return
        if self.heading is not None:
            self.heading += data
        else:
            self.units[-1]["text"] += data


def html_sections(path):
    with open(path, "rb") as file:
        raw = file.read()
    parser = _Html()
    parser.feed(raw.decode("utf-8", "replace"))
    parser.close()
    units = []
    for unit in parser.units:
        unit["text"] = re.sub(r"[ \t\u00a0]+", " ", unit["text"])
        unit["text"] = re.sub(r"\s*\n\s*", "\n", unit["text"]).strip()
        if unit["text"]:
            units.append(unit)
    seen = {}
    for unit in units:  # two sections of one name are told apart: "Examples", "Examples (2)"
        seen[unit["label"]] = seen.get(unit["label"], 0) + 1
        if seen[unit["label"]] > 1:
            unit["label"] += " (%d)" % seen[unit["label"]]
    return units


def text_sections(path):
    """The Jargon File: an entry begins with ":name:" after three spaces."""
    with open(path, "rb") as file:
        raw = file.read()
    text = raw.decode("utf-8", "replace").replace("\r", "")
    units = [{"label": "", "text": ""}]
    seen = {}
    for line in text.split("\n"):
        entry = re.match(r"^ {0,3}:([^:\s][^:]*):", line)
        if entry:
            label = entry.group(1)
            seen[label] = seen.get(label, 0) + 1
            units.append({"label": label if seen[label] == 1 else "%s (%d)" % (label, seen[label]), "text": ""})
        units[-1]["text"] += line + "\n"
    return [u for u in units if u["text"].strip()]


def units_of(path):
    if path.endswith(".pdf"):
        return pdf_pages(path)
    if path.endswith(".html"):
        return html_sections(path)
    return text_sections(path)
