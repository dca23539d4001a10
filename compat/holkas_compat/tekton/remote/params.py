"""Params of a reference, looked at one by one: each is a string, required or with a default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from holkas.model.reference import Reference

from holkas_compat.manifest.suggest import did_you_mean
from holkas_compat.tekton.remote.refusal import Refusal


class ResolverParams:
    """What a reference gives its resolver. An array or object is an empty string to Tekton's resolvers: refused here."""

    def __init__(self, ref: Reference, known: Iterable[str]) -> None:
        names = list(known)
        self._values: dict[str, str] = {}
        for param in ref.params:
            if param.name not in names:
                hint = did_you_mean(param.name, names) or f"it takes {', '.join(names)}"
                raise Refusal(f'the resolver {ref.resolver} takes no param "{param.name}"', hint)
            if not isinstance(param.value, str):
                raise Refusal(f'the param "{param.name}" of the resolver {ref.resolver} must be a string')
            self._values[param.name] = param.value
        self._resolver = ref.resolver

    def required(self, *names: str) -> list[str]:
        """These params. Raises Refusal that names all that are missing."""
        missing = [name for name in names if not self._values.get(name)]
        if missing:
            raise Refusal(f"missing required {self._resolver} resolver params: {', '.join(missing)}")
        return [self._values[name] for name in names]

    def get(self, name: str, default: str = "") -> str:
        """A param, or the default where it is not given or empty."""
        return self._values.get(name) or default

    def has(self, name: str) -> bool:
        """Whether a param is given, empty or not."""
        return name in self._values

    def one_of(self, name: str, choices: Mapping[str, str] | Iterable[str], default: str) -> str:
        """A param that must be one of these words. Raises Refusal."""
        value, words = self.get(name, default), list(choices)
        if value not in words:
            raise Refusal(f"{name} param must be {', '.join(words[:-1])} or {words[-1]}, not {value!r}")
        return value
