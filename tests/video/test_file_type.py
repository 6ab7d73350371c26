from __future__ import annotations

import pytest

from conformance.video.file_type import form_of, looks_like


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (b"\0\0\0\x20ftypisom", "mp4"),
        (b"\0\0\0\x14ftypqt  ", "mov"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "webm"),
        (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x88matroska", "matroska"),
        (b"\0\0\0\x20ftypavif", ""),
        (b"#EXTM3U\nftyp", ""),
        (b"", ""),
    ],
)
def test_only_boxes_and_webm_are_forms_a_decoder_is_given(head: bytes, form: str) -> None:
    assert form_of(head) == form


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE html><html>", "HTML"),
        (b"<html>", "HTML"),
        (b'<?xml version="1.0"?>', "XML"),
        (b"<Error><Code>AccessDenied</Code>", "XML"),
        (b' {"error": 1}', "JSON"),
        (b"[1]", "JSON"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
        (b"RIFF\0\0\0\0JUNK", "RIFF"),
        (b"PK\x03\x04", "ZIP"),
        (b"#EXTM3U\n", "a playlist"),
        (b"ffconcat version 1.0", "a playlist"),
        (b"\0\0\0\x20ftypavif", "an AVIF or HEIF picture"),
        (b"\x00\x01\x02", "unknown"),
    ],
)
def test_what_is_no_video_is_called_by_its_name(head: bytes, kind: str) -> None:
    assert looks_like(head) == kind
