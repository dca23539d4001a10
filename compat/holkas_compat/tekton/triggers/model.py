"""What listeners, triggers, bindings and templates say, read from their documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from holkas.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Interceptor:
    """One link of a chain. ``webhook``: an old one that calls a service itself."""

    name: str
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    webhook: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingEntry:
    """A reference to a binding of a kind, or a param with its value."""

    ref: str = ""
    kind: str = ""
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """Declared params with their defaults (None without one), and what is made of them.

    escape_quotes: the old way, in which the values' quotes get a backslash.
    """

    params: Mapping[str, str | None] = field(default_factory=dict)
    resources: tuple[Any, ...] = ()
    escape_quotes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What starts what. The template is a name or is there itself.

    ref: of an entry of a listener that only names a Trigger.
    """

    name: str
    namespace: str
    interceptors: tuple[Interceptor, ...] = ()
    bindings: tuple[BindingEntry, ...] = ()
    template_ref: str = ""
    template: Template | None = None
    ref: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Chooses Triggers by namespace (``*`` for all of them) and labels. ``labels``: as in the manifest, or None."""

    namespaces: tuple[str, ...] = ()
    labels: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Interceptors that all selected triggers share."""

    name: str
    interceptors: tuple[Interceptor, ...]
    selector: Selector


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Where events arrive. ``checks_payload``: whether a body that is no JSON mapping is refused at once."""

    name: str
    namespace: str
    triggers: tuple[Trigger, ...] = ()
    groups: tuple[Group, ...] = ()
    selector: Selector = field(default_factory=Selector)
    checks_payload: bool = True
