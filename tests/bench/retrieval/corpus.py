#!/usr/bin/env python3
"""Builds the corpus of the retrieval benchmark from Debian 12's documentation packages.

    corpus.py build OUT [--debs DIR]     download (or take from DIR), unpack, extract, compare with manifest.json
    corpus.py manifest OUT               write manifest.json anew from what stands in OUT (after a change of sources.tsv)

sources.tsv names every file: package, path inside it, language, licence. The packages come through apt-get of a
Debian 12 machine; nothing is installed, they are only unpacked (dpkg -x). Written are

    OUT/files/NAME             the documents, as a person would drop them on the window
    OUT/text/NAME.json         their pages or sections as pdftotext and html.parser read them (extract.py)

A file whose digest is not the manifest's (a later point release of its package) is named, and the answer is 1: gold
pages may have moved, so check.py must be run before any figure is believed.
"""

import argparse
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

import extract

HERE = os.path.dirname(os.path.abspath(__file__))


def sources():
    rows = []
    with open(os.path.join(HERE, "sources.tsv"), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, package, path, language, licence = line.rstrip("\n").split("\t")
                rows.append({"name": name, "package": package, "path": path, "language": language, "licence": licence})
    return rows


def find_deb(folder, package):
    found = sorted(n for n in os.listdir(folder) if n.startswith(package + "_") and n.endswith(".deb"))
    return os.path.join(folder, found[-1]) if found else None


def fetch(package, version, folder):
    wanted = ["%s=%s" % (package, version)] if version else []
    for name in wanted + [package]:  # the pinned version is gone after a point release: take the newest and compare
        if subprocess.run(["apt-get", "download", name], cwd=folder, stdout=subprocess.DEVNULL).returncode == 0:
            return
    sys.exit("%s could not be downloaded" % package)


def manifest_path():
    return os.path.join(HERE, "manifest.json")


def load_manifest():
    if not os.path.exists(manifest_path()):
        return {"packages": {}, "files": []}
    with open(manifest_path(), encoding="utf-8") as file:
        return json.load(file)


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def build(out, debs):
    manifest = load_manifest()
    files, text = os.path.join(out, "files"), os.path.join(out, "text")
    for folder in (files, text):
        os.makedirs(folder, exist_ok=True)
    rows = sources()
    versions = {}
    with tempfile.TemporaryDirectory() as temporary:
        for package in sorted({row["package"] for row in rows}):
            pinned = manifest["packages"].get(package, {}).get("version")
            deb = find_deb(debs, package) if debs else None
            if not deb:
                fetch(package, pinned, temporary)
                deb = find_deb(temporary, package)
            fields = subprocess.run(["dpkg-deb", "-f", deb, "Version"], check=True, capture_output=True, text=True)
            versions[package] = fields.stdout.strip()
            tree = os.path.join(temporary, "tree")
            subprocess.run(["dpkg", "-x", deb, tree], check=True)
            for row in rows:
                if row["package"] != package:
                    continue
                source, target = os.path.join(tree, row["path"]), os.path.join(files, row["name"])
                with (gzip.open if source.endswith(".gz") else open)(source, "rb") as src, open(target, "wb") as dst:
                    shutil.copyfileobj(src, dst)
                with open(os.path.join(text, row["name"] + ".json"), "w", encoding="utf-8") as file:
                    json.dump(extract.units_of(target), file, ensure_ascii=False)
            shutil.rmtree(tree)
    with open(os.path.join(out, "versions.json"), "w", encoding="utf-8") as file:
        json.dump(versions, file)


def describe(out):
    with open(os.path.join(out, "versions.json"), encoding="utf-8") as file:
        versions = json.load(file)
    described = {"packages": {p: {"version": v} for p, v in sorted(versions.items())}, "files": []}
    for row in sources():
        target = os.path.join(out, "files", row["name"])
        with open(os.path.join(out, "text", row["name"] + ".json"), encoding="utf-8") as file:
            units = json.load(file)
        paged = row["name"].endswith(".pdf")
        described["files"].append({
            "name": row["name"], "package": row["package"], "path": row["path"], "language": row["language"],
            "licence": row["licence"], "sha256": sha256(target), "bytes": os.path.getsize(target),
            "pages": len(units) if paged else 0, "sections": 0 if paged else len(units),
            "characters": sum(len(u["text"]) for u in units)})
    return described


def summary(manifest):
    for language in ("en", "zh"):
        rows = [f for f in manifest["files"] if f["language"] == language]
        print("%s: %d files, %d pages of PDF, %d sections of HTML and text, %d characters" % (
            language, len(rows), sum(f["pages"] for f in rows), sum(f["sections"] for f in rows),
            sum(f["characters"] for f in rows)))
    print("all: %d files, %d pages of PDF" % (len(manifest["files"]), sum(f["pages"] for f in manifest["files"])))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["build", "manifest"])
    parser.add_argument("out")
    parser.add_argument("--debs", help="a folder with the packages, so that nothing is downloaded")
    options = parser.parse_args()
    if options.command == "build":
        build(options.out, options.debs)
        now, then = describe(options.out), load_manifest()
        summary(now)
        pinned = {f["name"]: f["sha256"] for f in then["files"]}
        moved = [f["name"] for f in now["files"] if pinned.get(f["name"]) != f["sha256"]]
        for name in moved:
            print("differs from the manifest: %s" % name, file=sys.stderr)
        return 1 if moved else 0
    described = describe(options.out)
    with open(manifest_path(), "w", encoding="utf-8") as file:
        json.dump(described, file, ensure_ascii=False, indent=1)
        file.write("\n")
    summary(described)
    return 0


if __name__ == "__main__":
    sys.exit(main())
