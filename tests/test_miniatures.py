"""The miniatures keep what the documents say, and each wrong one shows that it does not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import av
import httpx
import pytest

import tests.miniatures
from tests.miniatures import APPS, WRONG, NoSuchWrong, Options, Wrong, build, by_name, clip

BASE = "http://house.test"
KEY = {"authorization": "Bearer test-key"}
SECOND = {"authorization": "Bearer second-key"}
FILM = "https://example.com/input-video.mp4"
PICTURE = "https://example.com/portrait.png"


@dataclass(slots=True)
class Clock:
    """A time that only moves when it is told to."""

    time: float = 1_800_000_000.0

    def __call__(self) -> float:
        """Give the time."""
        return self.time


@dataclass(slots=True)
class Caller:
    """A user of one app, in process."""

    client: httpx.AsyncClient
    clock: Clock

    async def get(self, path: str, **headers: Any) -> httpx.Response:
        """Fetch something."""
        return await self.client.get(path, headers=headers.get("headers", KEY))

    async def post(self, path: str, body: Any, headers: dict[str, str] = KEY) -> httpx.Response:
        """Submit something."""
        return await self.client.post(path, json=body, headers=headers)

    async def walk(self, path: str, rounds: int = 4) -> list[httpx.Response]:
        """Poll a job to its end, and once more."""
        answers = []
        for _ in range(rounds):
            self.clock.time += 0.125
            answers.append(await self.get(path))
        return answers


def call(app: Any, use: Callable[[Caller], Awaitable[Any]], clock: Clock) -> Any:
    """Run one use of an app."""

    async def run() -> Any:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE, trust_env=False) as client:
            return await use(Caller(client=client, clock=clock))

    return asyncio.run(run())


def measure(content: bytes) -> tuple[float, int, int]:
    """Give the length and frame of a video, decoded to its end."""
    with av.open(BytesIO(content), mode="r") as container:
        stream = container.streams.video[0]
        frames = len(list(container.decode(stream)))
        rate = stream.average_rate
        assert rate is not None
        return frames / float(rate), stream.width, stream.height


# What each system takes: an endpoint, a valid body, and how to follow it.


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One way to use a system."""

    path: str
    body: dict[str, Any]
    #: Where to poll, and what an answer says.
    poll: str
    id: str = "id"
    status: int = 200
    done: str = "completed"
    video: Callable[[Any], str] = lambda answer: str(answer["metadata"]["url"])
    film: tuple[float, int, int] = (6, 1280, 720)


def uniall(
    path: str = "/v1/videos", film: tuple[float, int, int] = (6, 1280, 720), **body: Any
) -> Use:
    """Give one UniAll request."""
    whole = {"model": "grok-imagine", "prompt": "a quiet street", **body}
    return Use(path=path, body=whole, poll=path + "/{}", film=film)


EDIT = {"operation": "edit_video", "input_video_seconds": 8}
EXTEND = {"operation": "video_extend", "input_video_seconds": 8}
FOX = {"model": "grok-imagine-video-extension", "prompt": "zoom out", "video_url": FILM}
OCTOPUS = {"model": "grok-video-3", "prompt": "a white cat"}
DOJO: dict[str, Any] = {"poll": "/api/v1/jobs/{}", "id": "jobId", "status": 202}


def _output(answer: Any) -> str:
    return str(answer["output"]["video"])


USES: dict[str, Use] = {
    "pixeldojo-extend": Use(
        path="/api/v1/models/grok-video-extend/run",
        body={"prompt": "waves", "video_url": FILM, "aspect_ratio": "16:9", "duration": 5},
        video=_output,
        **DOJO,
    ),
    "pixeldojo-video": Use(
        path="/api/v1/models/xai-video/run",
        body={"prompt": "waves", "aspect_ratio": "16:9", "duration": 5},
        video=_output,
        film=(5, 1280, 720),
        **DOJO,
    ),
    "foxapi": Use(
        path="/v1/videos/generations",
        body={**FOX, "duration": 6},
        poll="/v1/tasks/{}",
        video=lambda answer: str(answer["results"][0]["url"]),
    ),
    "uniall-text": uniall(size="720p", aspect_ratio="16:9", duration=6),
    "uniall-image": uniall(
        image=PICTURE, size="480p", aspect_ratio="auto", duration=10, film=(10, 854, 480)
    ),
    "uniall-reference": uniall(
        images=[PICTURE, PICTURE], size="720p", aspect_ratio="4:3", duration=10, film=(10, 960, 720)
    ),
    "uniall-edit": uniall(video=FILM, size="720p", extra_body=EDIT, film=(8, 1280, 720)),
    "uniall-extend": uniall(video=FILM, duration=6, extra_body=EXTEND),
    "uniall-second": uniall("/v1/videos/generations", seconds="6"),
    "uniall-third": uniall("/v1/video/generations", video={"url": FILM}, duration="6"),
    "octopusx": Use(
        path="/v1/video/create",
        body={**OCTOPUS, "aspect_ratio": "3:2", "size": "1080P"},
        poll="/v1/videos/{}",
        video=lambda answer: str(answer["video_url"]),
        film=(6, 1620, 1080),
    ),
}


