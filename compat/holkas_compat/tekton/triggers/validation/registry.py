"""Which rules judge which kind of Triggers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from holkas_compat.manifest.problem import Problem
from holkas_compat.tekton.triggers.validation.bindings import check_binding
from holkas_compat.tekton.triggers.validation.interceptors import check_interceptor_kind
from holkas_compat.tekton.triggers.validation.listener import check_listener
from holkas_compat.tekton.triggers.validation.template import check_template
from holkas_compat.tekton.triggers.validation.trigger import check_trigger
from holkas_compat.tekton.validation.level import FeatureFlags, Level
from holkas_compat.tekton.validation.scope import Collector, Scope

RULES: dict[str, Callable[[dict[str, Any], Scope], None]] = {
    "ClusterInterceptor": check_interceptor_kind,
    "ClusterTriggerBinding": check_binding,
    "EventListener": check_listener,
    "Interceptor": check_interceptor_kind,
    "Trigger": check_trigger,
    "TriggerBinding": check_binding,
    "TriggerTemplate": check_template,
}


def validate(obj: dict[str, Any]) -> list[Problem]:
    """Judge an object as the admission of Triggers would; all problems, none if it is accepted.

    obj: decoded and with its defaults.
    """
    collector = Collector(FeatureFlags.for_level(Level.BETA), obj["apiVersion"].rpartition("/")[2])
    RULES[obj["kind"]](obj, Scope(collector))
    return collector.problems()
