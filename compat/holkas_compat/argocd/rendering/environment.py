"""The build environment: variables that an Application's options may use.

Source: Argo CD, "Build Environment"; pkg/apis/application/v1alpha1 (Env.Envsubst), which expands as Go's os.Expand.
"""

from __future__ import annotations

from collections.abc import Mapping

_SPECIAL = frozenset("*#$@!?-0123456789")
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


class BuildEnvironment:
    """Values by name. ``used``: the names that were looked up, so that a render knows what it depends on."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)
        self.used: set[str] = set()

    def all(self) -> dict[str, str]:
        """Every variable; all of them count as used."""
        self.used.update(self._values)
        return dict(self._values)

    def expand(self, text: str) -> str:
        """``$NAME`` and ``${NAME}`` by their values, ``$$`` by ``$``; names that are not known by nothing."""
        if "$" not in text:
            return text
        pieces: list[str] = []
        position = 0
        while (dollar := text.find("$", position)) >= 0 and dollar + 1 < len(text):
            pieces.append(text[position:dollar])
            name, width = _name(text[dollar + 1 :])
            if name:
                pieces.append("$" if name == "$" else self._value(name))
            elif not width:
                pieces.append("$")
            position = dollar + 1 + width
        pieces.append(text[position:])
        return "".join(pieces)

    def _value(self, name: str) -> str:
        self.used.add(name)
        return self._values.get(name, "")


def _name(text: str) -> tuple[str, int]:
    """The name that stands behind a dollar, and how many characters of the text belong to it."""
    if text[0] == "{":
        if len(text) > 2 and text[1] in _SPECIAL and text[2] == "}":
            return text[1], 3
        end = text.find("}")
        if end == 1:
            return "", 2
        return (text[1:end], end + 1) if end > 0 else ("", 1)
    if text[0] in _SPECIAL:
        return text[0], 1
    width = 0
    while width < len(text) and text[width] in _WORD:
        width += 1
    return text[:width], width


def build_environment(
    *,
    name: str,
    namespace: str,
    project: str,
    revision: str,
    repository: str,
    path: str,
    target_revision: str,
) -> BuildEnvironment:
    """The variables of one source. Source: reposerver/repository/repository.go (newEnv)."""
    return BuildEnvironment(
        {
            "ARGOCD_APP_NAME": name,
            "ARGOCD_APP_NAMESPACE": namespace,
            "ARGOCD_APP_PROJECT_NAME": project,
            "ARGOCD_APP_REVISION": revision,
            "ARGOCD_APP_REVISION_SHORT": revision[:7],
            "ARGOCD_APP_REVISION_SHORT_8": revision[:8],
            "ARGOCD_APP_SOURCE_REPO_URL": repository,
            "ARGOCD_APP_SOURCE_PATH": path,
            "ARGOCD_APP_SOURCE_TARGET_REVISION": target_revision,
        }
    )
