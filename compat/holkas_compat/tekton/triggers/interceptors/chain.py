"""A chain of interceptors: each sees what those before it added.

Source: pkg/sink/sink.go (ExecuteInterceptors); docs/interceptors.md, "Chaining Interceptors".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from holkas_compat.tekton.triggers.defaults import CLUSTER_INTERCEPTOR_KIND
from holkas_compat.tekton.triggers.interceptors.bitbucket import bitbucket
from holkas_compat.tekton.triggers.interceptors.cel import cel
from holkas_compat.tekton.triggers.interceptors.github import github
from holkas_compat.tekton.triggers.interceptors.gitlab import gitlab
from holkas_compat.tekton.triggers.interceptors.request import Request, Stop
from holkas_compat.tekton.triggers.interceptors.slack import slack
from holkas_compat.tekton.triggers.model import Interceptor

CORE: Mapping[str, Callable[[Request], dict[str, Any]]] = {
    "bitbucket": bitbucket,
    "cel": cel,
    "github": github,
    "gitlab": gitlab,
    "slack": slack,
}


def run_chain(interceptors: Iterable[Interceptor], request: Request) -> dict[str, Any]:
    """The extensions after the last interceptor. Raises Stop."""
    extensions = dict(request.extensions)
    for interceptor in interceptors:
        if fault := not_called(interceptor):
            raise Stop(fault, broken=True)
        own = replace(request, params=interceptor.params, extensions=extensions)
        extensions = {**extensions, **CORE[interceptor.name](own)}
    return extensions


def not_called(interceptor: Interceptor) -> str:
    """Why an interceptor cannot work without a cluster, one sentence; empty when it can."""
    if interceptor.webhook:
        return "a webhook interceptor is a service of the cluster, and holkas calls none"
    if interceptor.kind != CLUSTER_INTERCEPTOR_KIND or interceptor.name not in CORE:
        return f"interceptor {interceptor.name} is a service of the cluster, and holkas calls none"
    return ""
