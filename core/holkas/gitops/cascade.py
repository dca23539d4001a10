"""Whether the resources of an application go with it (Argo CD, "App Deletion": the resources finalizer)."""

from __future__ import annotations

from collections.abc import Iterable

FINALIZER = "resources-finalizer.argocd.argoproj.io"

FOREGROUND, BACKGROUND = "foreground", "background"
_PROPAGATION = {
    FINALIZER: FOREGROUND,
    f"{FINALIZER}/{FOREGROUND}": FOREGROUND,
    f"{FINALIZER}/{BACKGROUND}": BACKGROUND,
}


def cascade_of(finalizers: Iterable[str]) -> str:
    """How an application's resources go when it is deleted, ``foreground`` or ``background``; empty where they stay.

    The first of the finalizers that says it counts.
    Source: pkg/apis/application/v1alpha1 (``CascadedDeletion``, ``GetPropagationPolicy``).
    """
    return next((_PROPAGATION[name] for name in finalizers if name in _PROPAGATION), "")
