"""References to Tasks and Pipelines; v1beta1 could also name a bundle."""

from __future__ import annotations

from holkas_compat.manifest.types import STRING, deprecated, struct
from holkas_compat.tekton.schema.common import RESOLVER_FIELDS

TASK_REF_V1 = struct("v1.TaskRef", {"name": STRING, "kind": STRING, "apiVersion": STRING, **RESOLVER_FIELDS})

TASK_REF_V1BETA1 = struct(
    "v1beta1.TaskRef",
    {
        "name": STRING,
        "kind": STRING,
        "apiVersion": STRING,
        "bundle": deprecated(STRING),
        **RESOLVER_FIELDS,
    },
)

PIPELINE_REF_V1 = struct("v1.PipelineRef", {"name": STRING, "apiVersion": STRING, **RESOLVER_FIELDS})

PIPELINE_REF_V1BETA1 = struct(
    "v1beta1.PipelineRef",
    {"name": STRING, "apiVersion": STRING, "bundle": deprecated(STRING), **RESOLVER_FIELDS},
)
