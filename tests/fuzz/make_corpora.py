#!/usr/bin/env python3
"""Writes the first inputs of the segmenter, journal, markdown and import targets into their corpus folders (names
begin with "seed-"); what the fuzzers found stands beside them. usage: make_corpora.py"""
import json
import pathlib

HERE = pathlib.Path(__file__).parent


def write(target, seeds):
    for name, data in seeds.items():
        (HERE / target / "corpus" / f"seed-{name}").write_bytes(data)


def words(text, size=7):
    """Tokens of up to seven bytes, as the segmenter's target reads them."""
    raw = text.encode()
    return b"".join(bytes([len(raw[i:i + size])]) + raw[i:i + size] for i in range(0, len(raw), size))


thought = words("<think>\nHm, let me see.\n</think>\n\nYes.")
write("segmenter", {
    "text-tags": b"\x00\x00" + thought,
    "opened-by-prompt": b"\x00\x01" + words("Hm.\n</think>\n\nYes, <think> is a tag."),
    "brackets": b"\x01\x00" + words("[THINK]a[/THINK]b"),
    "alike": b"\x02\x00" + words(" aabaaaabaaab"),
    "token-tags": b"\x80\x00" + b"\xf0" + words("\nHm.\n") + b"\xf1" + words("\n\nYes <think>."),
    "token-mark-with-a-character": b"\x80\x00" + b"\xf0" + words("Hm ") + b"\xff" + words("Yes."),
    "harmony": b"\x83\x00" + b"\xf3" + words("analysis") + b"\xf4" + words("Hm.") + b"\xf5\xf2" + words("assistant") + b"\xf3"
               + words("commentary to=functions.weather ") + b"\xf6" + words("json") + b"\xf4" + words("{}") + b"\xf0",
    "harmony-text": b"\x03\x00" + words("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes."),
    "none": b"\x04\x02" + words("<think>just text</think>"),
})

documents = {
    "prose": "# Title\n\nTwo words of **bold** and *italic*,\nand `code` and $x^2$ and [link](https://a.b/c).\n\n---\n\nSetext\n===\n",
    "lists": "- one\n- two\n  - deep\n\n    text of it\n1. first\n2) other\n\n- [ ] open\n- [x] done\n",
    "quote": "> quoted\nlazy\n> > deep\n>\n> - item\n\nafter\n",
    "code": "```python\ndef f():\n    return '```'\n```\n\n~~~\nopen\n\n    indented\n\n    more\n",
    "table": "| a | b |\n|:--|--:|\n| 1 | `x|y` |\n| 2 | \\| |\nno row\n",
    "math": "$$\nx = \\frac{1}{2}\n$$\n\n\\[ a + b \\] and \\(c\\)\n\n\\begin{align}\na &= b\n\\end{align}\n",
    "chinese": "**“引号”**后面。\n1. 第一\n\n很长的一段话，没有空格。" * 3,
    "line-ends": "a\r\nb\rc\n\r\n\r\n- d\r\n\te\0f\n",
    "html": "a<br>b <b>bold</b> <https://x.y> &amp; &#x41;\n<div>\n\n</div>\n",
}
write("markdown", {f"{name}-{i}": cuts + text.encode() for name, text in documents.items()
                   for i, cuts in enumerate((b"\0\0\0\0", b"\2\0\7\20"))})


def journal(choice, *rest):
    return bytes([choice]) + b"".join(rest)


append = bytes([2]) + (2).to_bytes(8, "little")
write("journal", {
    "empty-file": journal(0xc0, b"\0\0\0"),
    "torn-frame": journal(0xc0, b"PTOK\x15\0\0\0\0\0\0\0"),
    "begin": journal(0xc1, b"\x01\x00\x08", (2).to_bytes(8, "little")),
    "begin-append-end": journal(0xc1, b"\x01\x00\x08", (2).to_bytes(8, "little"), b"\x02\x01\x1f\x02", b"\0" * 8, b"\xff" * 8,
                                (1).to_bytes(4, "little"), b"\x07\0\0\0", (2).to_bytes(4, "little"), b"Hi", b"\x04\x02\x00"),
    "rewind": journal(0xc1, b"\x01\x00\x08", (2).to_bytes(8, "little"), b"\x03\x01\x10", b"\0" * 8, b"\x01\0\0\0", b"\x02\0\0\0"),
    "written": journal(0xc2, b"\0\0", b"\x41\x05Hello\x42\x06 there\x2f" b"ab\x01\x43\x03xyz"),
    "written-cut": journal(0xc2, b"\x05\0", b"\x41\x05Hello\x42\x06 there"),
    "written-flipped": journal(0xc2, b"\0\x11", b"\x41\x05Hello\x42\x06 there"),
})


