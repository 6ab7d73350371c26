"""A waivers file is changed as a person would change it."""

from __future__ import annotations

import pytest

from conformance.errors import CannotEdit
from conformance.spec.waivers_editing import added, pruned
from conformance.spec.yaml_reader import parse

FACTS = {
    "clause": "small.make.a",
    "provider": "small",
    "fingerprint": "f123456789ab",
    "reason": "they: know",
    "owner": "video",
    "created": "2030-01-01",
    "expires": "2030-02-01",
}
TWO = """\
# Ours.
waivers:
# the first
- clause: small.make.x
  reason: one   # said so

# the second
- clause: small.make.y
  reason: two
# the end
"""


def read(text: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = parse(text, file="waivers.yaml").data["waivers"]
    return found


@pytest.mark.parametrize(
    "text", ["", "# mine\nwaivers: []\n", "# mine\nwaivers:\n", "waivers: [ ]  # none\n"]
)
def test_the_first_one_is_added_below_what_is_there(text: str) -> None:
    made = added(text, FACTS, file="waivers.yaml")

    assert read(made) == [FACTS]
    assert made.startswith(
        text.partition("waivers")[0] or "# Accepted" if "mine" in text or not text else "waivers:"
    )


def test_the_next_one_is_added_as_the_others_are_written() -> None:
    made = added(TWO, {**FACTS, "fingerprint": ["f1", "f2"]}, file="waivers.yaml")

    assert made.startswith(TWO.rstrip("\n"))
    assert read(made)[2] == {**FACTS, "fingerprint": ["f1", "f2"]}


@pytest.mark.parametrize(
    "reason", ["null", "yes: no", "# x", "a\nb", "\u202eüber", "2030", "'", '"', "- a", "true"]
)
def test_whatever_the_reason_is_it_is_read_back(reason: str) -> None:
    assert read(added(TWO, {**FACTS, "reason": reason}, file="waivers.yaml"))[2]["reason"] == reason


def test_what_is_removed_takes_its_words_and_no_others() -> None:
    assert pruned(TWO, [0], file="waivers.yaml") == (
        "# Ours.\nwaivers:\n# the first\n# the second\n- clause: small.make.y\n  reason: "
        "two\n# the end\n"
    ).replace("# the first\n# the second", "# the first\n\n# the second")
    assert [one["clause"] for one in read(pruned(TWO, [1], file="waivers.yaml"))] == [
        "small.make.x"
    ]


def test_when_all_are_removed_an_empty_list_is_left() -> None:
    assert read(pruned(TWO, [0, 1], file="waivers.yaml")) == []


def test_nothing_to_remove_changes_nothing() -> None:
    assert pruned(TWO, [], file="waivers.yaml") == TWO


def test_a_form_that_cannot_be_changed_line_by_line_is_left_alone() -> None:
    with pytest.raises(CannotEdit, match="By hand:\nadd\n"):
        added("waivers: [{clause: small.make.x}]\n", FACTS, file="waivers.yaml")
    with pytest.raises(CannotEdit, match="remove the entries on line 1"):
        pruned(
            "waivers: [{clause: small.make.x}, {clause: small.make.y}]\n", [0], file="waivers.yaml"
        )
