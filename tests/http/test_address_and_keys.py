"""An address or a key that cannot work is refused before anything is sent.

It is refused in one sentence without secrets.
"""

from __future__ import annotations

import pytest

from conformance.errors import BadAddress, BadKey
from conformance.http.address_and_keys import check_address, check_key


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "http://127.0.0.1:9000",
        "http://[::1]:9000/v1",
        "https://api.example.com/base/",
    ],
)
def test_an_address_is_taken(url: str) -> None:
    assert check_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "example.com",
        "ftp://example.com",
        "http://",
        "http://[::1",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:0",
        "http://a b/",
        "https://x.example/?q=1",
        "file:///etc/hosts",
        "http://x\n.example",
    ],
)
def test_what_is_no_base_address_is_refused(url: str) -> None:
    with pytest.raises(BadAddress, match="Expected one such as https://"):
        check_address(url)


def test_a_password_in_an_address_is_refused_and_not_shown() -> None:
    with pytest.raises(BadAddress) as raised:
        check_address("https://someone:hidden@api.example.com")

    assert "hidden" not in str(raised.value)
    assert "--key ENVVAR" in str(raised.value)


@pytest.mark.parametrize("key", ["line\nbreak", "tab\t", "nön"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(BadKey) as raised:
        check_key(key, "ACME_API_KEY")

    assert key not in str(raised.value)
    assert "ACME_API_KEY" in str(raised.value)


def test_an_odd_key_is_taken() -> None:
    assert check_key('sk-/+="quoted"', "ACME_API_KEY")


@pytest.mark.parametrize("url", ["http://[::1", "http://u:hidden@[::1"])
def test_what_is_no_address_is_not_on_this_machine(url: str) -> None:
    from conformance.run.open_target import is_loopback

    assert not is_loopback(url)
