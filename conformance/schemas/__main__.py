"""Write the schemas that are derived from declarations: `python -m conformance.schemas`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conformance.model.run_records import run_schema
from conformance.report.formats.verdict_file import verdict_schema
from conformance.spec.words.known_words import words_schema


def derived() -> dict[str, dict[str, Any]]:
    """Return each derived schema by the name of its file."""
    return {
        "run.json": run_schema(),
        "verdict.json": verdict_schema(),
        "words.json": words_schema(),
    }


if __name__ == "__main__":
    for name, schema in derived().items():
        text = json.dumps(schema, indent=2, ensure_ascii=False)
        Path(__file__).with_name(name).write_text(text + "\n", encoding="utf-8")
