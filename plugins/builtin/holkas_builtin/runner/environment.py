"""Environment variables of a step: envFrom, env, valueFrom and the pod template's, as Kubernetes puts them together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from holkas.model.step import Container, Env
from holkas.records import dataclass

from holkas_builtin.runner.errors import MISSING, UNSUPPORTED, SetupError
from holkas_builtin.runner.pod import Pod
from holkas_builtin.runner.run_context import RunContext

_VARIABLE = r"[-._a-zA-Z][-._a-zA-Z0-9]*"


@dataclass(frozen=True, slots=True)
class Variables:
    """Variables of a container before ``$(NAME)`` is expanded in them.

    whole: from ``envFrom``. own: from ``env`` and the pod template, in their order.
    taken: names in ``own`` whose value comes from elsewhere (a secret, say) and is never expanded.
    """

    whole: Mapping[str, str]
    own: tuple[tuple[str, str], ...]
    taken: frozenset[str]


def variables(
    container: Container, pod_env: Iterable[Env], context: RunContext, *, pod: Pod, what: str
) -> Variables:
    """What a container's environment is made of. Raises SetupError for a missing ConfigMap, Secret or key."""
    whole: dict[str, str] = {}
    for entry in container.env_from:
        prefix = str(entry.get("prefix", ""))
        for key, value in _whole(entry, context, what).items():
            if re.fullmatch(_VARIABLE, prefix + key):
                whole[prefix + key] = value
    named = {variable.name for variable in container.env}
    own: list[tuple[str, str]] = []
    taken: set[str] = set()
    for variable in (*(item for item in pod_env if item.name not in named), *container.env):
        given = _value(variable, context, pod, what)
        if given is not None:
            own.append((variable.name, given))
            if variable.source:
                taken.add(variable.name)
    return Variables(whole, tuple(own), frozenset(taken))


def _whole(entry: Mapping[str, Any], context: RunContext, what: str) -> Mapping[str, str]:
    for kind, field in (("configMapRef", "config_maps"), ("secretRef", "secrets")):
        if kind not in entry:
            continue
        name = str(entry[kind].get("name", ""))
        document = getattr(context.catalog, field).get(name)
        if document is None:
            if entry[kind].get("optional"):
                return {}
            raise SetupError(MISSING, f'{what}.envFrom: {kind} "{name}" not found')
        if field == "secrets":
            return {key: value.reveal_text() for key, value in document.data.items()}
        return {key: value.decode("utf-8", "replace") for key, value in document.items()}
    return {}


def _value(variable: Env, context: RunContext, pod: Pod, what: str) -> str | None:
    source = variable.source
    if not source:
        return variable.value
    where = f"{what}.env[{variable.name}].valueFrom"
    if "fieldRef" in source:
        return pod.field(str(source["fieldRef"].get("fieldPath", "")))
    if "resourceFieldRef" in source:
        return "0"
    for kind in ("configMapKeyRef", "secretKeyRef"):
        if kind in source:
            return _keyed(kind, source[kind], context, where)
    raise SetupError(UNSUPPORTED, f"{where}: {', '.join(source)} needs a cluster")


def _keyed(kind: str, reference: Mapping[str, Any], context: RunContext, where: str) -> str | None:
    name, key = str(reference.get("name", "")), str(reference.get("key", ""))
    value: str | None = None
    if kind == "secretKeyRef":
        secret = context.catalog.secrets.get(name)
        if secret is not None and key in secret.data:
            value = secret.data[key].reveal_text()
    else:
        data = context.catalog.config_maps.get(name)
        if data is not None and key in data:
            value = data[key].decode("utf-8", "replace")
    if value is None and not reference.get("optional"):
        raise SetupError(MISSING, f'{where}.{kind}: "{name}" with the key "{key}" not found')
    return value
