"""Documents of older versions as v1, with no more defaults than the conversion needs."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]


def newest(obj: Object) -> Object:
    """A decoded object as v1; one that is v1 comes back as it is. Raises ConversionError.

    Converting takes every param without a type for a string, because on a cluster the defaults come first. Here
    only the types of params are filled in before: other defaults would hide what the user said.
    """
    from holkas_compat.tekton.schema.kinds import V1

    if obj["apiVersion"] == V1:
        return obj
    from holkas_compat.tekton.conversion.convert import to_v1

    return to_v1({**obj, "spec": _with_types(obj["spec"])} if "spec" in obj else obj)


def _with_types(spec: Object) -> Object:
    """The same spec with the types of declared params; params that have a value are given, not declared."""
    from holkas_compat.tekton.defaults.params import default_param_spec

    made = dict(spec)
    if "params" in made:
        made["params"] = [
            param if "value" in param else default_param_spec(param) for param in made["params"]
        ]
    for key in ("taskSpec", "pipelineSpec"):
        if key in made:
            made[key] = _with_types(made[key])
    for key in ("tasks", "finally"):
        if key in made:
            made[key] = [_with_types(task) for task in made[key]]
    return made
