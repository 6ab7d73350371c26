"""The records of a run file, one a line, declared once.

Written, read back and published as a schema from here.

Header first, footer last; without a footer the run is incomplete.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from conformance.model.clause import Harm, Level, Reading, Source
from conformance.model.exchange import Auth, Exchange, Failure, Fault, Purpose, Request, Response
from conformance.model.money import JobCosts
from conformance.model.verdict import Cause, Decision, Difference, Outcome, ReasonCode
from conformance.model.waiver import Standing

FORMAT: Final = "conformance-run/1"

Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
#: Written as it came, whole or not.
Number = Annotated[int, Meta(ge=-(10**15), le=10**15)] | Annotated[float, Meta(ge=-1e15, le=1e15)]
Time = Annotated[float, Meta(ge=0, le=1e11, description="Seconds since 1970.")]
Seconds = Annotated[float, Meta(ge=0, le=1e9)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$", description="YEAR-MONTH-DAY.")]
Scalar = bool | str | Number | None
#: What the reader of bytes takes.
_BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
Texts = tuple[str, ...]
HeaderPairs = tuple[tuple[str, str], ...]


class SpecVersion(Struct, frozen=True, kw_only=True):
    """Which spec it was, to the byte."""

    file: str
    digest: str


class PlanCost(Struct, frozen=True, kw_only=True):
    """What the plan was, in numbers."""

    clauses: Count
    requests: Count
    jobs: Count
    lower_bound: Count
    expected: Number
    worst: Number
    #: Jobs whose price nobody states, as planned and at worst.
    unpriced: Count = 0
    worst_unpriced: Count = 0

    @property
    def expected_costs(self) -> JobCosts:
        """What the planned jobs cost."""
        return JobCosts(amount=self.expected, unpriced=self.unpriced)

    @property
    def worst_costs(self) -> JobCosts:
        """What it costs if every request that must be refused is taken as a job."""
        return JobCosts(amount=self.worst, unpriced=self.worst_unpriced)


class DocumentEdition(Struct, frozen=True, kw_only=True):
    """A document that the spec was made of."""

    title: str
    edition: str


class WordBounds(Struct, frozen=True, kw_only=True):
    """What one of the client's words may be."""

    told: str
    minimum: Number | None
    maximum: Number | None
    values: tuple[Scalar, ...]
    closed: bool
    default: Scalar


# A default is left out: a run is known by its header, and that of an older file stays as it was.
class MethodOffer(Struct, omit_defaults=True, frozen=True, kw_only=True):
    """What the provider does for our client, with the bounds of each of the client's words."""

    method: str
    operation: str
    scenario: str
    description: str
    cost: Number | None
    cost_per_second: Number | None
    cost_basis: str
    required: Texts
    inputs: Texts
    words: dict[str, WordBounds]


class OperationRole(Struct, frozen=True, kw_only=True):
    """What an operation is for; `facts` name by pointer what its answer says of a job."""

    role: str
    method: str
    path: str
    facts: dict[str, str]


class ScenarioWords(Struct, frozen=True, kw_only=True):
    """Which method a scenario serves, and by pointer the client's word for each field."""

    operation: str
    scenario: str
    method: str
    fields: dict[str, str]


class ShardOrigin(Struct, frozen=True, kw_only=True):
    """One of the runs that a combined run was made of."""

    run: str
    started: Time
    seed: int
    command: Texts


class PlaceRecord(Struct, frozen=True, kw_only=True):
    """Where in a spec file a promise stands."""

    file: str
    pointer: str
    line: Count


class WaivedRecord(Struct, frozen=True, kw_only=True):
    """A waiver, as it stands for one clause of this run."""

    reason: str
    owner: str
    created: Day
    expires: Day
    standing: Standing
    place: str = ""
    #: The same place in its parts; older files lack it.
    written: PlaceRecord | None = None


class CoverageRecord(Struct, frozen=True, kw_only=True):
    """How much of what binds and can be observed was decided."""

    proved: Count
    observable: Count
    percent: Number


class SpendRecord(Struct, frozen=True, kw_only=True):
    """What the run cost."""

    requests: Count
    jobs: Count
    credits: Number
    #: Jobs whose price nobody states; `credits` are those of the others.
    unpriced: Count = 0

    @property
    def costs(self) -> JobCosts:
        """What the jobs cost."""
        return JobCosts(amount=self.credits, unpriced=self.unpriced)


class Percentiles(Struct, frozen=True, kw_only=True):
    """Seconds, within which so many in a hundred were done."""

    p50: Number
    p90: Number
    p99: Number


class MeasuredJobs(Struct, frozen=True, kw_only=True):
    """How the jobs of one operation and scenario went."""

    jobs: Count
    error_rate: Number
    seconds: Percentiles | None
    queued: Percentiles | None


