"""Texts that would run, load or lead somewhere if any screen took them for more than text."""

from __future__ import annotations

import re
from itertools import product

#: A host that exists nowhere: a request to it is seen, and reaches nobody.
HOST = "beacon.invalid"
_RUN = "window.ran.push(1)"
_TAGS = [
    f"<script>{_RUN}</script>", f"<script src=//{HOST}/a.js></script>", f"<img src=x onerror={_RUN}>", f"<img src=//{HOST}/a.png>",
    f"<img src='http://{HOST}/b.png'>", f"<svg onload={_RUN}>", f"<svg><script>{_RUN}</script></svg>", f"<body onload={_RUN}>",
    f"<iframe src=javascript:parent.{_RUN}></iframe>", f"<iframe src=//{HOST}/></iframe>", f"<object data=//{HOST}/></object>",
    f"<embed src=//{HOST}/>", f"<link rel=stylesheet href=//{HOST}/a.css>", f"<style>@import '//{HOST}/b.css';</style>",
    f"<style>*{{background:url(//{HOST}/c)}}</style>", f"<base href=//{HOST}/>", f"<meta http-equiv=refresh content='0;url=//{HOST}/'>",
    f"<form action=//{HOST}/><button>Save", f"<video src=//{HOST}/v onerror={_RUN}></video>", f"<audio src=//{HOST}/a autoplay>",
    f"<input autofocus onfocus={_RUN}>", f"<select autofocus onfocus={_RUN}>", f"<details open ontoggle={_RUN}>x</details>",
    f"<marquee onstart={_RUN}>x</marquee>", f"<a href=javascript:{_RUN}>press</a>", f"<math href=javascript:{_RUN}>x</math>",
    f"<table background=//{HOST}/t>", f"<div style=background:url(//{HOST}/d)>x</div>", f"\"><img src=x onerror={_RUN}>", f"'><svg/onload={_RUN}>",
    f"--><script>{_RUN}</script>", f"</title><script>{_RUN}</script>", f"</textarea><script>{_RUN}</script>", f"]]><script>{_RUN}</script>",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>", f"<IMG SRC=X ONERROR={_RUN}>", f"<img/src=x/onerror={_RUN}>", f"<x onclick={_RUN}>x</x>",
    f"&lt;script&gt;{_RUN}&lt;/script&gt;", f"&#60;img src=x onerror={_RUN}&#62;", f"\\u003cscript\\u003e{_RUN}\\u003c/script\\u003e",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'>", f"<template><script>{_RUN}</script></template>",
]  # fmt: skip
_SCHEMES = [
    "javascript:", "JaVaScRiPt:", "java&#115;cript:", "data:text/html,", "data:text/html;base64,", "vbscript:", "file:///", "blob:",
    "//", "http://", "view-source:", "about:", "ftp://",
]  # fmt: skip
_LINKS = [
    "[press]({})",
    "[press](<{}>)",
    "![p]({})",
    "<{}>",
    "[press][a]\n\n[a]: {}",
    '<a href="{}">press</a>',
]
_MEANT = [
    ":material/delete:", ":red[red]", ":blue-background[b]", ":orange-badge[badge]", ":small[s]", ":streamlit:", ":smile:", ":rainbow[r]",
    "$latex$", "$$\\frac{1}{0}$$", "\\(x\\)", "$\\href{javascript:" + _RUN + "}{x}$", f"$\\includegraphics{{//{HOST}/l.png}}$",
    "**bold**", "_under_", "~~gone~~", "`code`", "# title", "> quoted", "- a list", "1. first", "| a | b |", "---", "***", "===", "[ ] task",
    "&amp;", "&nbsp;", "&copy;", "&#x41;", "<b>bold</b>", "<br>", "<!-- gone -->", "\\", "\\\\", "%{x}", "%{customdata[0]}", "%7B", "{0}", "{unit}",
    "{{7*7}}", "${7*7}", "#{7*7}", "%s %d", "<extra></extra>", "<sup>up</sup>", f"<a href='http://{HOST}/p'>plotly</a>",
    f"<span style='background:url(//{HOST}/s)'>s</span>", "=cmd|'/c calc'!A1", "+1", "-1", "@SUM(1)", "'; DROP TABLE units; --", "\" OR 1=1 --",
    "../../etc/passwd", "C:\\x", "\u202eright to left\u202c", "\u2066isolated\u2069", "\u200fmark", "Zo\u0308e\u0301", "数据", "🙂", "NULL", "None", "nan",
    "true", "\ufeffbom", "\u00a0", "x" * 300, "[^1]", "[^1]: note", "http://" + HOST, "www." + HOST, "ana@" + HOST, f"https://{HOST}/?a=<b>",
]  # fmt: skip
PAYLOADS = [*_TAGS, *(form.format(f"{scheme}{HOST}") for scheme, form in product(_SCHEMES, _LINKS)), *_MEANT]


def marked(number: int) -> str:
    """One of them between two marks by which it is found again on a page."""
    number %= len(PAYLOADS)
    return f"zq{number}z{PAYLOADS[number]}z{number}qz"


def changed(text: str) -> set[str]:
    """What of the text isn't what it was, between two marks: it was taken for more than text. What was cut short isn't judged.

    Blanks don't count: names are wrapped, and lines are joined.
    """
    found = {
        (int(number), told)
        for number, told in re.findall(r"zq(\d+)z((?:(?!zq\d+z|z\d+qz).)*)z\1qz", _bare(text), re.DOTALL)
    }
    return {f"{number}: {told}" for number, told in found if told != _bare(PAYLOADS[number])}


def seen(text: str) -> set[int]:
    """Which of them stand in a text whole."""
    return {int(number) for number in re.findall(r"z(\d+)qz", _bare(text))}


def _bare(text: str) -> str:
    return re.sub(r"[\s\u202a-\u202e\u2066-\u2069\u2060\ufeff\u200b]+", "", text)
