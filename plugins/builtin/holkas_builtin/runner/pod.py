"""The pod that Tekton would make for an attempt of a task, as far as its containers can see it (downward API)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import field

from holkas.model.run import TaskRun
from holkas.records import dataclass

_MAPPED = r"metadata\.(labels|annotations)\['([^']*)'\]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """What Kubernetes' downward API can tell."""

    name: str
    namespace: str
    uid: str
    account: str
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, run: TaskRun, uid: str) -> Pod:
        """The pod of a task run, with the labels that Tekton puts on it (docs/labels.md)."""
        labels = {
            "app.kubernetes.io/managed-by": "tekton-pipelines",
            **run.labels,
            "tekton.dev/taskRun": run.name,
        }
        if run.ref is not None and run.ref.name:
            labels["tekton.dev/task"] = run.ref.name
        return cls(
            name=f"{run.name}-pod",
            namespace=run.namespace,
            uid=uid,
            account=run.settings.service_account or "default",
            labels=labels,
            annotations=run.annotations,
        )

    def field(self, path: str) -> str:
        """The value of a field; empty for what only a cluster knows (the node's name …)."""
        mapped = re.fullmatch(_MAPPED, path)
        if mapped:
            source = self.labels if mapped[1] == "labels" else self.annotations
            return source.get(mapped[2], "")
        return {
            "metadata.name": self.name,
            "metadata.namespace": self.namespace,
            "metadata.uid": self.uid,
            "metadata.labels": _lines(self.labels),
            "metadata.annotations": _lines(self.annotations),
            "spec.serviceAccountName": self.account,
            "status.podIP": "127.0.0.1",
            "status.hostIP": "127.0.0.1",
        }.get(path, "")


def _lines(values: Mapping[str, str]) -> str:
    """A map as a file of the downward API shows it: a key and its quoted value a line, sorted."""
    return "\n".join(f"{key}={json.dumps(values[key], ensure_ascii=False)}" for key in sorted(values))
