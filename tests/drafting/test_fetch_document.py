from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from conformance.drafting import fetch_document as fetch
from conformance.drafting.fetch_document import data_of, shown, text_of
from conformance.errors import CannotFetch, CannotRead
from tests.drafting.documents import written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def serving(body: bytes, status: int = 200) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/openapi.json"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_json_and_yaml_are_read_alike(tmp_path: Path) -> None:
    assert (
        data_of(written(tmp_path, '{"a": [1, true]}'))
        == data_of(written(tmp_path, "a: [1, true]", "a.yaml"))
        == {"a": [1, True]}
    )


def test_an_address_is_fetched() -> None:
    with serving(b'{"openapi": "3.1.0"}') as address:
        assert data_of(address) == {"openapi": "3.1.0"}


def test_an_address_that_refuses_is_told_with_the_way_around() -> None:
    with (
        serving(b"no", 404) as address,
        pytest.raises(CannotFetch, match=r"answered 404.*Save the document"),
    ):
        text_of(address)


def test_an_address_where_nobody_listens_is_told() -> None:
    with serving(b"") as address:
        pass
    with pytest.raises(CannotFetch, match=r"127\.0\.0\.1"):
        text_of(address)


def test_an_answer_larger_than_the_limit_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetch, "MAX_BYTES", 1000)

    with serving(b"x" * 5000) as address, pytest.raises(CannotFetch):
        text_of(address)


@pytest.mark.parametrize(
    ("text", "told"),
    [("a: [", "broken YAML"), ("", "nothing but comments"), ("[" * 300 + "]" * 300, "nesting")],
)
def test_a_file_that_is_no_document_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(CannotRead, match=told):
        data_of(written(tmp_path, text))


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(CannotRead, match="cannot be read"):
        text_of(str(tmp_path / "nowhere.json"))
    with pytest.raises(CannotRead, match="UTF-8"):
        text_of(str(tmp_path / "film.mp4"))


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "MAX_BYTES", 10)

    with pytest.raises(CannotRead, match="larger"):
        text_of(written(tmp_path, '{"a": "long enough"}'))


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("/home/somebody/openapi.json", "openapi.json"),
        (
            "https://somebody:s3cr3t@docs.lantern.example/openapi.json?token=s3cr3t",
            "https://docs.lantern.example/openapi.json",
        ),
        ("https://docs.lantern.example", "https://docs.lantern.example"),
    ],
)
def test_a_source_is_named_without_what_is_nobodys_business(source: str, told: str) -> None:
    assert shown(source) == told
