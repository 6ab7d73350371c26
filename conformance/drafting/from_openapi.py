"""Put a first spec together from a published document, with a question for what it does not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.drafting.draft import OpenQuestions
from conformance.drafting.draft_body import body_of
from conformance.drafting.draft_job import bill, job_words
from conformance.drafting.operation_roles import choose_roles, takes_id
from conformance.drafting.published_document import JSON, base_of, is_plumbing, mapping
from conformance.drafting.shared_definitions import SharedDefinitions
from conformance.drafting.usual_names import EDIT, EXTEND, snake
from conformance.http.redaction import Redactor
from conformance.model.json_place import below

if TYPE_CHECKING:
    from conformance.drafting.draft import Draft
    from conformance.drafting.operation_roles import Roles
    from conformance.drafting.published_document import PublishedDocument, PublishedOperation
    from conformance.model.exchange import JsonObject

#: An example that is longer teaches nobody.
_EXAMPLE = 4000


def compose(document: PublishedDocument, name: str, operations: tuple[str, ...] = ()) -> Draft:
    """Return the first spec of a provider, from its own document."""
    questions = OpenQuestions()
    data = {
        **_head(document, name, questions),
        **_servers(document, questions),
        **security(document, questions),
    }
    definitions = SharedDefinitions(document=document, questions=questions)
    roles = choose_roles(document, operations)
    paths: JsonObject = {}
    for operation in roles.all:
        item = paths.setdefault(operation.path, {})
        item[operation.method] = _Drafter(
            document=document, roles=roles, definitions=definitions, questions=questions
        ).operation(operation)
    schemes = data.pop("components")
    components = {**schemes, **({"schemas": definitions.schemas} if definitions.schemas else {})}
    return questions.draft({**data, "paths": paths, "components": components})


def _head(document: PublishedDocument, name: str, questions: OpenQuestions) -> JsonObject:
    info = mapping(document.data.get("info"))
    title = name.title() if document.inferred else str(info.get("title") or name)
    for pointer, text in _ASKED_OF_EXAMPLES if document.inferred else _ASKED:
        questions.ask(pointer, text)
    described: JsonObject = {
        "title": "Examples of requests and answers" if document.inferred else title
    }
    if version := info.get("version"):
        described["edition"] = str(version)
    document_key = "examples" if document.inferred else "schema"
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": str(info.get("version") or "1")},
        "x-provider": {
            "name": name,
            "title": title,
            "documents": {document_key: described},
            "key": {"env": variable(name)},
            "unit": "credits",
        },
        "x-source": {"document": document_key},
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


def _servers(document: PublishedDocument, questions: OpenQuestions) -> JsonObject:
    base = base_of(document)
    if not base:
        questions.ask(
            "",
            "at which address is it reached? The document gives none: add `servers: [{url: "
            "https://…}]`",
        )
        return {}
    return {"servers": [{"url": base}]}


class _Drafter:
    """Writes operations, knowing which role each plays."""

    def __init__(
        self,
        *,
        document: PublishedDocument,
        roles: Roles,
        definitions: SharedDefinitions,
        questions: OpenQuestions,
    ) -> None:
        self._document = document
        self._roles = roles
        self._definitions = definitions
        self._questions = questions

    def operation(self, operation: PublishedOperation) -> JsonObject:
        """Return one operation in our format."""
        at = below("/paths", operation.path, operation.method)
        submit = operation in self._roles.submits
        node: JsonObject = {
            "operationId": operation.id,
            "summary": self._summary(operation),
            "x-source": {"section": operation.name},
        }
        if submit:
            node |= self._submit(operation, at)
        if parameters := [
            self._parameter(parameter, below(at, "parameters"))
            for parameter in operation.parameters
            if not is_plumbing(parameter)
        ]:
            node["parameters"] = parameters
        if submit:
            node["requestBody"] = self._body(operation, at)
        return {**node, "responses": self._replies(operation, at)}

    def _summary(self, operation: PublishedOperation) -> str:
        roles = self._roles
        if operation in roles.submits:
            return "Make a video"
        if operation in roles.polls.values():
            return "Ask for a job's state"
        return (
            "Download the finished file" if operation in roles.contents.values() else "Cancel a job"
        )

    def _submit(self, operation: PublishedOperation, at: str) -> JsonObject:
        poll = self._roles.polls.get(operation.id)
        answering = (operation, poll) if poll else (operation,)
        return {
            **self._needs(operation, at),
            "x-job": job_words(
                self._document,
                operation,
                poll,
                self._roles.contents.get(operation.id),
                below(at, "x-job"),
                self._questions,
            ),
            "x-cost": bill(self._document, answering, below(at, "x-cost"), self._questions),
        }

    def _needs(self, operation: PublishedOperation, at: str) -> JsonObject:
        """Return the earlier job that a submit to `/videos/{id}/extend` speaks of."""
        name = takes_id(operation)
        originals = [submit for submit in self._roles.submits if not takes_id(submit)]
        original = next(
            (
                submit
                for submit in originals
                if not set(snake(f"{submit.path} {submit.id}").split("_")) & (EXTEND | EDIT)
            ),
            next(iter(originals), None),
        )
        if not name:
            return {}
        if original is None:
            self._questions.ask(at, f"which operation makes what {name} names? Add x-needs")
            return {}
        self._questions.ask(
            below(at, "x-needs"), f"a guess: is {name} the id of a finished job of {original.id}?"
        )
        return {"x-needs": {"operation": original.id, "parameter": name}}

    def _parameter(self, node: JsonObject, at: str) -> JsonObject:
        schema = self._definitions.take(node.get("schema") or {"type": "string"}, at)
        return {
            "name": node["name"],
            "in": node["in"],
            **({"required": True} if node.get("required") or node["in"] == "path" else {}),
            "schema": schema,
        }

    def _body(self, operation: PublishedOperation, at: str) -> JsonObject:
        media = below(at, "requestBody", "content", JSON)
        if self._document.inferred:
            self._questions.ask(
                below(media, "schema", "properties"),
                "examples show what is taken: which fields are really required (then take "
                "x-required out), which others are there, within which bounds?",
            )
        content: JsonObject = {
            "schema": body_of(
                self._document,
                operation,
                self._definitions,
                below(media, "schema"),
                self._questions,
            )
        }
        examples = _examples(
            mapping(
                mapping(self._document.part(operation.node.get("requestBody")).get("content")).get(
                    JSON
                )
            )
        )
        return {"required": True, "content": {JSON: {**content, **examples}}}

    def _replies(self, operation: PublishedOperation, at: str) -> JsonObject:
        replies = {
            status: reply for status, reply in operation.replies.items() if status[:1] in ("2", "4")
        }
        if not operation.successes:
            self._questions.ask(
                below(at, "responses"),
                "with which status does it succeed? The document does not say",
            )
            replies = {"2XX": {}, **replies}
        return {
            status.upper(): self._reply(
                operation, status, reply, below(at, "responses", status.upper())
            )
            for status, reply in sorted(replies.items())
        }

    def _reply(
        self, operation: PublishedOperation, status: str, reply: JsonObject, at: str
    ) -> JsonObject:
        node: JsonObject = {
            "description": "It was done." if status.startswith("2") else "It was refused."
        }
        content = {}
        for kind, media in self._kept(operation, status, mapping(reply.get("content"))).items():
            content[JSON if "json" in kind else kind] = (
                self._content(mapping(media), below(at, "content", JSON, "schema"))
                if "json" in kind
                else {}
            )
        if content:
            node["content"] = content
        links = (
            self._links(operation)
            if status.startswith("2") and operation in self._roles.submits
            else {}
        )
        return {**node, **({"links": links} if links else {})}

    def _kept(self, operation: PublishedOperation, status: str, content: JsonObject) -> JsonObject:
        """Return the forms of an answer that count: of a download, the file's, where it has one."""
        files: JsonObject = {
            kind: {}
            for kind in content
            if kind.startswith("video/") or kind == "application/octet-stream"
        }
        return (
            files
            if files and status.startswith("2") and operation in self._roles.contents.values()
            else content
        )

    def _content(self, media: JsonObject, at: str) -> JsonObject:
        schema = (
            {"schema": self._definitions.take(media["schema"], at)} if media.get("schema") else {}
        )
        return {**schema, **_examples(media)}

    def _links(self, operation: PublishedOperation) -> JsonObject:
        roles, links = self._roles, {}
        pointer = self._job_id(operation)
        for name, chosen in (
            ("poll", roles.polls),
            ("content", roles.contents),
            ("cancel", roles.cancels),
        ):
            if linked := chosen.get(operation.id):
                links[name] = {
                    "operationId": linked.id,
                    "parameters": {takes_id(linked): f"$response.body#{pointer}"},
                }
        return links

    def _job_id(self, operation: PublishedOperation) -> str:
        from conformance.drafting.guess_job_facts import answer_fields, likely_field

        field = (
            likely_field("id", answer_fields(operation.answer, self._document.followed))
            if operation.answer
            else None
        )
        return field.pointer if field else "/id"


