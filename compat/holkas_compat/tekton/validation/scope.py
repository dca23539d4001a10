"""Where a rule is at work, and the problems that it reports.

Two spellings of a place go side by side: the keys and indexes in the document, for pointing into the user's
file, and Tekton's own (``spec.tasks[0].OnError``), which sometimes leaves a part out or names it differently.
"""

from __future__ import annotations

from holkas.model.path import PathPart

from holkas_compat.manifest.problem import Problem
from holkas_compat.tekton.validation.level import FeatureFlags


def join_fields(*parts: str) -> str:
    """Join parts as Tekton prints a path: an index sticks to the part before it, empty parts vanish.

    ``"spec", "tasks", "[0]", "name"`` → ``spec.tasks[0].name`` (knative.dev/pkg/apis, FieldError).
    """
    words: list[str] = []
    for part in parts:
        for word in part.split("."):
            if not word:
                continue
            if words and word[0] == "[" and word[-1] == "]":
                words[-1] += word
            else:
                words.append(word)
    return ".".join(words)


class Collector:
    """All problems of one document, and what was configured and declared about it.

    version: of the API (``v1``, ``v1beta1``, ``v1alpha1``).
    """

    __slots__ = ("_problems", "flags", "version")

    def __init__(self, flags: FeatureFlags, version: str) -> None:
        self.flags = flags
        self.version = version
        self._problems: dict[tuple[str, str, tuple[PathPart, ...], str], Problem] = {}

    def add(self, problem: Problem) -> None:
        """Keep a problem.

        One that was found before only gets the further fields: Tekton looks at some places twice.
        """
        key = (problem.code, problem.message, problem.path, problem.within)
        known = self._problems.get(key)
        if known is None:
            self._problems[key] = problem
        elif more := tuple(field for field in problem.fields if field not in known.fields):
            self._problems[key] = Problem(
                known.code,
                known.message,
                known.path,
                known.fields + more,
                known.on_key,
                known.within,
                known.hint,
            )

    def problems(self) -> list[Problem]:
        """In the order in which they were found."""
        return list(self._problems.values())


class Scope:
    """A place in the document. ``path``: keys and indexes. ``fields``: Tekton's spelling of it, in parts.

    There are many more places than problems, so that either is put together when somebody asks for it.
    """

    __slots__ = ("_field", "_fields", "_keys", "_outer", "_path", "collector")

    _outer: Scope
    _keys: tuple[PathPart, ...]
    _field: str | None
    _path: tuple[PathPart, ...] | None
    _fields: tuple[str, ...] | None

    def __init__(
        self, collector: Collector, path: tuple[PathPart, ...] = (), fields: tuple[str, ...] = ()
    ) -> None:
        self.collector = collector
        self._path = path
        self._fields = fields

    @property
    def path(self) -> tuple[PathPart, ...]:
        """Keys and indexes from the document's root."""
        if self._path is None:
            self._path = self._outer.path + self._keys
        return self._path

    @property
    def fields(self) -> tuple[str, ...]:
        """Tekton's spelling of the place, in parts."""
        if self._fields is None:
            parts = (_spelled(key) for key in self._keys) if self._field is None else (self._field,)
            self._fields = (*self._outer.fields, *parts)
        return self._fields

    @property
    def flags(self) -> FeatureFlags:
        """What the cluster accepts."""
        return self.collector.flags

    @property
    def version(self) -> str:
        """The API version of the document, without the group."""
        return self.collector.version

    def at(self, *keys: PathPart, field: str | None = None) -> Scope:
        """A place further inside.

        ``field``: Tekton's spelling of the way there, where it is not that of the keys.
        """
        inner = Scope.__new__(Scope)
        inner.collector = self.collector
        inner._path = inner._fields = None
        inner._outer, inner._keys, inner._field = self, keys, field
        return inner

    def report(
        self,
        code: str,
        message: str,
        *fields: str,
        at: tuple[PathPart, ...] = (),
        within: str = "",
        on_key: bool = False,
        hint: str = "",
    ) -> None:
        """Report a problem here.

        fields: Tekton's spelling of the places, from here on; ``""`` is this place, none at all means that
        Tekton names no place. at: keys and indexes from here on.
        """
        spelled = tuple(join_fields(*self.fields, field) for field in fields)
        self.collector.add(Problem(code, message, self.path + at, spelled, on_key, within, hint))


def _spelled(key: PathPart) -> str:
    return f"[{key}]" if isinstance(key, int) else key