@pytest.mark.parametrize("name", USES)
def test_the_documents_own_example_ends_in_a_playable_video(name: str) -> None:
    """A job is taken, waits at least twice, is done, and its file is what was asked for."""
    use, clock = USES[name], Clock()
    app = build(_system(name), Options(now=clock))

    async def walk(caller: Caller) -> None:
        submitted = await caller.post(use.path, use.body)
        assert submitted.status_code == use.status, submitted.text
        polls = await caller.walk(use.poll.format(submitted.json()[use.id]))
        answers = [poll.json() for poll in polls]
        assert [answer["status"] == use.done for answer in answers] == [False, False, True, True]
        progress = [answer.get("progress", 0) for answer in answers]
        assert progress == sorted(progress)
        file = await caller.get(use.video(answers[-1]), headers={})
        assert file.headers["content-type"] == "video/mp4"
        assert measure(file.content) == use.film

    call(app, walk, clock)
    assert (app.state.submits, app.state.charged > 0) == (1, True)
    assert app.state.requests == 6


def _system(name: str) -> str:
    return name if name in APPS else name.partition("-")[0]


def test_octopusx_extends_by_path_and_by_body_under_a_new_id() -> None:
    """The original is named in the path or in the body; the extension has an id of its own."""
    clock = Clock()

    async def extend(caller: Caller) -> list[Any]:
        made = (await caller.post("/v1/video/create", OCTOPUS)).json()["id"]
        body = {**OCTOPUS, "aspect_ratio": "3:2", "start_time": 4, "size": "1080P", "upscale": True}
        by_path = await caller.post(f"/v1/videos/{made}/extend", body)
        by_body = await caller.post("/v1/video/extend", {**body, "task_id": made})
        polls = await caller.walk(f"/v1/video/query?id={by_path.json()['id']}")
        content = await caller.get(f"/v1/videos/{by_path.json()['id']}/content")
        assert measure(content.content) == (6, 1620, 1080)
        assert polls[0].json()["video_url"] is None
        return [made, by_path.json()["id"], by_body.json()["id"]]

    assert len(set(call(build("octopusx", Options(now=clock)), extend, clock))) == 3


# One step over each bound, everything else valid.

_UNI = uniall().body
_TEXT = {**_UNI, "duration": 6}
_IMAGE = {**_TEXT, "image": PICTURE}
_REFERENCE = {**_TEXT, "images": [PICTURE]}
_EDITED = {**_UNI, "video": FILM, "extra_body": EDIT}
_EXTENDED = {**_TEXT, "video": FILM, "extra_body": EXTEND}
_LOOSE: tuple[Any, ...] = (5.5, True, "6", "six", [], {})


def _each(base: dict[str, Any], name: str, *values: Any) -> list[dict[str, Any]]:
    return [{**base, name: value} for value in values]


def _less(base: dict[str, Any], *names: str) -> list[dict[str, Any]]:
    return [{key: base[key] for key in base if key != name} for name in names]


