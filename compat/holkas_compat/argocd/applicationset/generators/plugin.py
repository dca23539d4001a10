"""``plugin``: parameters from a server of one's own.

Source: Argo CD's documentation, "Plugin Generator". The server is asked only where the user permits it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.functions import as_go
from holkas_compat.argocd.applicationset.generators.given import Given
from holkas_compat.argocd.applicationset.params import add_values, flatten
from holkas_compat.argocd.applicationset.substitution import Params

DEFAULT_TIMEOUT = 30.0
"""Seconds that a server may take where the ConfigMap does not say."""
_ARGOCD_SECRET = "argocd-secret"  # noqa: S105 - the name of a Secret


def generate(config: Mapping[str, Any], given: Given) -> list[Params]:
    """One set an element of the answer's ``output.parameters``."""
    reference = config.get("configMapRef")
    name = str(reference.get("name", "")) if isinstance(reference, Mapping) else ""
    try:
        url, token, timeout = _server(name, given)
    except GenerationError as error:
        raise GenerationError(
            f"error getting plugin from generator: {error}", path=("configMapRef",), hint=error.hint
        ) from error
    inputs = config.get("input")
    parameters = inputs.get("parameters") if isinstance(inputs, Mapping) else None
    sent = parameters if isinstance(parameters, Mapping) else {}
    body = json.dumps({"applicationSetName": given.name, "input": {"parameters": sent}}).encode()
    answer = given.world.outside.post(f"{url.rstrip('/')}/api/v1/getparams.execute", token, body, timeout)
    return [_params(found, sent, config, given) for found in _listed(answer, given.name)]


def _server(name: str, given: Given) -> tuple[str, str, float]:
    """URL, token and seconds. Raises GenerationError."""
    try:
        about = given.world.config_map(name)
    except GenerationError as error:
        raise GenerationError(f"error fetching ConfigMap: {error}", hint=error.hint) from error
    for field in ("baseUrl", "token"):
        if not about.get(field):
            raise GenerationError(f"error fetching ConfigMap: {field} not found in ConfigMap")
    reference = about["token"]
    if not reference.startswith("$"):
        raise GenerationError(
            "error fetching Secret token: token is empty, or does not reference a secret key starting with '$'"
        )
    secret, _, key = reference[1:].rpartition(":")
    try:
        token = given.world.secret(secret or _ARGOCD_SECRET).get(key)
    except GenerationError as error:
        raise GenerationError(f"error fetching Secret token: {error}", hint=error.hint) from error
    if token is None:
        raise GenerationError(f"error fetching Secret token: the secret has no key {key}")
    try:
        timeout = float(int(about["requestTimeout"])) if about.get("requestTimeout") else 0.0
    except ValueError as error:
        raise GenerationError(f"error set requestTimeout : {error}") from error
    return about["baseUrl"], token.strip(), timeout if timeout > 0 else DEFAULT_TIMEOUT


def _listed(answer: bytes, name: str) -> list[Mapping[str, Any]]:
    text = answer.decode("utf-8", "replace")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        sign = text[getattr(error, "pos", 0) : getattr(error, "pos", 0) + 1]
        told = (
            f"invalid character '{sign}' looking for beginning of value"
            if sign
            else "unexpected end of JSON input"
        )
        raise GenerationError(
            f"error listing params: error get api '{name}': {told}: {text[:200]}"
        ) from error
    output = value.get("output") if isinstance(value, dict) else None
    listed = output.get("parameters") if isinstance(output, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _params(
    found: Mapping[str, Any], sent: Mapping[str, Any], config: Mapping[str, Any], given: Given
) -> Params:
    values = as_go(dict(found))
    params: Params = dict(values) if given.how.go_template else dict(flatten(values))
    params["generator"] = {"input": {"parameters": as_go(dict(sent))}}
    add_values(config.get("values"), params, given.how)
    return params
