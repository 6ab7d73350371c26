"""YAML of a recording as plain values: of a bounded depth, and nothing grows by reference."""

from __future__ import annotations

from typing import Any

import yaml

#: No recorder nests deeper.
DEEPEST = 200
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN_COLLECTIONS = (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")
_TEXT = "tag:yaml.org,2002:str"


class NotPlain(ValueError):
    """A text that nests or repeats itself as no recorder's does; `line` is counted from 1."""

    def __init__(self, event: Any, fact: str) -> None:
        super().__init__(fact)
        self.line = event.start_mark.line + 1 if event.start_mark else 1


def read_yaml(text: str) -> Any:
    """Return the value of a text; raises `NotPlain`, or what the YAML library raises.

    The events of the parser become values at once. A tree of nodes in between would take twice as
    long, and the C library builds it by a recursion that has no limit of its own.
    """
    loader = _LOADER(text)
    builder = _PlainBuilder(loader)
    try:
        documents = builder.documents()
    finally:
        loader.dispose()
    if builder.unusual or len(documents) > 1:
        # Older recorders wrote tuples and buffers by name. vcrpy's own loader makes those and
        # nothing else; of all the rest it says what is wrong.
        from vcr.serializers import yamlserializer

        return yamlserializer.deserialize(text)
    return documents[0] if documents else None


class _PlainBuilder:
    """Makes values of events, and notes what is more than plain scalars, lists and mappings."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self._scalars_by_anchor: dict[str, Any] = {}
        self._has_anchored_collection = False
        self.unusual = False

    def documents(self) -> list[Any]:
        """Return the value of each document."""
        values: list[Any] = []
        enclosing: list[list[Any]] = []
        while True:
            event = self._loader.get_event()
            match event:
                case yaml.ScalarEvent():
                    values.append(self._scalar(event))
                case yaml.CollectionStartEvent():
                    enclosing.append(values)
                    values = []
                    self._check_start(event, depth=len(enclosing))
                case yaml.MappingEndEvent():
                    mapping = self._mapping(values)
                    values = enclosing.pop()
                    values.append(mapping)
                case yaml.SequenceEndEvent():
                    sequence = values
                    values = enclosing.pop()
                    values.append(sequence)
                case yaml.AliasEvent():
                    values.append(self._repeated(event))
                case yaml.StreamEndEvent():
                    return values
                case _:
                    pass  # the marks of a document say nothing of its value

    def _check_start(self, event: Any, depth: int) -> None:
        if depth > DEEPEST:
            raise NotPlain(event, f"it is nested deeper than {DEEPEST} levels")
        if event.anchor:
            self._has_anchored_collection = True
        if event.tag not in _PLAIN_COLLECTIONS:
            self.unusual = True

    def _scalar(self, event: Any) -> Any:
        value, tag = event.value, event.tag
        if tag is None or tag == "!":
            is_plain = event.implicit[0]
            # Text in quotation marks needs no look at what a number or a date looks like.
            tag = self._loader.resolve(yaml.ScalarNode, value, (True, False)) if is_plain else _TEXT
        if tag != _TEXT:
            node = yaml.ScalarNode(tag, value, event.start_mark, event.end_mark)
            try:
                value = self._loader.construct_object(node)
            except yaml.constructor.ConstructorError:
                self.unusual = True
        if event.anchor:
            self.unusual |= event.anchor in self._scalars_by_anchor
            self._scalars_by_anchor[event.anchor] = value
        return value

    def _mapping(self, values: list[Any]) -> dict[Any, Any]:
        try:
            return dict(zip(values[::2], values[1::2], strict=True))
        except TypeError:  # a list or a mapping as a key
            self.unusual = True
            return {}

    def _repeated(self, event: Any) -> Any:
        if self._has_anchored_collection:
            raise NotPlain(event, "it repeats parts of itself by reference, as no recorder does")
        if event.anchor not in self._scalars_by_anchor:
            self.unusual = True
        return self._scalars_by_anchor.get(event.anchor)
