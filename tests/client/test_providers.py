"""Every documented scenario of every provider, by both clients.

They ask independent servers and our own simulator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from conformance.client.drafting.scenario_routing import offered, offers
from conformance.promises.registry import derive
from conformance.simulator import SimulatorOptions, simulate
from conformance.simulator.server import Server
from tests import miniatures
from tests.client.shop import KINDS, opened
from tests.small import PROVIDERS, provider

if TYPE_CHECKING:
    from pathlib import Path

IMAGE, CLIP = "https://example.com/fox.png", "https://example.com/video-8s.mp4"
#: Words for each method; the seconds that the saved file must last.
CALLS: dict[tuple[str, str], tuple[dict[str, Any], float]] = {
    ("pixeldojo", "generate"): ({"duration": 2, "resolution": "480p", "aspect_ratio": "9:16"}, 2),
    ("pixeldojo", "animate"): ({"image": IMAGE, "duration": 1}, 1),
    ("pixeldojo", "extend"): ({"video": CLIP, "duration": 2}, 2),
    ("foxapi", "extend"): ({"video": CLIP, "duration": 2}, 2),
    ("uniall", "generate"): ({"duration": 2, "resolution": "480p", "aspect_ratio": "1:1"}, 2),
    ("uniall", "animate"): ({"image": IMAGE, "duration": 1}, 1),
    ("uniall", "compose"): ({"images": [IMAGE, IMAGE], "duration": 1}, 1),
    ("uniall", "edit"): ({"video": CLIP, "video_seconds": 8, "resolution": "480p"}, 8),
    ("uniall", "extend"): ({"video": CLIP, "duration": 2, "video_seconds": 8}, 2),
    ("octopusx", "generate"): ({"duration": 2, "resolution": "720p"}, 2),
    ("octopusx", "extend"): ({"job": ..., "start": 1}, 6),
}


def test_every_documented_scenario_is_called_here() -> None:
    assert set(CALLS) == {
        (name, method) for name in PROVIDERS for method in offered(provider(name))
    }
    for name in PROVIDERS:
        spec = provider(name)
        served = {
            (one.operation.id, one.scenario.title)
            for method in offered(spec)
            for one in offers(spec, method)
        }
        assert served >= {
            (one.id, scenario.title) for one in spec.submits for scenario in one.scenarios
        }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", PROVIDERS)
def test_each_scenario_gives_its_video_from_an_independent_server(
    name: str, kind: str, tmp_path: Path
) -> None:
    app = miniatures.build(name, miniatures.Options(job_seconds=0.05))
    calls = {method: call for (one, method), call in CALLS.items() if one == name}
    with (
        Server(app) as server,
        opened(kind, provider(name), server.url, api_key="test-key", poll_interval=0.02) as client,
    ):
        _drive(client, calls, tmp_path)

        assert app.state.submits == len(calls)
        assert client.spent in {app.state.charged, 0}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", PROVIDERS)
def test_each_scenario_gives_its_video_from_the_simulator(
    name: str, kind: str, tmp_path: Path
) -> None:
    app = simulate(provider(name), SimulatorOptions(job_seconds=0.05))
    calls = {method: call for (one, method), call in CALLS.items() if one == name}
    with (
        Server(app) as server,
        opened(
            kind, provider(name), server.url, api_key="simulator-key", poll_interval=0.02
        ) as client,
    ):
        _drive(client, {method: (words, 0) for method, (words, _) in calls.items()}, tmp_path)


def _drive(client: Any, calls: dict[str, tuple[dict[str, Any], float]], folder: Path) -> None:
    last: Any = None
    for method, (words, seconds) in calls.items():
        given = {word: last if value is ... else value for word, value in words.items()}
        last = getattr(client, method)("a fox in snow", **given)
        saved = last.save(folder / f"{method}.mp4")
        asked = words.get("duration")
        assert last.duration == (float(asked) if asked and method != "edit" else last.duration)
        assert saved.seconds == pytest.approx(seconds or saved.seconds, abs=0.2)


@pytest.mark.parametrize("name", PROVIDERS)
def test_what_the_client_relies_on_are_clauses_of_the_provider(name: str) -> None:
    from conformance.client.relied_on import relied_on

    spec = provider(name)
    needed = relied_on(spec)

    assert needed < {clause.id for clause in derive(spec)}
    assert any(".lifecycle.result" in one for one in needed)
    assert not [one for one in needed if one.endswith((".forbidden", ".both", ".no-key", ".alias"))]
