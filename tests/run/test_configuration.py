"""What `conformance.toml` may say, and how it is told what it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from conformance.errors import BadConfiguration
from conformance.run.configuration import Configuration, configuration

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, text: str) -> Path:
    file = folder / "conformance.toml"
    file.write_text(text)
    return file


def test_each_provider_has_a_table_and_inherits_the_defaults(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        (
            '[defaults]\nrate = 2\n[one]\nbase_url = "https://one.example"\n[one.media]\nimages = '
            '["https://a/i.png"]\nvideos = {8 = "https://a/v.mp4"}\n'
        ),
    )

    found = configuration("one", file)

    assert (found.base_url, found.rate) == ("https://one.example", 2)
    assert found.inputs().videos == {8: "https://a/v.mp4"}
    assert found.inputs().references == ("https://a/i.png",)
    assert configuration("other", file) == Configuration(rate=2)


def test_without_a_file_everything_is_left_to_the_spec(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert configuration("one") == Configuration()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[one]\nbase_ur = 'x'", "base_url"),
        ("[one]\nbudget = 'much'", "a number above 0"),
        ("[one]\nbudget = -1", "a number above 0"),
        ("[one]\nkey = 7", "text"),
        ("[one.media]\nvideo = 'x'", "videos"),
        ("[one.media]\nvideos = {long = 'x'}", "addresses by length"),
        ("[one", "broken TOML"),
        ("[defaults]\nrate = 'fast'", r"\[defaults\] rate is 'fast'"),
    ],
)
def test_a_mistake_is_one_sentence_with_what_was_expected(
    tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(BadConfiguration, match=told):
        configuration("one", written(tmp_path, text))


def test_a_file_that_was_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="not there"):
        configuration("one", tmp_path / "none.toml")
