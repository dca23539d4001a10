"""Names of applications with their namespaces: ``team/web`` in words, ``team_web`` in labels (util/argo)."""

from __future__ import annotations


def parse_qualified(text: str, default: str = "") -> tuple[str, str]:
    """Name and namespace of ``namespace/name``; without a namespace the default one."""
    namespace, slash, name = text.partition("/")
    return (name, namespace) if slash else (text, default)


def parse_instance(text: str, default: str = "") -> tuple[str, str]:
    """Name and namespace of ``namespace_name``, as labels have it; names themselves hold no ``_``."""
    namespace, separator, name = text.partition("_")
    return (name, namespace) if separator else (text, default)


def instance_name(name: str, namespace: str, default: str) -> str:
    """The name for labels: with its namespace, unless that is the default one."""
    return name if namespace in ("", default) else f"{namespace}_{name}"


def instance_of_qualified(text: str, default: str) -> str:
    """The name for labels of ``namespace/name``."""
    return instance_name(*parse_qualified(text), default)
