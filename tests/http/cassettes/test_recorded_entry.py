"""What no recorder writes is told in a few words."""

from __future__ import annotations

import pytest

from conformance.http.cassettes.recorded_entry import Malformed, whole_address


@pytest.mark.parametrize("url", ["http://[::1", "http://host:99999/x", "http://host:port/"])
def test_an_address_that_cannot_be_taken_apart_is_none(url: str) -> None:
    with pytest.raises(Malformed, match="is no address"):
        whole_address(url)


def test_an_address_stays_as_it_is() -> None:
    assert whole_address("https://api.example:8443/v1?x=1") == "https://api.example:8443/v1?x=1"