class RequestRecord(Struct, omit_defaults=True, frozen=True, kw_only=True):
    """What was sent; its body as text, or as base64 where it is none."""

    method: str
    url: str
    headers: HeaderPairs
    auth: Auth
    text: str | None = None
    base64: str | None = None
    #: The length of a body that was cut.
    shortened: Count | None = None


class AnswerRecord(Struct, omit_defaults=True, frozen=True, kw_only=True):
    """What came of a request: a status with headers and a body, or a fault."""

    status: Annotated[int, Meta(ge=0, le=999)] | None = None
    headers: HeaderPairs | None = None
    #: Whether the peer announced more bytes than it sent.
    cut: bool | None = None
    text: str | None = None
    base64: str | None = None
    #: Where a large body lay during the run.
    file: str | None = None
    shortened: Count | None = None
    fault: str | None = None
    detail: str | None = None
    delivered: bool | None = None

    def __post_init__(self) -> None:
        """Refuse what is neither."""
        answered = self.status is not None and self.headers is not None
        failed = None not in (self.fault, self.detail, self.delivered)
        if not answered and not failed:
            raise ValueError("Neither status and headers nor fault, detail and delivered")


class RunHeader(Struct, tag_field="record", tag="header", frozen=True, kw_only=True):
    """What was run, against whom, from which spec and seed; what the provider offers."""

    format: Literal["conformance-run/1"]
    version: str
    provider: str
    title: str
    unit: str
    spec: SpecVersion
    target: str
    base_url: str
    recorded_from: str
    recorded: Time | None = None
    key_env: str
    seed: Annotated[int, Meta(ge=-(10**15), le=10**15)]
    started: Time
    command: Texts
    plan: PlanCost
    documents: tuple[DocumentEdition, ...]
    methods: tuple[MethodOffer, ...] = ()
    operations: dict[str, OperationRole] = field(default_factory=dict)
    scenarios: tuple[ScenarioWords, ...] = ()
    shards: tuple[ShardOrigin, ...] | UnsetType = UNSET


class ClauseRecord(Struct, tag_field="record", tag="clause", frozen=True, kw_only=True):
    """One promise, with both of its witnesses in words."""

    id: str
    kind: str
    rule: str
    level: Level
    operation: str
    scenario: str
    promise: str
    source: Source
    place: PlaceRecord
    reading: Reading | None
    masked: str
    unobservable: str
    known_elsewhere: str = ""
    #: What a buyer loses when it is broken; files of before do not say.
    harm: Harm = Harm.INTEGRATION
    #: The same where what must be refused is taken, if that is another loss.
    harm_if_taken: Harm | None = None
    accept: Texts
    refuse: Texts
    #: Its line of the spec.
    excerpt: str = ""
    #: Whether our client relies on it.
    client: bool = False
    #: What tells it apart within its operation and scenario; older files lack it.
    parts: Texts = ()


class ExchangeRecord(Struct, tag_field="record", tag="exchange", frozen=True, kw_only=True):
    """One request and what came of it; bodies as text, or as base64 where they are none."""

    clause: str = ""
    number: Count
    operation: str
    purpose: Purpose
    started: Time
    elapsed: Seconds
    job: str = ""
    scenario: str = ""
    note: str = ""
    request: RequestRecord
    answer: AnswerRecord


class JobRecord(Struct, tag_field="record", tag="job", frozen=True, kw_only=True):
    """One video that was paid for."""

    job: str
    id: str
    operation: str
    scenario: str
    #: None where nobody states it.
    price: Number | None
    exchange: Count
    end: str
    seconds: Number
    #: The exchange that showed its end; older files lack it.
    ended_by: Count | None = None


class StillRecord(Struct, tag_field="record", tag="still", frozen=True, kw_only=True):
    """A small picture of the video that an exchange fetched, a JPEG in base64."""

    exchange: Count
    jpeg: Annotated[bytes, Meta(extra_json_schema={"pattern": _BASE64})]


class VerdictRecord(Struct, tag_field="record", tag="verdict", frozen=True, kw_only=True):
    """What the run says of a clause, on which exchanges, and how to see it again."""

    clause: str
    outcome: Outcome = field(name="verdict")
    cause: Cause | None
    expected: str
    received: str
    reason: str
    exchanges: tuple[Count, ...]
    difference: Texts
    #: How often it was broken, of how often it was looked at.
    rate: tuple[Count, Count] | None
    curl: str
    #: Of the finding, the same in every run that finds it; empty where there is none.
    fingerprint: str
    waived: WaivedRecord | None = None
    #: The same differences in their parts; older files lack them.
    differences: tuple[Difference, ...] = ()
    #: What a buyer loses by what was found; null where nothing was.
    harm: Harm | None = None
    #: Why it was not proved, for programs; older files lack it.
    reason_code: ReasonCode | None = None


