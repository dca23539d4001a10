"""An environment's configuration: files of the sources, values, and secrets by reference."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from holkas.delivery.definition import ConfigurationRule
from holkas.delivery.variables import expand
from holkas.delivery_engine.job import Job
from holkas.delivery_engine.pipelines import inside
from holkas.model.release import Configuration
from holkas.model.secret import Secret
from holkas.roles.errors import ToolError


def configuration_of(job: Job, rule: ConfigurationRule, environment: str) -> Configuration:
    """Everything with its value. Raises ToolError for what is missing, UnknownVariable."""
    variables = job.variables(environment)
    return Configuration(
        values={name: expand(value, variables) for name, value in rule.values.items()},
        files=files_of(job.tree, rule.files) if rule.files else {},
        secrets=secrets_of(job, rule.secrets),
    )


def files_of(tree: Path, files: Mapping[str, str]) -> dict[str, bytes]:
    """Files of the sources by their paths in the release; a directory stands for everything in it."""
    found: dict[str, bytes] = {}
    for target, source in files.items():
        path = inside(tree, source)
        if path.is_dir():
            for file in sorted(path.rglob("*")):
                relative = file.relative_to(path)
                if inside(tree, str(Path(source) / relative)).is_file():
                    found[str(Path(target) / relative)] = file.read_bytes()
        elif path.is_file():
            found[target] = path.read_bytes()
        else:
            raise ToolError(f"configuration file {source} is not in the sources")
    return found


def secrets_of(job: Job, references: Mapping[str, str]) -> dict[str, Secret]:
    """The values of secrets by ``path#key``."""
    if not references:
        return {}
    store, found = job.tools.secret_store(), {}
    for name, reference in references.items():
        path, _, key = reference.partition("#")
        found[name] = job.retried(lambda path=path, key=key: store.read(path, key or "value"))  # type: ignore[misc]  # mypy cannot see the defaults' types
    return found
