"""Settings of a plugin judged by its own JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def options_fault(schema: Mapping[str, Any], options: Mapping[str, Any]) -> str:
    """What is wrong with the settings, in one sentence with the setting's path; empty when nothing is.

    jsonschema takes 60 ms to import, so it is left out where no setting could be wrong.
    """
    if not schema or (
        not options and not schema.keys() & {"required", "minProperties", "allOf", "anyOf", "oneOf"}
    ):
        return ""
    import jsonschema

    try:
        validator = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)(
            schema
        )
        fault = jsonschema.exceptions.best_match(validator.iter_errors(dict(options)))
    except (jsonschema.exceptions.SchemaError, jsonschema.exceptions.UnknownType) as error:
        return (
            f"the plugin's own schema is not valid: {error.message if hasattr(error, 'message') else error}"
        )
    if fault is None:
        return ""
    where = fault.json_path.removeprefix("$").removeprefix(".")
    return f"{where}: {fault.message}" if where else fault.message
