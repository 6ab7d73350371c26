"""Replay.

Loading a cassette and answering every request from it, beside plain vcrpy on the same file.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from pathlib import Path

import httpx
import vcr

from bench.table import Figures
from conformance.http.cassettes.cassette import CassetteOrigin, read_cassette
from conformance.http.cassettes.recorder import Recorder
from conformance.http.cassettes.replay import RecordedAnswers, ReplayDoor
from conformance.model.exchange import Exchange, Purpose, Request, Response
from conformance.spec.provider import Carrier

SIZES = (100, 1_000, 5_000, 20_000)
#: Beyond this, vcrpy takes minutes, and at the largest size most of an hour: it is quadratic.
VCR_MOST = 1_000
URL = "http://provider.invalid/v1/videos"
HOW = (
    "One file of recorded submits, each with a body of its own; every request is made once, in "
    "order. Ours: read the file, then answer from the index. "
    "Beside: the same file opened by vcrpy, matching method, address and body, and asked by "
    "httpx. One process, one round each, in turn; processor time, so that other programs do not "
    "count."
)


def measure() -> Figures:
    """Time both readers on files of each size."""
    rows, raw = [], []
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            path = _recorded(Path(name) / str(size), size)
            read, answered = _ours(path)
            beside = _plain(path, size) if size <= VCR_MOST else None
            raw.append(
                {
                    "exchanges": size,
                    "bytes": path.stat().st_size,
                    "load": read,
                    "answer": answered,
                    "vcrpy": beside,
                }
            )
            ours = read + answered
            told = (
                ["", "not run"]
                if beside is None
                else [f"{beside / size * 1000:.2f} ms", f"{beside / ours:.0f}×"]
            )
            rows.append(
                [
                    f"{size:,}",
                    f"{read / size * 1000:.3f} ms",
                    f"{answered / size * 1000:.3f} ms",
                    f"{ours:.2f} s",
                    *told,
                ]
            )
    each = [(measured["load"] + measured["answer"]) / measured["exchanges"] for measured in raw]
    notes = [
        (
            f"From {SIZES[0]:,} to {SIZES[-1]:,} exchanges, ours per exchange grows by a factor of "
            f"{each[-1] / each[0]:.2f}; 1 is linear."
        ),
        (
            f"vcrpy is run up to {VCR_MOST:,} exchanges: it compares each request with every "
            "recorded one, so its time grows with the square."
        ),
    ]
    return Figures(
        title="Replay: cassettes",
        how=HOW,
        columns=[
            "exchanges",
            "load, each",
            "answer, each",
            "ours, all",
            "vcrpy, each",
            "vcrpy beside ours",
        ],
        rows=rows,
        notes=notes,
        raw=raw,
    )


def _recorded(folder: Path, size: int) -> Path:
    recorder = Recorder(
        folder,
        origin=CassetteOrigin(recorded_from="benchmark"),
        carrier=Carrier(place="header", name="authorization", prefix="Bearer "),
        clean=lambda exchange: exchange,
    )
    for number in range(size):
        answer = Response(
            status=200,
            headers=(("content-type", "application/json"),),
            body=json.dumps({"id": f"job-{number}", "status": "queued", "progress": 0}).encode(),
        )
        recorder.add(
            "create",
            Exchange(
                number=number,
                operation="create",
                purpose=Purpose.SUBMIT,
                request=_request(number),
                answer=answer,
                started=1.0,
                elapsed=0.0,
            ),
        )
    (path,) = recorder.finish()
    return path


def _request(number: int) -> Request:
    return Request(
        method="POST", url=URL, headers=(("content-type", "application/json"),), body=_body(number)
    )


def _body(number: int) -> bytes:
    return json.dumps({"prompt": f"a fox, number {number}", "duration": number % 15 + 1}).encode()


def _ours(path: Path) -> tuple[float, float]:
    begun = time.process_time()
    exchanges = read_cassette(path).exchanges
    loaded = time.process_time()
    door = ReplayDoor(RecordedAnswers(exchanges))

    async def all_of_them() -> None:
        for number in range(len(exchanges)):
            answer = await door.send(_request(number))
            assert isinstance(answer, Response)

    asyncio.run(all_of_them())
    return loaded - begun, time.process_time() - loaded


def _plain(path: Path, size: int) -> float:
    begun = time.process_time()
    with (
        vcr.use_cassette(str(path), record_mode="none", match_on=["method", "uri", "body"]),
        httpx.Client() as client,
    ):
        for number in range(size):
            client.post(
                URL, content=_body(number), headers={"content-type": "application/json"}
            ).raise_for_status()
    return time.process_time() - begun
