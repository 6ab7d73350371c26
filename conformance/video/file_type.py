"""What a file is by its first bytes, before any decoder sees it."""

from __future__ import annotations

import re

#: How many of the first bytes are looked at.
HEAD = 1024

_MAGIC = (
    (b"\x89png", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"gif8", "GIF"),
    (b"bm", "BMP"),
    (b"%pdf", "PDF"),
    (b"pk\x03\x04", "ZIP"),
    (b"\x1f\x8b", "gzip"),
    (b"#extm3u", "a playlist"),
    (b"ffconcat", "a playlist"),
    (b"id3", "MP3"),
    (b"oggs", "Ogg"),
    (b"flv", "FLV"),
    (b"<?xml", "XML"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)
_RIFF = {b"webp": "WebP", b"wave": "WAV", b"avi ": "AVI"}
_HTML = re.compile(rb"<(!doctype html|html|head|body|!--)")
#: Still pictures that use the boxes of an MP4.
_STILL = (b"avif", b"avis", b"heic", b"heix", b"hevc", b"mif1", b"msf1")


def form_of(head: bytes) -> str:
    """Return the form a decoder may be told to read, `mp4`, `mov`, `webm` or `matroska`.

    Empty for all else.
    """
    if head[4:8] == b"ftyp" and head[8:12] not in _STILL:
        return "mov" if head[8:12] == b"qt  " else "mp4"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm" if b"webm" in head[:64] else "matroska"
    return ""


def looks_like(head: bytes) -> str:
    """Return what the first bytes look like, in a word for people.

    `HTML`, `JSON`, `PNG` … or `unknown`.
    """
    text = head[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not head:
        return "empty"
    if head[4:8] == b"ftyp":
        return "an AVIF or HEIF picture"
    if text.startswith(b"riff"):
        return _RIFF.get(text[8:12], "RIFF")
    if _HTML.match(text):
        return "HTML"
    return next(
        (name for magic, name in _MAGIC if text.startswith(magic)),
        "XML" if text.startswith(b"<") else "unknown",
    )