def chatgpt(nodes, current, **more):
    mapping = {}
    for key, parent, role, content, extra in nodes:
        message = {"author": {"role": role}, "create_time": 1700000000.5, "content": content, **extra}
        mapping[key] = {"id": key, "parent": parent, "children": [k for k, p, *_ in nodes if p == key], "message": message}
    return {"title": "T", "update_time": 1.7e9, "mapping": mapping, "current_node": current, **more}


def said(text):
    return {"content_type": "text", "parts": [text]}


pellucid = {"format": "pellucid-conversations", "version": 1, "conversations": [
    {"title": "T", "updated": "2024-01-02T03:04:05.678Z", "pinned": True, "folder": "F", "shown": ["a", "b"], "messages": [
        {"id": "a", "role": "user", "text": "Q", "created": "2024-01-02T03:04:05Z"},
        {"id": "b", "parent": "a", "role": "assistant", "text": "A", "thought": "Hm", "state": "cut off", "receipt": {"seed": 1},
         "statistics": {"answer_tokens": 3, "generate_seconds": 0.5}}]}]}
lm_studio = {"name": "N", "createdAt": 1700000000000, "pinned": False, "messages": [
    {"currentlySelected": 0, "versions": [{"type": "singleStep", "role": "user", "content": [{"type": "text", "text": "Q"}]}]},
    {"currentlySelected": 1, "versions": [
        {"type": "multiStep", "role": "assistant", "steps": []},
        {"type": "multiStep", "role": "assistant", "senderInfo": {"senderName": "m"}, "steps": [
            {"type": "contentBlock", "style": {"type": "thinking"}, "content": [{"type": "text", "text": "Hm"}]},
            {"type": "contentBlock", "content": [{"type": "text", "text": "A"}],
             "genInfo": {"identifier": "m", "stats": {"predictedTokensCount": 9, "tokensPerSecond": 20.5, "stopReason": "userStopped"}}}]}]}]}
exports = {
    "pellucid": pellucid,
    "lmstudio": lm_studio,
    "lmstudio-counts": {**lm_studio, "messages": [{"currentlySelected": 0, "versions": [{"type": "multiStep", "role": "assistant", "steps": [
        {"type": "contentBlock", "content": [{"type": "text", "text": "A"}], "genInfo": {"stats": {"predictedTokensCount": 2147483647}}}] * 2}]}]},
    "chatgpt": [chatgpt([("r", None, "system", said(""), {}), ("u", "r", "user", said("Q"), {}),
                         ("t", "u", "assistant", {"content_type": "thoughts", "thoughts": [{"summary": "S", "content": "Hm"}]}, {}),
                         ("a", "t", "assistant", said("A"), {"metadata": {"model_slug": "g"}}),
                         ("b", "u", "assistant", {"content_type": "code", "language": "py", "text": "1"}, {"recipient": "all"}),
                         ("h", "b", "tool", {"content_type": "multimodal_text", "parts": [{"content_type": "image"}, "x"]}, {})], "a")],
    "chatgpt-circle": [{"title": "c", "mapping": {"a": {"parent": "b", "children": ["b"]}, "b": {"parent": "a", "children": ["a"]}}, "current_node": "a"}],
    "chatgpt-times": [chatgpt([("u", None, "user", said("Q"), {"create_time": 1e300})], "u", update_time=-1e300)],
    "surrogate": pellucid | {"conversations": [{"title": "\ud800", "messages": [{"id": "\udc00", "role": "user", "text": "\ud83d"}]}]},
    "unknown": {"a": 1},
}
write("import", {name: json.dumps(value).encode() for name, value in exports.items()})
