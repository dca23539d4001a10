"""What an embedded pipeline does to the params of its run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from holkas.model.param import Param
from holkas.model.pipeline import PipelineSpec


def overlaid_params(spec: PipelineSpec, given: Sequence[Param]) -> tuple[Param, ...]:
    """The run's params as Tekton's validation of a run with an embedded pipeline leaves them.

    It writes the keys of an object's default over the object that the run gives (combineParamSpec in
    pkg/apis/pipeline/v1/pipelinerun_validation.go), so that the default wins. Nothing of the kind happens to a run
    that refers to a pipeline by name.
    """
    defaults = {declared.name: declared.default for declared in spec.params}
    overlaid = []
    for param in given:
        default = defaults.get(param.name)
        if isinstance(param.value, Mapping) and isinstance(default, Mapping):
            param = Param(name=param.name, value={**param.value, **default})
        overlaid.append(param)
    return tuple(overlaid)
