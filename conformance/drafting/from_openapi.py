"""Put a first spec together from a published document, with a question for what it does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.drafting.draft import Pad, below
from conformance.drafting.draft_body import body_of
from conformance.drafting.draft_job import bill, job_words
from conformance.drafting.draft_security import security
from conformance.drafting.operation_roles import roles, takes_id
from conformance.drafting.published_document import JSON, base_of, is_plumbing, mapping
from conformance.drafting.shared_definitions import Shelf
from conformance.drafting.usual_names import EDIT, EXTEND, snake
from conformance.http.redaction import Redactor

if TYPE_CHECKING:
    from conformance.drafting.draft import Draft
    from conformance.drafting.operation_roles import Roles
    from conformance.drafting.published_document import Door, Published

#: An example that is longer teaches nobody.
_EXAMPLE = 4000

Node = dict[str, Any]


def compose(found: Published, name: str, operations: tuple[str, ...] = ()) -> Draft:
    """Return the first spec of a provider, from its own document."""
    pad = Pad()
    data = {**_head(found, name, pad), **_servers(found, pad), **security(found, pad)}
    shelf = Shelf(found=found, pad=pad)
    played = roles(found, operations)
    paths: Node = {}
    for door in played.kept:
        item = paths.setdefault(door.path, {})
        item[door.method] = _Drafter(found=found, played=played, shelf=shelf, pad=pad).operation(
            door
        )
    schemes = data.pop("components")
    components = {**schemes, **({"schemas": shelf.schemas} if shelf.schemas else {})}
    return pad.draft({**data, "paths": paths, "components": components})


def _head(found: Published, name: str, pad: Pad) -> Node:
    info = mapping(found.data.get("info"))
    title = name.title() if found.inferred else str(info.get("title") or name)
    for pointer, text in _ASKED_OF_EXAMPLES if found.inferred else _ASKED:
        pad.ask(pointer, text)
    document: Node = {"title": "Examples of requests and answers" if found.inferred else title}
    if version := info.get("version"):
        document["edition"] = str(version)
    key = "examples" if found.inferred else "schema"
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": str(info.get("version") or "1")},
        "x-provider": {
            "name": name,
            "title": title,
            "documents": {key: document},
            "key": {"env": variable(name)},
            "unit": "credits",
        },
        "x-source": {"document": key},
        "x-level": "should",
    }


_UNIT = (
    "/x-provider/unit",
    "in which unit is it billed, and how many requests per second are allowed (rate)?",
)
_ASKED = (
    (
        "/x-provider/documents",
        (
            "which other documents promise something (a guide, "
            "a price list)? Each has a title and an edition"
        ),
    ),
    _UNIT,
    (
        "/x-level",
        (
            "does this document bind? `must` where the provider keeps it up to date, "
            "`should` where it is generated or loose"
        ),
    ),
)
_ASKED_OF_EXAMPLES = (
    (
        "/x-provider/documents",
        "which documents promise something? What only an example shows binds nobody",
    ),
    _UNIT,
    (
        "/x-level",
        (
            "what examples show is usual and no promise. Say `must` where a document says the "
            "same, with its source"
        ),
    ),
)


def variable(name: str) -> str:
    """Return the environment variable that usually holds a provider's key."""
    return f"{name.upper().replace('-', '_')}_API_KEY"


def _servers(found: Published, pad: Pad) -> Node:
    base = base_of(found)
    if not base:
        pad.ask(
            "",
            "at which address is it reached? The document gives none: add `servers: [{url: "
            "https://…}]`",
        )
        return {}
    return {"servers": [{"url": base}]}


