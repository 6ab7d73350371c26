"""Draft how the key travels: the first scheme of a published document that a run can use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.drafting.published_document import mapping

if TYPE_CHECKING:
    from conformance.drafting.draft import Pad
    from conformance.drafting.published_document import Published

_AT = "/components/securitySchemes"


def security(found: Published, pad: Pad) -> dict[str, Any]:
    """Return `security` and the one scheme it names."""
    schemes = mapping(mapping(found.data.get("components")).get("securitySchemes"))
    for name, entry in schemes.items():
        if usable := _usable(found.part(entry)):
            return _words(name, usable)
    pad.ask(
        _AT,
        f"how does the key travel? {'No usual scheme' if schemes else 'Nothing'} is "
        "documented: this takes a bearer token",
    )
    return _words("bearer", {"type": "http", "scheme": "bearer"})


def _usable(scheme: dict[str, Any]) -> dict[str, Any] | None:
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


def _words(name: str, scheme: dict[str, Any]) -> dict[str, Any]:
    import re

    clean = re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII)
    return {"security": [{clean: []}], "components": {"securitySchemes": {clean: scheme}}}
