from __future__ import annotations

from conformance.video.made_files import Shelf


def test_a_file_at_hand_is_not_made_again() -> None:
    shelf, fresh = Shelf(count=2, weight=100), iter([b"first", b"second"])

    assert [shelf.get("a", lambda: next(fresh)) for _ in range(2)] == [b"first", b"first"]


def test_the_file_that_was_not_asked_for_longest_goes_first() -> None:
    shelf = Shelf(count=2, weight=100)
    for key in ("a", "b", "a", "c"):
        shelf.get(key, lambda: b"old")

    assert [shelf.get(key, lambda: b"new") for key in ("a", "c", "b")] == [b"old", b"old", b"new"]


def test_weight_counts_as_well_as_number() -> None:
    shelf = Shelf(count=100, weight=10)

    for number in range(5):
        shelf.get(number, lambda: b"four")

    assert (len(shelf), shelf.weight) == (2, 8)


def test_a_file_too_heavy_for_the_shelf_is_handed_out_and_not_held() -> None:
    shelf = Shelf(count=100, weight=10)

    assert shelf.get("a", lambda: b"far too heavy") == b"far too heavy"
    assert (len(shelf), shelf.weight) == (0, 0)


def test_a_file_made_twice_at_the_same_time_weighs_once() -> None:
    shelf = Shelf(count=100, weight=10)

    shelf.get("a", lambda: shelf.get("a", lambda: b"aa"))

    assert (len(shelf), shelf.weight) == (1, 2)
