"""A run's lines are read as their published schema says."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from msgspec import ValidationError

from conformance.model.run_records import plain_json, read_record
from tests.drills.hostile import trees

LINES: dict[str, Any] = {
    "header": {
        "record": "header",
        "format": "conformance-run/1",
        "version": "0",
        "provider": "small",
        "title": "Small",
        "unit": "credits",
        "spec": {"file": "small.yaml", "digest": "d"},
        "target": "simulator",
        "base_url": "http://small.invalid",
        "recorded_from": "simulator",
        "recorded": None,
        "key_env": "SMALL_KEY",
        "seed": 0,
        "started": 1.8e9,
        "command": ["conformance"],
        "plan": {
            "clauses": 1,
            "requests": 2,
            "jobs": 1,
            "lower_bound": 1,
            "expected": 1.0,
            "worst": 2.0,
            "unpriced": 0,
            "worst_unpriced": 0,
        },
        "documents": [{"title": "Page", "edition": ""}],
        "methods": [
            {
                "method": "generate",
                "operation": "make",
                "scenario": "",
                "description": "",
                "cost": None,
                "cost_per_second": 2.0,
                "cost_basis": "",
                "required": ["prompt"],
                "inputs": [],
                "words": {
                    "prompt": {
                        "told": "any",
                        "minimum": None,
                        "maximum": 10,
                        "values": ["a", 1],
                        "closed": True,
                        "default": None,
                    }
                },
            }
        ],
        "operations": {
            "make": {"role": "submit", "method": "POST", "path": "/make", "facts": {"/id": "id"}}
        },
        "scenarios": [
            {
                "operation": "make",
                "scenario": "",
                "method": "generate",
                "fields": {"/prompt": "prompt"},
            }
        ],
    },
    "clause": {
        "record": "clause",
        "id": "small.make.type",
        "kind": "constraint",
        "rule": "type",
        "level": "must",
        "operation": "make",
        "scenario": "",
        "promise": "it is",
        "source": {"document": "Page", "section": ""},
        "place": {"file": "small.yaml", "pointer": "/", "line": 3},
        "reading": {"taken": "a", "other": "b", "why": "c"},
        "masked": "",
        "unobservable": "",
        "accept": ["x"],
        "refuse": [],
        "client": True,
    },
    "exchange": {
        "record": "exchange",
        "clause": "",
        "number": 1,
        "operation": "make",
        "purpose": "submit",
        "started": 1.8e9,
        "elapsed": 0.1,
        "job": "",
        "note": "",
        "request": {
            "method": "POST",
            "url": "http://x",
            "headers": [["a", "b"]],
            "auth": "own",
            "text": "{}",
        },
        "answer": {"status": 200, "headers": [["a", "b"]], "cut": False, "text": "{}"},
    },
    "failure": {
        "record": "exchange",
        "number": 1,
        "operation": "make",
        "purpose": "poll",
        "started": 1.8e9,
        "elapsed": 0.1,
        "request": {"method": "GET", "url": "http://x", "headers": [], "auth": "none"},
        "answer": {"fault": "timeout", "detail": "late", "delivered": True},
    },
    "job": {
        "record": "job",
        "job": "job-1",
        "id": "x",
        "operation": "make",
        "scenario": "",
        "price": 1.0,
        "exchange": 1,
        "end": "done",
        "seconds": 2.0,
    },
    "still": {"record": "still", "exchange": 1, "jpeg": "abcd"},
    "verdict": {
        "record": "verdict",
        "clause": "small.make.type",
        "verdict": "fail",
        "cause": "provider",
        "expected": "a",
        "received": "b",
        "reason": "",
        "exchanges": [1],
        "difference": ["c"],
        "rate": [1, 2],
        "curl": "curl",
        "fingerprint": "f",
        "waived": {
            "reason": "r",
            "owner": "o",
            "created": "2026-01-01",
            "expires": "2026-02-01",
            "standing": "valid",
            "place": "",
            "written": None,
        },
    },
    "footer": {
        "record": "footer",
        "decision": "go",
        "counts": dict.fromkeys(
            ("pass", "warn", "fail", "flaky", "untestable", "not_run", "error"), 1
        ),
        "coverage": {"proved": 1, "observable": 1, "percent": 100.0},
        "spend": {"requests": 1, "jobs": 1, "credits": 1.0, "unpriced": 0},
        "finished": 1.8e9,
        "complete": True,
        "measured": {
            "make": {
                "jobs": 1,
                "error_rate": 0.0,
                "seconds": {"p50": 1, "p90": 1, "p99": 1},
                "queued": None,
            }
        },
    },
}


@cache
def validator() -> Draft202012Validator:
    found = json.loads((files("conformance.schemas") / "run.json").read_text("utf-8"))
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def refused(line: Any) -> bool:
    try:
        read_record(json.dumps(line))
    except (ValueError, RecursionError):
        return True
    return False


@pytest.mark.parametrize("name", LINES)
def test_a_line_as_it_is_written_is_taken(name: str) -> None:
    assert not refused(LINES[name])
    assert validator().is_valid(LINES[name])


@pytest.mark.parametrize("name", LINES)
def test_what_is_read_is_written_as_it_was(name: str) -> None:
    written = json.loads(json.dumps(plain_json(read_record(json.dumps(LINES[name])))))

    assert LINES[name] == {key: written[key] for key in LINES[name]}


@pytest.mark.parametrize("name", LINES)
def test_what_the_schema_refuses_is_refused(name: str) -> None:
    @given(trees(LINES[name]))
    def holds(line: Any) -> None:
        # No validator says anything of numbers that are none, and 2.0 is a whole number to it.
        if not validator().is_valid(line):
            assert refused(line)
        elif refused(line):
            text = json.dumps(line)
            assert any(word in text for word in ("NaN", "Infinity", "\\ud", ".0", "e+"))

    holds()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"record": "letter"}, "Invalid value 'letter' - at `$.record`"),
        ([], "Expected `object`, got `array`"),
        (LINES["verdict"] | {"rate": [1]}, "Expected `array` of length 2 - at `$.rate`"),
        (LINES["job"] | {"seconds": 10**400}, "at `$.seconds`"),
        (
            {key: value for key, value in LINES["job"].items() if key != "price"},
            "missing required field `price`",
        ),
        (
            LINES["exchange"] | {"answer": {"status": 200}},
            "Neither status and headers nor fault, detail and delivered - at `$.answer`",
        ),
        (LINES["footer"] | {"counts": {"pass": 1}}, "No count of warn, fail"),
    ],
)
def test_a_misformed_line_says_where(line: Any, told: str) -> None:
    with pytest.raises(ValidationError) as raised:
        read_record(json.dumps(line))

    assert told in str(raised.value)


def test_half_a_character_is_no_text() -> None:
    assert refused(LINES["job"] | {"id": "\ud800"})
