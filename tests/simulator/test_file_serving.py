from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.simulator.file_serving import file_response

DATA = b"0123456789"


@pytest.mark.parametrize(
    ("header", "body", "content_range"),
    [
        ("bytes=0-", b"0123456789", "bytes 0-9/10"),
        ("bytes=0-0", b"0", "bytes 0-0/10"),
        ("bytes=3-5", b"345", "bytes 3-5/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-99", b"0123456789", "bytes 0-9/10"),
        ("Bytes= 3-5 ", b"345", "bytes 3-5/10"),
    ],
)
def test_one_range_is_answered_with_just_those_bytes(
    header: str, body: bytes, content_range: str
) -> None:
    found = file_response(DATA, "video/mp4", header)

    assert (found.status_code, found.body) == (206, body)
    assert found.headers["content-range"] == content_range
    assert found.headers["content-length"] == str(len(body))
    assert found.headers["content-type"] == "video/mp4"


@pytest.mark.parametrize(
    "header", ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=999999999999999999-"]
)
def test_a_range_beyond_the_end_is_refused_with_the_true_length(header: str) -> None:
    found = file_response(DATA, "video/mp4", header)

    assert (found.status_code, found.body) == (416, b"")
    assert found.headers["content-range"] == "bytes */10"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-3",
        "bytes=a-b",
        "bytes=1-2,4-5",
        "items=0-1",
        "bytes=--1",
        "bytes=²-3",
        "bytes=" + "9" * 9999 + "-",
    ],
)
def test_what_is_no_single_range_gets_the_whole_file(header: str | None) -> None:
    found = file_response(DATA, "video/mp4", header)

    assert (found.status_code, found.body) == (200, DATA)
    assert found.headers["accept-ranges"] == "bytes"
    assert "content-range" not in found.headers


def test_no_range_of_an_empty_file_can_be_had() -> None:
    assert file_response(b"", "video/mp4", "bytes=0-").status_code == 416
    assert file_response(b"", "video/mp4", "bytes=-5").status_code == 416
    assert file_response(b"", "video/mp4", None).status_code == 200


def test_a_head_has_the_length_and_no_bytes_whatever_range_it_asks() -> None:
    found = file_response(DATA, "video/mp4", "bytes=3-5", head=True)

    assert (found.status_code, found.body, found.headers["content-length"]) == (200, b"", "10")


def test_headers_of_its_own_can_be_added() -> None:
    assert (
        file_response(DATA, "video/mp4", None, headers={"x-expires": "soon"}).headers["x-expires"]
        == "soon"
    )


@settings(derandomize=True, max_examples=200, deadline=None, database=None)
@given(st.binary(max_size=20), st.integers(0, 25), st.integers(0, 25))
def test_a_range_is_always_that_slice_of_the_file(data: bytes, first: int, length: int) -> None:
    found = file_response(data, "video/mp4", f"bytes={first}-{first + length}")

    assert found.body == data[first : first + length + 1]
    assert found.status_code == (206 if found.body else 416)
