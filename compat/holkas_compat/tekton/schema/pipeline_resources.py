"""PipelineResources: gone from Tekton, but v1beta1 still has their fields, so that old manifests can be read."""

from __future__ import annotations

from holkas_compat.manifest.types import BOOL, STRING, STRINGS, Field, ListOf, Type, kept, struct

_DECLARED = ListOf(
    struct(
        "v1beta1.TaskResource",
        {
            "name": kept(STRING),
            "type": kept(STRING),
            "description": STRING,
            "targetPath": STRING,
            "optional": BOOL,
        },
    )
)

TASK_RESOURCES = struct("v1beta1.TaskResources", {"inputs": _DECLARED, "outputs": _DECLARED})

PIPELINE_RESOURCES = ListOf(
    struct(
        "v1beta1.PipelineDeclaredResource",
        {"name": kept(STRING), "type": kept(STRING), "optional": BOOL},
    )
)

PIPELINE_TASK_RESOURCES = struct(
    "v1beta1.PipelineTaskResources",
    {
        "inputs": ListOf(
            struct(
                "v1beta1.PipelineTaskInputResource",
                {"name": kept(STRING), "resource": kept(STRING), "from": STRINGS},
            )
        ),
        "outputs": ListOf(
            struct("v1beta1.PipelineTaskOutputResource", {"name": kept(STRING), "resource": kept(STRING)})
        ),
    },
)

RESOURCE_REF = struct("v1beta1.PipelineResourceRef", {"name": STRING, "apiVersion": STRING})

_BINDING: dict[str, Type | Field] = {
    "name": STRING,
    "resourceRef": RESOURCE_REF,
    "resourceSpec": struct(
        "v1beta1.PipelineResourceSpec",
        {
            "description": STRING,
            "type": kept(STRING),
            "params": kept(
                ListOf(struct("v1beta1.ResourceParam", {"name": kept(STRING), "value": kept(STRING)}))
            ),
            "secrets": ListOf(
                struct(
                    "v1beta1.SecretParam",
                    {
                        "fieldName": kept(STRING),
                        "secretKey": kept(STRING),
                        "secretName": kept(STRING),
                    },
                )
            ),
        },
    ),
}

RESOURCE_BINDINGS = ListOf(struct("v1beta1.PipelineResourceBinding", _BINDING))

_TASK_BINDINGS = ListOf(struct("v1beta1.TaskResourceBinding", {**_BINDING, "paths": STRINGS}))

TASK_RUN_RESOURCES = struct("v1beta1.TaskRunResources", {"inputs": _TASK_BINDINGS, "outputs": _TASK_BINDINGS})