def _refused_uniall() -> list[dict[str, Any]]:
    timed = (_TEXT, _IMAGE, _REFERENCE, _EXTENDED)
    bodies = [
        *_each(_TEXT, "duration", 16, 0, -1, *(value for value in _LOOSE if value != "6")),
        *_each(_IMAGE, "duration", 16, 0, "16"),
        *_each(_REFERENCE, "duration", 11, 0),
        *_each(_EXTENDED, "duration", 11, 1),
        *_each(_UNI, "seconds", "16", "0", 6, "six", "5.5"),
        *({**base, "seconds": "6"} for base in timed),
        *(body for base in timed for body in _less(base, "duration")),
        *({**body, "seconds": "16"} for base in timed for body in _less(base, "duration")),
        *_less(_TEXT, "model", "prompt"),
        *_each(_TEXT, "prompt", 7, None),
        *_each(_TEXT, "model", "grok-2", 7),
        *_each(_TEXT, "size", "1080p", 720),
        *_each(_TEXT, "image", "picture", {"url": "picture"}, {}, 7),
        *_each(_TEXT, "images", PICTURE, [7], ["picture"]),
        *_each(_EXTENDED, "video", "film", 7),
        {**_TEXT, "aspect_ratio": 1},
        {**_EXTENDED, "size": "720p"},
        {**_EXTENDED, "image": PICTURE},
        {**_EDITED, "image": PICTURE},
        {**_EDITED, "duration": 6},
        {**_EDITED, "seconds": "6"},
        *_each(_TEXT, "extra_body", "words", {"operation": "sing"}, {"operation": 7}),
    ]
    for operation in ("image_to_video", "reference_to_video", "video_extend", "edit_video"):
        base = _UNI if operation == "edit_video" else _TEXT
        bodies.append({**base, "extra_body": {"operation": operation}})
    odd = [{**EDIT, "input_video_seconds": seconds} for seconds in (0, -1, "8", 5.5, True)]
    return [*bodies, *_each(_EDITED, "extra_body", *odd)]


_EXT = {"prompt": "waves", "video_url": FILM}
_VID = {"prompt": "waves"}
_BAD_URLS = ("film", "ftp://example.com/a.mp4", "/a.mp4", "https://", 7)
REFUSED: dict[str, list[dict[str, Any]]] = {
    "pixeldojo-extend": [
        *_each(_EXT, "extension_duration", 11, 1, *_LOOSE),
        *_each(_EXT, "video_url", *_BAD_URLS),
        *_each(_EXT, "prompt", 7),
        *_less(_EXT, "prompt", "video_url"),
    ],
    "pixeldojo-video": [
        *_each(_VID, "duration", 16, 0, *_LOOSE),
        *_each({**_VID, "image_url": PICTURE}, "duration", 16, 0),
        *_each(_VID, "image_url", *_BAD_URLS),
        *_each(_VID, "mode", "video-to-video", 7),
        *_each(_VID, "resolution", "1080p", 7),
        *_each(_VID, "aspect_ratio", "21:9", "auto", 7),
        *_each({"prompt": 7}, "duration", 5),
        {"duration": 5},
        {"image_url": PICTURE},
    ],
    "foxapi": [
        *_each(FOX, "duration", 11, 1, *_LOOSE),
        *_each(FOX, "video_url", *_BAD_URLS),
        *_each(FOX, "video_url", f"{BASE}/a-16s.mp4", f"{BASE}/a-1s.mp4"),
        *_each(FOX, "model", "grok-2", None),
        *_each(FOX, "prompt", 7),
        *_less(FOX, "model", "prompt", "video_url"),
    ],
    "uniall": _refused_uniall(),
    "octopusx": [
        *_each(OCTOPUS, "size", "480P", 7),
        *_each(OCTOPUS, "start_time", -1, *_LOOSE),
        *_each(OCTOPUS, "upscale", "yes", 1),
        *_each(OCTOPUS, "images", PICTURE, ["picture"]),
        *_each(OCTOPUS, "aspect_ratio", 1.5),
        *_each(OCTOPUS, "prompt", 7),
        *_each(OCTOPUS, "model", 7),
        *_less(OCTOPUS, "model", "prompt"),
    ],
}

