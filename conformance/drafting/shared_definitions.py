"""The definitions that a draft's schemas refer to: taken over once each, under allowed names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.drafting.schema_upgrade import converted
from conformance.model.json_place import below, unescape

if TYPE_CHECKING:
    from conformance.drafting.draft import OpenQuestions
    from conformance.drafting.published_document import PublishedDocument
    from conformance.model.exchange import JsonObject

_PREFIX = "#/components/schemas/"
_AT = "/components/schemas"


@dataclass(slots=True, kw_only=True)
class SharedDefinitions:
    """Takes schemas over, and with them what they refer to."""

    document: PublishedDocument
    questions: OpenQuestions
    schemas: JsonObject = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)

    def take(self, schema: Any, pointer: str) -> Any:
        """Return a published schema as our format has it; its definitions go to the shelf."""
        if self.document.inferred:
            return schema
        return self._settled(converted(schema, pointer, self.questions), pointer)

    def _settled(self, node: Any, pointer: str) -> Any:
        if isinstance(node, list):
            return [self._settled(item, below(pointer, index)) for index, item in enumerate(node)]
        if not isinstance(node, dict):
            return node
        if isinstance(node.get("$ref"), str):
            return self._referred(node["$ref"], pointer)
        return {
            key: value
            if key in ("enum", "const", "default", "examples")
            else self._settled(value, below(pointer, key))
            for key, value in node.items()
        }

    def _referred(self, reference: str, pointer: str) -> JsonObject:
        target = self.document.followed({"$ref": reference})
        if not reference.startswith(_PREFIX) or not target:
            self.questions.ask(
                pointer,
                f"the schema refers to {reference[:80]!r}, which is not in its document: "
                "what is it?",
            )
            return {}
        if reference not in self._names:
            name = self._name(unescape(unquote(reference.removeprefix(_PREFIX))))
            self._names[reference] = name
            self.schemas[name] = {}  # it may refer to itself
            self.schemas[name] = self.take(target, below(_AT, name))
        return {"$ref": _PREFIX + self._names[reference]}

    def _name(self, wanted: str) -> str:
        clean = re.sub(r"[^\w.-]+", "_", wanted, flags=re.ASCII) or "Schema"
        name, count = clean, 1
        while name in self.schemas:
            count += 1
            name = f"{clean}_{count}"
        return name
