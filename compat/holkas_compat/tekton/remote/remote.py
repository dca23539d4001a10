"""Asks resolvers, or what was kept of their answers, and reads what they found."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from holkas.extensions.resolver import MAX_SIZE, ResolvedResource, Resolver, ResolverRefused, ResolverRequest
from holkas.gitops.repository_url import sanitized
from holkas.model.catalog import Catalog
from holkas.model.finding import Severity
from holkas.model.reference import Reference, RefSource
from holkas.plugins.errors import PluginError
from holkas.records import dataclass
from holkas.roles.errors import ToolError

from holkas_compat.tekton.remote.refusal import Refusal
from holkas_compat.tekton.remote.requests import Asked, asked
from holkas_compat.tekton.unit import Unit

if TYPE_CHECKING:
    from holkas.plugins.provider import Context, PluginLookup
    from holkas.state.resolved_documents import ResolvedDocuments

    from holkas_compat.tekton.remote.trust import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A document that a resolver found, and where. ``warning``: what a policy in mode ``warn`` has against it."""

    unit: Unit
    source: RefSource
    warning: str = ""


class Remote:
    """Follows references through resolvers, each once. Safe for threads.

    plugins, kept: None where there are none. offline: what was found earlier is all there is. level: see RunWish.
    """

    def __init__(
        self,
        plugins: PluginLookup | None,
        kept: ResolvedDocuments | None,
        *,
        offline: bool = False,
        level: str = "alpha",
    ) -> None:
        self._plugins = plugins
        self._kept = kept
        self._offline = offline
        self._level = level
        self._policies: list[Policy] = []
        self._answers: dict[tuple[str, str], Found | Refusal] = {}
        self._resolvers: dict[str, Resolver] = {}
        self._lock = threading.RLock()

    @classmethod
    def of(cls, context: Context, *, offline: bool, level: str) -> Remote:
        """With the resolvers of all plugins and what the state keeps."""
        from holkas.state.resolved_documents import ResolvedDocuments

        kept = ResolvedDocuments(context.state.absolute() / "resolved")
        return cls(context.plugins, kept, offline=offline, level=level)

    def trust(self, policies: list[Policy]) -> None:
        """From now on what is found must satisfy these."""
        self._policies = policies

    def follow(self, kind: str, ref: Reference, catalog: Catalog) -> Found:
        """The ``Task``, ``Pipeline`` or ``StepAction`` that a reference means. Raises Refusal, each time the same."""
        with self._lock:
            key = (kind, ref.key)
            if key not in self._answers:
                try:
                    self._answers[key] = self._follow(kind, ref, catalog)
                except Refusal as refusal:
                    self._answers[key] = refusal
            answer = self._answers[key]
        if isinstance(answer, Refusal):
            raise answer
        return answer

    def _follow(self, kind: str, ref: Reference, catalog: Catalog) -> Found:
        found = self._found(asked(ref, catalog))
        unit = self._read(found, kind)
        if not self._policies:
            return Found(unit=unit, source=found.source)
        from holkas_compat.tekton.remote.trust import verify

        warning = verify(unit, found.source.uri, self._policies, catalog)
        return Found(unit=unit, source=found.source, warning=warning)

    def _found(self, wanted: Asked) -> ResolvedResource:
        request = wanted.request
        resolver = self._resolver(request.resolver)
        try:
            pinned = wanted.cache == "always" or (wanted.cache == "auto" and resolver.pinned(request))
            if pinned or self._offline:
                kept = self._kept.get(request) if self._kept is not None else None
                if kept is not None:
                    return kept
                if self._offline:
                    told = ", ".join(
                        f"{name} {sanitized(value)}" for name, value in request.fields.items() if value
                    )
                    raise Refusal(
                        f"it was never resolved here before, and this is offline: {request.resolver} ({told})",
                        "run it once without --offline",
                    )
            found = within(resolver, request)
        except ResolverRefused as error:
            raise Refusal(str(error), error.hint) from None
        except ToolError as error:
            raise Refusal(str(error), error.hint) from None
        if len(found.content) > MAX_SIZE:
            raise Refusal(f"what the resolver {request.resolver} found is larger than {MAX_SIZE >> 20} MiB")
        if self._kept is not None:
            self._kept.put(request, found)
        return found

    def _resolver(self, name: str) -> Resolver:
        if name not in self._resolvers:
            if self._plugins is None:
                raise Refusal(f"there is no resolver {name!r} here")
            try:
                self._resolvers[name] = self._plugins.make("resolvers", name)
            except PluginError as error:
                hint = error.hint
                if name == "cluster":
                    hint = "it asks a Kubernetes cluster, which takes a plugin; or put the document into the file"
                raise Refusal(str(error), hint) from None
        return self._resolvers[name]

    def _read(self, found: ResolvedResource, kind: str) -> Unit:
        """The first document of what was found, judged as one of the user's own."""
        from holkas.yaml import Document, Source, YamlError, load_documents

        from holkas_compat.tekton.parse import parse

        try:
            documents: Sequence[Document] = load_documents(Source(found.source.uri, found.content))
        except YamlError as error:
            raise Refusal(f"{found.source.uri} is no YAML: {error.finding.message}") from None
        if not documents:
            raise Refusal(f"{found.source.uri} is empty")
        unit = parse(documents[:1], self._level)[0]
        wrong = [finding for finding in unit.findings if finding.severity is Severity.ERROR]
        if wrong:
            raise Refusal(
                f"{found.source.uri} holds an invalid {unit.kind or 'document'}: {wrong[0].message}"
            )
        if not unit.tekton or unit.kind != kind or unit.noun is None:
            raise Refusal(
                f"{found.source.uri} holds a {unit.kind or 'document of no kind'}, and a {kind} is wanted"
            )
        return unit


def within(resolver: Resolver, request: ResolverRequest) -> ResolvedResource:
    """What a resolver finds within its time. Raises what it raises, and ResolverRefused when it takes longer.

    The thread is not waited for: a server that never answers must not keep holkas from ending.
    """
    answers: list[ResolvedResource | Exception] = []

    def ask() -> None:
        try:
            answers.append(resolver.resolve(request))
        except Exception as error:  # raised again below, in the thread that asked
            answers.append(error)

    thread = threading.Thread(target=ask, name=f"resolver-{request.resolver}", daemon=True)
    thread.start()
    thread.join(resolver.timeout)
    if not answers:
        raise ResolverRefused(f"the resolver {request.resolver} found nothing within {resolver.timeout:g} s")
    answer = answers[0]
    if isinstance(answer, Exception):
        raise answer
    return answer