ACCEPTED: dict[str, list[dict[str, Any]]] = {
    "pixeldojo-extend": _each(_EXT, "extension_duration", 2, 10, None, 6.0),
    "pixeldojo-video": [
        *_each(_VID, "duration", 1, 15, None),
        *_each({**_VID, "image_url": PICTURE}, "duration", 1, 15),
        *_each({**_VID, "duration": 1}, "mode", "text-to-video", "image-to-video"),
        *_each(_VID, "resolution", "480p", "720p"),
        *_each(
            {**_VID, "resolution": "480p", "duration": 1},
            "aspect_ratio",
            "16:9",
            "4:3",
            "1:1",
            "9:16",
            "3:4",
            "3:2",
            "2:3",
        ),
    ],
    "foxapi": [
        FOX,
        *_each(FOX, "duration", 2, 10, None),
        *_each(FOX, "video_url", f"{BASE}/a-2s.mp4", f"{BASE}/a-15s.mp4"),
    ],
    "uniall": [
        *_each(_TEXT, "duration", 1, 15, "6"),
        *_each(_UNI, "seconds", "1", "15"),
        {**_UNI, "image": PICTURE, "seconds": "6"},
        {**_UNI, "images": [PICTURE], "seconds": "6"},
        {**_UNI, "video": FILM, "seconds": "6"},
        *_each(_IMAGE, "duration", 1, 15),
        *_each(_REFERENCE, "duration", 1, 10),
        *_each(_EXTENDED, "duration", 2, 10),
        *_each(_TEXT, "size", "480p", "720p"),
        *_each(_TEXT, "aspect_ratio", "16:9", "1:1", "9:16", "auto"),
        {**_TEXT, "image": {"url": PICTURE}},
        {**_EXTENDED, "video": {"url": FILM}},
        {**_TEXT, "image_url": PICTURE},
        {**_TEXT, "image_urls": [PICTURE]},
        {**_TEXT, "extra_body": {"operation": "text_to_video"}},
        {**_IMAGE, "extra_body": {"operation": "image_to_video"}},
        {**_REFERENCE, "extra_body": {"operation": "reference_to_video"}},
        _EDITED,
        _EXTENDED,
    ],
    "octopusx": [
        OCTOPUS,
        *_each(OCTOPUS, "size", "720P", "1080P", "720p", "1080p"),
        *_each(OCTOPUS, "start_time", 0, 4),
        *_each(OCTOPUS, "upscale", *(True, False)),
        *_each(OCTOPUS, "images", [PICTURE]),
        *_each(OCTOPUS, "aspect_ratio", "3:2"),
    ],
}
SYSTEMS = tuple(REFUSED)
PATHS = {
    "pixeldojo-extend": "/api/v1/models/grok-video-extend/run",
    "pixeldojo-video": "/api/v1/models/xai-video/run",
    "foxapi": "/v1/videos/generations",
    "uniall": "/v1/videos",
}


async def _path(caller: Caller, system: str) -> str:
    """Give the endpoint under test; OctopusX needs an original first."""
    if system != "octopusx":
        return PATHS[system]
    made = await caller.post("/v1/video/create", OCTOPUS)
    return f"/v1/videos/{made.json()['id']}/extend"


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_faithful_provider_takes_both_ends_and_refuses_one_step_beyond(system: str) -> None:
    """What the document allows makes a job; what it forbids makes none and costs nothing."""
    clock = Clock()
    app = build(system, Options(now=clock))

    async def submit(caller: Caller) -> None:
        path = await _path(caller, system)
        for body in ACCEPTED[system]:
            answer = await caller.post(path, body)
            assert answer.is_success, (body, answer.text)
        before = (app.state.submits, app.state.charged)
        for body in REFUSED[system]:
            answer = await caller.post(path, body)
            assert answer.status_code == 422, (body, answer.text)
            assert answer.json()["error"]["message"]
        assert (app.state.submits, app.state.charged) == before

    call(app, submit, clock)


def test_each_name_stands_for_one_provider() -> None:
    """A name is used once, and belongs to its own system."""
    names = [(wrong.system, wrong.name) for wrong in WRONG]
    assert len(set(names)) == len(names)
    assert all(by_name(wrong.system, wrong.name) is wrong for wrong in WRONG)


@pytest.mark.parametrize("system", APPS)
def test_an_unknown_name_is_refused_with_the_nearest(system: str) -> None:
    """A typing error must not give the faithful provider."""
    with pytest.raises(NoSuchWrong, match="nearest"):
        APPS[system](wrong="no-such-name")


def test_by_name_knows_only_its_own_system() -> None:
    """A name of one system is unknown in another."""
    with pytest.raises(NoSuchWrong):
        by_name("foxapi", "closed")


def test_exports_are_sorted() -> None:
    """The package names what it offers, in order."""
    names = tests.miniatures.__all__
    assert sorted(names, key=lambda name: (not name.isupper(), name[0].islower(), name)) == names


def test_clips_are_the_same_each_time() -> None:
    """The same order gives the same bytes."""
    assert clip(2, 480, 480) == clip.__wrapped__(2, 480, 480)