def _examples(media: JsonObject) -> JsonObject:
    """Return the examples of a body, without what signs an address."""
    import json

    published = (
        {"example": {"value": media["example"]}}
        if "example" in media
        else mapping(media.get("examples"))
    )
    examples = {}
    for name, entry in published.items():
        text = json.dumps(mapping(entry).get("value"), ensure_ascii=False)
        if "value" in mapping(entry) and len(text) <= _EXAMPLE:
            examples[str(name)] = {"value": json.loads(Redactor().text(text))}
    return {"examples": examples} if examples else {}


_AT = "/components/securitySchemes"


def security(document: PublishedDocument, questions: OpenQuestions) -> JsonObject:
    """Return `security` and the one scheme it names."""
    schemes = mapping(mapping(document.data.get("components")).get("securitySchemes"))
    for name, entry in schemes.items():
        if usable := _usable(document.part(entry)):
            return _scheme_words(name, usable)
    questions.ask(
        _AT,
        f"how does the key travel? {'No usual scheme' if schemes else 'Nothing'} is "
        "documented: this takes a bearer token",
    )
    return _scheme_words("bearer", {"type": "http", "scheme": "bearer"})


def _usable(scheme: JsonObject) -> JsonObject | None:
    kind = scheme.get("type")
    if kind == "http" and str(scheme.get("scheme", "")).lower() == "bearer":
        return {"type": "http", "scheme": "bearer"}
    if (
        kind == "apiKey"
        and scheme.get("in") in ("header", "query")
        and isinstance(scheme.get("name"), str)
    ):
        return {"type": "apiKey", "in": scheme["in"], "name": scheme["name"]}
    return None


def _scheme_words(name: str, scheme: JsonObject) -> JsonObject:
    import re

    clean = re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII)
    return {"security": [{clean: []}], "components": {"securitySchemes": {clean: scheme}}}