class _Drafter:
    """Writes operations, knowing which role each plays."""

    def __init__(self, *, found: Published, played: Roles, shelf: Shelf, pad: Pad) -> None:
        self._found, self._played, self._shelf, self._pad = found, played, shelf, pad

    def operation(self, door: Door) -> Node:
        """Return one operation in our format."""
        at = below("/paths", door.path, door.method)
        submit = door in self._played.submits
        node: Node = {
            "operationId": door.id,
            "summary": self._summary(door),
            "x-source": {"section": door.name},
        }
        if submit:
            node |= self._submit(door, at)
        if parameters := [
            self._parameter(one, below(at, "parameters"))
            for one in door.parameters
            if not is_plumbing(one)
        ]:
            node["parameters"] = parameters
        if submit:
            node["requestBody"] = self._body(door, at)
        return {**node, "responses": self._replies(door, at)}

    def _summary(self, door: Door) -> str:
        played = self._played
        if door in played.submits:
            return "Make a video"
        if door in played.polls.values():
            return "Ask for a job's state"
        return "Download the finished file" if door in played.contents.values() else "Cancel a job"

    def _submit(self, door: Door, at: str) -> Node:
        poll = self._played.polls.get(door.id)
        answering = (door, poll) if poll else (door,)
        return {
            **self._needs(door, at),
            "x-job": job_words(
                self._found,
                door,
                poll,
                self._played.contents.get(door.id),
                below(at, "x-job"),
                self._pad,
            ),
            "x-cost": bill(self._found, answering, below(at, "x-cost"), self._pad),
        }

    def _needs(self, door: Door, at: str) -> Node:
        """Return the earlier job that a submit to `/videos/{id}/extend` speaks of."""
        name = takes_id(door)
        whole = [one for one in self._played.submits if not takes_id(one)]
        other = next(
            (
                one
                for one in whole
                if not set(snake(f"{one.path} {one.id}").split("_")) & (EXTEND | EDIT)
            ),
            next(iter(whole), None),
        )
        if not name:
            return {}
        if other is None:
            self._pad.ask(at, f"which operation makes what {name} names? Add x-needs")
            return {}
        self._pad.ask(
            below(at, "x-needs"), f"a guess: is {name} the id of a finished job of {other.id}?"
        )
        return {"x-needs": {"operation": other.id, "parameter": name}}

    def _parameter(self, node: Node, at: str) -> Node:
        schema = self._shelf.take(node.get("schema") or {"type": "string"}, at)
        return {
            "name": node["name"],
            "in": node["in"],
            **({"required": True} if node.get("required") or node["in"] == "path" else {}),
            "schema": schema,
        }

    def _body(self, door: Door, at: str) -> Node:
        media = below(at, "requestBody", "content", JSON)
        if self._found.inferred:
            self._pad.ask(
                below(media, "schema", "properties"),
                "examples show what is taken: which fields are really required (then take "
                "x-required out), which others are there, within which bounds?",
            )
        content: Node = {
            "schema": body_of(self._found, door, self._shelf, below(media, "schema"), self._pad)
        }
        examples = _examples(
            mapping(
                mapping(self._found.part(door.node.get("requestBody")).get("content")).get(JSON)
            )
        )
        return {"required": True, "content": {JSON: {**content, **examples}}}

    def _replies(self, door: Door, at: str) -> Node:
        told = {status: reply for status, reply in door.replies.items() if status[:1] in ("2", "4")}
        if not door.successes:
            self._pad.ask(
                below(at, "responses"),
                "with which status does it succeed? The document does not say",
            )
            told = {"2XX": {}, **told}
        return {
            status.upper(): self._reply(door, status, reply, below(at, "responses", status.upper()))
            for status, reply in sorted(told.items())
        }

    def _reply(self, door: Door, status: str, reply: Node, at: str) -> Node:
        node: Node = {
            "description": "It was done." if status.startswith("2") else "It was refused."
        }
        content = {}
        for kind, media in self._kept(door, status, mapping(reply.get("content"))).items():
            content[JSON if "json" in kind else kind] = (
                self._content(mapping(media), below(at, "content", JSON, "schema"))
                if "json" in kind
                else {}
            )
        if content:
            node["content"] = content
        links = self._links(door) if status.startswith("2") and door in self._played.submits else {}
        return {**node, **({"links": links} if links else {})}

    def _kept(self, door: Door, status: str, content: Node) -> Node:
        """Return the forms of an answer that count: of a download, the file's, where it has one."""
        files: Node = {
            kind: {}
            for kind in content
            if kind.startswith("video/") or kind == "application/octet-stream"
        }
        return (
            files
            if files and status.startswith("2") and door in self._played.contents.values()
            else content
        )

    def _content(self, media: Node, at: str) -> Node:
        schema = {"schema": self._shelf.take(media["schema"], at)} if media.get("schema") else {}
        return {**schema, **_examples(media)}

    def _links(self, door: Door) -> Node:
        played, links = self._played, {}
        pointer = self._job_id(door)
        for name, chosen in (
            ("poll", played.polls),
            ("content", played.contents),
            ("cancel", played.cancels),
        ):
            if other := chosen.get(door.id):
                links[name] = {
                    "operationId": other.id,
                    "parameters": {takes_id(other): f"$response.body#{pointer}"},
                }
        return links

    def _job_id(self, door: Door) -> str:
        from conformance.drafting.guess_job_facts import guess, spots

        spot = guess("id", spots(door.answer, self._found.followed)) if door.answer else None
        return spot.pointer if spot else "/id"


def _examples(media: Node) -> Node:
    """Return the examples of a body, without what signs an address."""
    import json

    shown = (
        {"example": {"value": media["example"]}}
        if "example" in media
        else mapping(media.get("examples"))
    )
    kept = {}
    for name, entry in shown.items():
        text = json.dumps(mapping(entry).get("value"), ensure_ascii=False)
        if "value" in mapping(entry) and len(text) <= _EXAMPLE:
            kept[str(name)] = {"value": json.loads(Redactor().text(text))}
    return {"examples": kept} if kept else {}