def test_an_extension_may_come_with_its_input() -> None:
    """The file is the input and the clip, where the options say so."""
    clock, use = Clock(), USES["foxapi"]
    options = Options(now=clock, extension_returns="whole", edition="output")

    async def walk(caller: Caller) -> Any:
        body = {**use.body, "video_url": f"{BASE}/samples/video-4s.mp4", "duration": 3}
        submitted = await caller.post(use.path, body)
        polls = await caller.walk(use.poll.format(submitted.json()["id"]))
        output = polls[-1].json()["output"]
        part = await caller.get(output["url"], headers={"range": "bytes=4-7"})
        assert (part.status_code, part.content) == (206, b"ftyp")
        assert (
            await caller.get(output["url"], headers={"range": "bytes=9999999-"})
        ).status_code == 416
        return output["duration"], measure((await caller.get(output["url"])).content)

    assert call(build("foxapi", options), walk, clock) == (7, (7, 1280, 720))


def test_a_flaky_provider_is_wrong_once_in_so_many_chances() -> None:
    """The first chance is taken, then one in three."""
    clock = Clock()
    wrong = by_name("foxapi", "duration-accepts-11")

    async def submit(caller: Caller) -> list[bool]:
        body = {**FOX, "duration": 11}
        return [(await caller.post(PATHS["foxapi"], body)).is_success for _ in range(6)]

    codes = call(build(wrong, Options(now=clock, flaky_every=3)), submit, clock)
    assert codes == [True, False, False, True, False, False]


def test_pixeldojo_takes_the_price_from_one_account() -> None:
    """Both models draw on the same balance, refusals on none, and an empty one is refused."""
    clock = Clock()

    async def submit(caller: Caller) -> list[Any]:
        extend, video = PATHS["pixeldojo-extend"], PATHS["pixeldojo-video"]
        orders: tuple[tuple[str, dict[str, Any]], ...] = (
            (extend, _EXT),
            (video, _VID),
            (video, {}),
            (video, _VID),
            (video, _VID),
        )
        answers = [await caller.post(path, body) for path, body in orders]
        assert (await caller.post(video, _VID, SECOND)).json()["creditsRemaining"] == 30
        return [answer.json().get("creditsRemaining", answer.status_code) for answer in answers]

    app = build("pixeldojo", Options(now=clock, balance=40))
    assert call(app, submit, clock) == [28, 18, 422, 8, 402]


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b'{"prompt": 1e999}',
        b'{"prompt": "\\ud800"}',
        b'{"duration": ' + b"9" * 5000 + b"}",
        b'{"extra_body": {"operation": []}}',
        b'{"video": {}}',
        b'{"video_url": "http://[", "image_url": "http://["}',
        b'{"duration": NaN, "images": {}}',
    ],
    ids=range(11),
)
def test_no_body_breaks_a_faithful_provider(system: str, raw: bytes) -> None:
    """Whatever comes in, the answer is no breakdown."""
    clock = Clock()

    async def send(caller: Caller) -> int:
        headers = {**KEY, "content-type": "application/json"}
        path = PATHS.get(system, "/v1/video/create")
        return (await caller.client.post(path, content=raw, headers=headers)).status_code

    assert call(build(system, Options(now=clock)), send, clock) < 500


# A portrait: everything worth asking a provider, in one fixed order, and what it answers.


Part = Callable[[Caller, str, str], AsyncIterator[Any]]


async def _refusals(caller: Caller, path: str, system: str) -> AsyncIterator[Any]:
    for body in REFUSED[system]:
        answer = await caller.post(path, body)
        yield _said(answer)
        if answer.is_success:
            yield await _followed(caller, system, answer)


async def _orders(caller: Caller, path: str, system: str) -> AsyncIterator[Any]:
    taken = [await caller.post(path, body) for body in ACCEPTED[system]]
    for answer in taken:
        yield _said(answer)
    for answer in taken:
        yield await _followed(caller, system, answer)


async def _doors(caller: Caller, path: str, system: str) -> AsyncIterator[Any]:
    body, polls = ACCEPTED[system][-1], _polls(system)
    for headers in ({}, {"authorization": "Bearer no-such-key"}):
        yield _said(await caller.post(path, body, headers))
    json_type = {**KEY, "content-type": "application/json"}
    for raw, kind in (
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"a=1", "text/plain"),
    ):
        headers = {**json_type, "content-type": kind}
        yield _said(await caller.client.post(path, content=raw, headers=headers))
    yield await _followed(caller, system, await caller.post(path, body))
    for prompt in ("x" * 5000, "\u732b", ""):
        yield _said(await caller.post(path, {**body, "prompt": prompt}))
    mine = (await caller.post(path, body)).json()
    name = mine.get("id", mine.get("jobId", "lost"))
    for poll in polls:
        for headers in ({}, {"authorization": "Bearer no-such-key"}, SECOND):
            yield _said(await caller.get(poll.format(name), headers=headers))
        yield _said(await caller.get(poll.format("nothing")))
    if system == "octopusx":
        yield _said(await caller.post("/v1/videos/nothing/extend", body))
        yield _said(await caller.post(path, body, SECOND))