class RunFooter(Struct, tag_field="record", tag="footer", frozen=True, kw_only=True):
    """The decision and the numbers."""

    decision: Decision
    counts: Annotated[
        dict[str, Count],
        Meta(extra_json_schema={"required": [outcome.value for outcome in Outcome]}),
    ]
    coverage: CoverageRecord
    spend: SpendRecord
    finished: Time
    complete: bool
    measured: dict[str, MeasuredJobs]

    def __post_init__(self) -> None:
        """Refuse a count that leaves out a verdict."""
        missing = [outcome.value for outcome in Outcome if outcome not in self.counts]
        if missing:
            raise ValueError(f"No count of {', '.join(missing)}")


Record = (
    RunHeader | ClauseRecord | ExchangeRecord | JobRecord | StillRecord | VerdictRecord | RunFooter
)
_DECODER: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


def read_record(line: str) -> Record:
    """Return the record that a line is, or raise `msgspec.ValidationError` where it is none."""
    return _DECODER.decode(line)


def plain_json(record: Struct) -> dict[str, Any]:
    """Return a record as plain JSON, as it is written."""
    line: dict[str, Any] = msgspec.to_builtins(record)
    return line


def schema_of(root: Any, *, title: str) -> dict[str, Any]:
    """Return the JSON Schema of a declaration."""
    (schema,), parts = msgspec.json.schema_components((root,), ref_template="#/$defs/{name}")
    schema.pop("discriminator", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **schema,
        "$defs": parts,
    }


def run_schema() -> dict[str, Any]:
    """Return the JSON Schema of a line, as `conformance/schemas/run.json` publishes it."""
    schema = schema_of(Record, title="One line of a run.jsonl, as `conformance run` writes it")
    schema["$defs"]["AnswerRecord"]["anyOf"] = [
        {"required": ["status", "headers"]},
        {"required": ["fault", "detail", "delivered"]},
    ]
    return schema


def exchange_record(exchange: Exchange, *, clause: str = "") -> ExchangeRecord:
    """Return an exchange as it is written, with the clause that it was sent for."""
    request = exchange.request
    return ExchangeRecord(
        clause=clause,
        number=exchange.number,
        operation=exchange.operation,
        purpose=exchange.purpose,
        started=round(exchange.started, 6),
        elapsed=round(exchange.elapsed, 6),
        job=exchange.job,
        scenario=exchange.scenario,
        note=exchange.note,
        request=RequestRecord(
            method=request.method,
            url=request.url,
            headers=request.headers,
            auth=request.auth,
            **_body(request.body),
        ),
        answer=_answer_record(exchange.answer),
    )


def exchange_of(record: ExchangeRecord) -> Exchange:
    """Return the exchange that was written."""
    request, answer = record.request, record.answer
    sent = Request(
        method=request.method,
        url=request.url,
        headers=request.headers,
        auth=request.auth,
        body=_bytes(request),
    )
    came: Response | Failure
    if answer.fault is not None:
        came = Failure(
            fault=Fault(answer.fault),
            detail=answer.detail or "",
            delivered=bool(answer.delivered),
        )
    else:
        came = Response(
            status=answer.status or 0,
            headers=answer.headers or (),
            body=_bytes(answer),
            cut=bool(answer.cut),
            file=Path(answer.file) if answer.file else None,
        )
    return Exchange(
        number=record.number,
        operation=record.operation,
        purpose=record.purpose,
        started=record.started,
        elapsed=record.elapsed,
        job=record.job,
        scenario=record.scenario,
        note=record.note,
        request=sent,
        answer=came,
    )


def exchange_to_json(exchange: Exchange) -> dict[str, Any]:
    """Return an exchange as plain JSON."""
    return plain_json(exchange_record(exchange))


def exchange_from_json(data: dict[str, Any]) -> Exchange:
    """Return the exchange that `exchange_to_json` wrote; raises `ValueError` on anything else."""
    return exchange_of(msgspec.convert(data, ExchangeRecord))


def _answer_record(answer: Response | Failure) -> AnswerRecord:
    if isinstance(answer, Failure):
        return AnswerRecord(
            fault=answer.fault.value, detail=answer.detail, delivered=answer.delivered
        )
    return AnswerRecord(
        status=answer.status,
        headers=answer.headers,
        cut=answer.cut,
        file=str(answer.file) if answer.file else None,
        **_body(answer.body),
    )


def _body(body: bytes) -> dict[str, Any]:
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}


def _bytes(part: RequestRecord | AnswerRecord) -> bytes:
    if part.base64 is not None:
        return base64.b64decode(part.base64, validate=True)
    return (part.text or "").encode("utf-8")
