"""``list``: elements as they are written. Source: Argo CD's documentation, "List Generator"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.functions import as_go, wrong_shape
from holkas_compat.argocd.applicationset.generators.given import Given
from holkas_compat.argocd.applicationset.substitution import Params


def generate(config: Mapping[str, Any], given: Given) -> list[Params]:
    """``elements``, then those of ``elementsYaml``."""
    made: list[Params] = []
    for index, element in enumerate(config.get("elements") or ()):
        if not isinstance(element, Mapping):
            raise GenerationError("error unmarshling list element", path=("elements", index))
        made.append(as_go(dict(element)) if given.how.go_template else _texts(element, index))
    text = config.get("elementsYaml")
    if isinstance(text, str) and text:
        made += _of_yaml(text)
    return made


def _texts(element: Mapping[str, Any], index: int) -> Params:
    made: Params = {}
    for key, value in element.items():
        if key == "values":
            if not isinstance(value, Mapping):
                raise GenerationError("error parsing values map", path=("elements", index, key))
            for name, item in value.items():
                made[f"values.{name}"] = _checked(item, ("elements", index, key, name))
        else:
            made[key] = _checked(value, ("elements", index, key))
    return made


def _checked(value: Any, path: tuple[str | int, ...]) -> str:
    if not isinstance(value, str):
        raise GenerationError(
            "error parsing value as string", path=path, hint="put quotes around it, or use goTemplate: true"
        )
    return value


def _of_yaml(text: str) -> list[Params]:
    from holkas.yaml import YamlError, load

    try:
        value = load(text, strict=False)
    except YamlError as error:
        raise GenerationError(
            f"error unmarshling decoded ElementsYaml {error.finding.message}", path=("elementsYaml",)
        ) from error
    elements = [] if value is None else value
    if not isinstance(elements, list) or not all(isinstance(element, dict) for element in elements):
        wrong = (
            elements
            if not isinstance(elements, list)
            else next(one for one in elements if not isinstance(one, dict))
        )
        kind = "[]map[string]interface {}" if wrong is elements else "map[string]interface {}"
        raise GenerationError(
            f"error unmarshling decoded ElementsYaml {wrong_shape(wrong, kind)}", path=("elementsYaml",)
        )
    return [as_go(element) for element in elements]
