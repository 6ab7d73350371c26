"""Exchanges as JSON and back: the form in which runs, journals and reports keep them."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from conformance.model.exchange import (
    Answer,
    Auth,
    Exchange,
    Failure,
    Fault,
    Purpose,
    Request,
    Response,
)


def exchange_to_json(exchange: Exchange) -> dict[str, Any]:
    """Return an exchange as plain JSON: text bodies as text, others as base64."""
    return {
        "number": exchange.number,
        "operation": exchange.operation,
        "purpose": exchange.purpose.value,
        "started": round(exchange.started, 6),
        "elapsed": round(exchange.elapsed, 6),
        "job": exchange.job,
        "scenario": exchange.scenario,
        "note": exchange.note,
        "request": {
            "method": exchange.request.method,
            "url": exchange.request.url,
            "headers": [list(pair) for pair in exchange.request.headers],
            "auth": exchange.request.auth.value,
            **_body(exchange.request.body),
        },
        "answer": _answer(exchange.answer),
    }


def exchange_from_json(data: dict[str, Any]) -> Exchange:
    """Return the exchange that `exchange_to_json` wrote; raises `KeyError` or `ValueError` on anything else."""
    request = data["request"]
    return Exchange(
        number=int(data["number"]),
        operation=str(data["operation"]),
        purpose=Purpose(data["purpose"]),
        started=float(data["started"]),
        elapsed=float(data["elapsed"]),
        job=str(data.get("job", "")),
        scenario=str(data.get("scenario", "")),
        note=str(data.get("note", "")),
        request=Request(
            method=request["method"],
            url=request["url"],
            headers=_headers(request),
            auth=Auth(request["auth"]),
            body=_bytes(request),
        ),
        answer=_answer_from(data["answer"]),
    )


def _answer(answer: Answer) -> dict[str, Any]:
    if isinstance(answer, Failure):
        return {"fault": answer.fault.value, "detail": answer.detail, "delivered": answer.delivered}
    found = {
        "status": answer.status,
        "headers": [list(pair) for pair in answer.headers],
        "cut": answer.cut,
        **_body(answer.body),
    }
    return found | ({"file": str(answer.file)} if answer.file else {})


def _answer_from(data: dict[str, Any]) -> Answer:
    if "fault" in data:
        return Failure(
            fault=Fault(data["fault"]),
            detail=str(data["detail"]),
            delivered=bool(data["delivered"]),
        )
    file = Path(data["file"]) if "file" in data else None
    return Response(
        status=int(data["status"]),
        headers=_headers(data),
        body=_bytes(data),
        cut=bool(data.get("cut")),
        file=file,
    )


def _headers(data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(value)) for key, value in data["headers"])


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}


def _bytes(data: dict[str, Any]) -> bytes:
    if "base64" in data:
        return base64.b64decode(data["base64"], validate=True)
    return str(data.get("text", "")).encode("utf-8")