def _polls(system: str) -> tuple[str, ...]:
    if system == "uniall":
        return ("/v1/videos/{}", "/v1/videos/{}/content")
    if system == "octopusx":
        return ("/v1/videos/{}", "/v1/video/query?id={}", "/v1/videos/{}/content")
    return (USES[system].poll,)


async def _followed(caller: Caller, system: str, answer: httpx.Response) -> Any:
    if not answer.is_success:
        return None
    told = answer.json()
    name = told.get("id", told.get("jobId")) if isinstance(told, dict) else None
    if not isinstance(name, str):
        return None
    first, *others = _polls(system)
    polls = await caller.walk(first.format(name))
    files = [await _file(caller, system, polls[-2])]
    return (
        [_said(step) for step in polls],
        files,
        [_said(await caller.get(other.format(name))) for other in others],
    )


async def _file(caller: Caller, system: str, poll: httpx.Response) -> Any:
    try:
        address = USES.get(system, USES["uniall-text"]).video(poll.json())
    except (KeyError, TypeError, IndexError):
        return None
    return _said(await caller.get(address, headers={})) if address.startswith(BASE) else address


async def _special(caller: Caller, path: str, system: str) -> AsyncIterator[Any]:
    if system == "octopusx":
        name = path.split("/")[3]
        for body in (OCTOPUS, {**OCTOPUS, "size": "1080P"}, {**OCTOPUS, "size": "480P"}):
            answer = await caller.post("/v1/video/extend", {**body, "task_id": name})
            yield _said(answer), await _followed(caller, system, answer)
        unknown = {**OCTOPUS, "task_id": "nothing"}
        for lacking in (*_less({**OCTOPUS, "task_id": name}, "prompt"), OCTOPUS, unknown):
            yield _said(await caller.post("/v1/video/extend", lacking))
    if system == "uniall":
        for door in ("/v1/videos/generations", "/v1/video/generations"):
            for body in (_TEXT, {**_TEXT, "duration": 16}, {**_TEXT, "seconds": "6"}):
                yield _said(await caller.post(door, body))
            yield _said(await caller.post(door, _TEXT, {}))
            mine = (await caller.post("/v1/videos", _TEXT)).json()["id"]
            yield [_said(step) for step in await caller.walk(f"{door}/{mine}")]


def _said(answer: httpx.Response) -> Any:
    kind = answer.headers.get("content-type", "")
    content = hash(answer.content) if kind == "video/mp4" else answer.content
    return answer.status_code, kind, content


PARTS: tuple[Part, ...] = (_doors, _orders, _special, _refusals)


async def _strokes(caller: Caller, part: Part, system: str) -> AsyncIterator[Any]:
    path = await _path(caller, system)
    async for step in part(caller, path, system):
        yield step


@cache
def faithful(system: str, part: Part) -> list[Any]:
    """Give one part of the portrait of the faithful provider."""
    clock = Clock()

    async def paint(caller: Caller) -> list[Any]:
        return [step async for step in _strokes(caller, part, system)]

    result: list[Any] = call(build(system, Options(now=clock)), paint, clock)
    return result


def differs(wrong: Wrong, part: Part) -> bool:
    """Tell whether a wrong provider answers otherwise in one part, and stop there."""
    clock, right = Clock(), iter(faithful(wrong.system, part))

    async def compare(caller: Caller) -> bool:
        async for step in _strokes(caller, part, wrong.system):
            if step != next(right, None):
                return True
        return False

    return bool(call(build(wrong, Options(now=clock)), compare, clock))


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("part", PARTS)
def test_a_portrait_can_be_painted_again(system: str, part: Part) -> None:
    """Two faithful providers answer alike, so a difference means a departure."""
    assert faithful.__wrapped__(system, part) == faithful(system, part)


def _id(wrong: Wrong) -> str:
    return f"{wrong.system}:{wrong.name}"


@pytest.mark.parametrize("wrong", WRONG, ids=_id)
def test_a_wrong_provider_differs_from_its_faithful_twin(wrong: Wrong) -> None:
    """Somewhere in the portrait the wrong one answers otherwise."""
    likely = PARTS if wrong.group != "constraint" else (_refusals, _orders, _special, _doors)

    assert any(differs(wrong, part) for part in likely)
