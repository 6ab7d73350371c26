"""Who the provider is: its name, its documents, its key and its unit of cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.spec.words.extension_word import read
from conformance.spec.words.provider_word import ProviderWord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.spec.words.provider_word import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """How a key travels: the place (`header`, `query` or `cookie`), its name, what is before it."""

    place: str
    name: str
    prefix: str = ""

    def text(self, key: str) -> str:
        """Return what stands in the key's place."""
        return f"{self.prefix}{key}"

    def header(self, key: str) -> tuple[str, str] | None:
        """Return the header that carries a key; None where it travels in the address."""
        match self.place:
            case "query":
                return None
            case "cookie":
                return "cookie", f"{self.name}={self.text(key)}"
            case _:
                return self.name, self.text(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One documented API, as its spec introduces it."""

    name: str
    title: str
    documents: Mapping[str, Document]
    #: The environment variable that holds the key, and the scheme's own context for its clauses.
    key_env: str
    carrier: Carrier
    unit: str = "credits"
    #: Requests per second the provider asks for; none where it is silent.
    rate: float | None = None
    #: The documented base address; empty where a live run has to be given one.
    base_url: str = ""
    #: Names of fields that tell whose account it is.
    private: tuple[str, ...] = ()


def provider_of(data: Mapping[str, Any]) -> Provider:
    """Read the provider out of a checked document."""
    words = read(ProviderWord, data[ProviderWord.word])
    servers = data.get("servers") or [{}]
    return Provider(
        name=words.name,
        title=words.title or words.name,
        documents=words.documents,
        key_env=words.key.env or _usual_key(words.name),
        carrier=_carrier(data, words.key.prefix),
        unit=words.unit,
        rate=words.rate,
        base_url=str(servers[0].get("url", "")).rstrip("/"),
        private=words.private,
    )


def _usual_key(name: str) -> str:
    return f"{name.upper().replace('-', '_')}_API_KEY"


def scheme_name(data: Mapping[str, Any]) -> str:
    """Return the name of the security scheme that every request uses, or an empty string."""
    for requirement in data.get("security", ()):
        return next(iter(requirement), "")
    return ""


def _carrier(data: Mapping[str, Any], prefix: str) -> Carrier:
    schemes = data.get("components", {}).get("securitySchemes", {})
    scheme = schemes.get(scheme_name(data), {"type": "http", "scheme": "bearer"})
    if scheme.get("type") == "apiKey":
        return Carrier(place=scheme.get("in", "header"), name=scheme["name"], prefix=prefix)
    told = str(scheme.get("scheme", "bearer"))
    return Carrier(
        place="header",
        name="Authorization",
        prefix=prefix or f"{'Bearer' if told.lower() == 'bearer' else told} ",
    )
