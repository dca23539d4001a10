"""Documents of the shared Tekton cases as model objects."""

from __future__ import annotations

from typing import Any

from holkas.model.catalog import Catalog
from holkas.model.pipeline import PipelineSpec
from holkas.model.run import PipelineRun
from holkas.yaml.loader import load_documents
from holkas.yaml.source import Source
from holkas_compat.tekton.reader import read_pipeline, read_pipeline_run, read_pipeline_spec, read_task


def documents(text: str) -> list[dict[str, Any]]:
    """The documents of a stream, in their order."""
    return [document.value for document in load_documents(Source("case.yaml", text.encode()))]


def pipeline_spec(text: str) -> PipelineSpec:
    """The spec of the first document."""
    return read_pipeline_spec(documents(text)[0]["spec"])


def run_with_catalog(text: str) -> tuple[PipelineRun, Catalog]:
    """The PipelineRun of a file, and what the file holds besides it."""
    runs, tasks, pipelines = [], {}, {}
    for document in documents(text):
        if document["kind"] == "PipelineRun":
            runs.append(read_pipeline_run(document))
        elif document["kind"] == "Task":
            tasks[document["metadata"]["name"]] = read_task(document)
        else:
            pipelines[document["metadata"]["name"]] = read_pipeline(document)
    (run,) = runs
    return run, Catalog(tasks=tasks, pipelines=pipelines)
