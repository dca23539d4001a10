"""``$(NAME)`` in commands, arguments and environment variables, as Kubernetes expands them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping


def expand(text: str, variables: Mapping[str, str]) -> str:
    """Replace ``$(NAME)`` by the variable's value.

    ``$$`` is ``$`` and protects what follows: ``$$(NAME)`` is ``$(NAME)``. What is unknown, and a ``$``
    before anything else, stays. Values are not expanded again. Source: Kubernetes, "Define Dependent
    Environment Variables", and k8s.io/kubernetes/third_party/forked/golang/expansion.
    """
    if "$" not in text:
        return text
    out: list[str] = []
    at = 0
    while (dollar := text.find("$", at)) >= 0 and dollar + 1 < len(text):
        out.append(text[at:dollar])
        following = text[dollar + 1]
        end = text.find(")", dollar + 2) if following == "(" else -1
        if end >= 0:
            out.append(variables.get(text[dollar + 2 : end], text[dollar : end + 1]))
            at = end + 1
        elif following == "$":
            out.append("$")
            at = dollar + 2
        else:
            out.append(text[dollar : dollar + 2])
            at = dollar + 2
    out.append(text[at:])
    return "".join(out)


def expand_all(texts: Iterable[str], variables: Mapping[str, str]) -> tuple[str, ...]:
    """Expand every argument of a command; no argument becomes several."""
    return tuple(expand(text, variables) for text in texts)


def expand_environment(
    entries: Iterable[tuple[str, str]],
    base: Mapping[str, str] | None = None,
    *,
    taken: Container[str] = (),
) -> dict[str, str]:
    """The environment that Kubernetes gives a container.

    entries: names and values of ``env`` in their order; a value sees the entries before it. base: variables from
    ``envFrom``; entries replace them but cannot refer to them. taken: names of entries whose value comes from
    elsewhere (``valueFrom``), a secret say; such a value is not expanded, though later ones may refer to it.
    """
    known: dict[str, str] = {}
    for name, value in entries:
        known[name] = value if name in taken else expand(value, known)
    return {**(base or {}), **known}
