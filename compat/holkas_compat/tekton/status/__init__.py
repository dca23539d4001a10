"""Finished (or running) runs as manifests with the status that Tekton gives them.

Source: pkg/apis/pipeline/v1, taskrun_types.go and pipelinerun_types.go; docs/taskruns.md and
docs/pipelineruns.md, "Monitoring execution status". On a cluster the runs of a pipeline's tasks are objects
of their own; so that one document shows everything, a PipelineRun's status here also has a ``taskRuns`` map
(``runs`` for custom tasks, and ``pipelineRuns`` for pipelines in pipelines), as v1beta1's full status had.
:func:`children` gives them as objects.
"""

from __future__ import annotations

from holkas_compat.tekton.status.children import children
from holkas_compat.tekton.status.manifest import manifest

__all__ = ["children", "manifest"]
