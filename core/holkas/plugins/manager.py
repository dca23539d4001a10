"""The manager: finds, loads and asks the plugins. There is no global one; a command makes its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from holkas.plugins import codes as code
from holkas.plugins.errors import PluginError, PluginProblem
from holkas.plugins.hooks import HOOK_NAMES, HOOKS, PREFIX, HookName
from holkas.plugins.inventory import Entry, entries
from holkas.plugins.loading import load, project_entry
from holkas.plugins.provider import Context, Provider
from holkas.plugins.switches import Switches
from holkas.plugins.trace import traced
from holkas.records import dataclass

if TYPE_CHECKING:
    import pluggy

    from holkas.model.code import CodeDoc

BROKEN = (Exception, SystemExit)
"""What a plugin's code may raise and is survived: anything but the user's interrupt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A provider and the plugin it comes from."""

    entry: Entry
    provider: Provider[Any]


class PluginManager:
    """Plugins of one project. Nothing is searched or imported before the first question; safe for threads.

    problems: what went wrong so far. Loading adds to it, and so does the first question for each hook.
    """

    def __init__(
        self,
        find: Callable[[], Sequence[Entry]],
        *,
        project: Path,
        state: Path,
        switches: Switches | None = None,
        given: Mapping[Entry, object] | None = None,
        settings: Callable[[HookName, str], Mapping[str, Any]] | None = None,
    ) -> None:
        """``find`` lists what is installed; ``given`` are hooks modules at hand, for tests; ``settings`` gives a
        tool's own part of the configuration."""
        self.project = project
        self.state = state
        self.switches = switches or Switches()
        self.problems: list[PluginProblem] = []
        self._find = find
        self._given = dict(given or {})
        self._settings = settings
        self._lock = RLock()
        self._entries: tuple[Entry, ...] | None = None
        self._pluggy: pluggy.PluginManager | None = None
        self._loaded: dict[str, Entry] = {}
        self._offers: dict[HookName, dict[str, list[Offer]]] = {}
        self._codes: dict[str, CodeDoc] | None = None

    @classmethod
    def for_project(
        cls,
        project: Path,
        environ: Mapping[str, str],
        state: Path,
        settings: Callable[[HookName, str], Mapping[str, Any]] | None = None,
    ) -> PluginManager:
        """The installed plugins and the project's own ``holkas_plugin.py``, as the environment's switches
        say."""

        def find() -> list[Entry]:
            own = project_entry(project)
            return [*entries(sys.path), *([own] if own else [])]

        return cls(find, project=project, state=state, switches=Switches.of(environ), settings=settings)

    def entries(self) -> tuple[Entry, ...]:
        """What is installed, switched off or not. Imports nothing."""
        with self._lock:
            if self._entries is None:
                with traced(self.switches.trace, "search", "installed plugins"):
                    self._entries = (*self._find(), *self._given)
            return self._entries

    def loaded(self) -> tuple[Entry, ...]:
        """The plugins that were imported and are asked; imports them."""
        self._plugins()
        return tuple(self._loaded.values())

    def providers(self, hook: HookName) -> list[Provider[Any]]:
        """What plugins offer for a hook, ours first; without names that two claim (these are in
        ``problems``)."""
        return [offers[0].provider for offers in self.offers(hook).values() if len(offers) == 1]

    def provider(self, hook: HookName, name: str) -> Provider[Any]:
        """The provider of that name. Raises PluginError P101 when there is none, P102 when two claim the
        name."""
        offers = self.offers(hook).get(name)
        if not offers:
            raise self._no_such(hook, name)
        if len(offers) > 1:
            raise PluginError(_claimed(hook, name, offers), code=code.CLAIMED_TWICE, hint=_CLAIMED_HINT)
        return offers[0].provider

    def make(self, hook: HookName, name: str, options: Mapping[str, Any] | None = None) -> Any:
        """The tool itself, made anew; without ``options`` with those of the configuration. Raises PluginError P101
        to P105, and what the tool raises as ToolError."""
        from holkas.plugins.making import make

        provider = self.provider(hook, name)
        if options is None and self._settings is not None:
            options = self._settings(hook, name)
        context = Context(options=options or {}, project=self.project, state=self.state, plugins=self)
        with traced(self.switches.trace, "make", f"{hook} {name}"):
            return make(hook, provider, context)

    def offers(self, hook: HookName) -> Mapping[str, Sequence[Offer]]:
        """All providers of a hook by name, with the plugins they come from; more than one where a name is
        claimed twice."""
        with self._lock:
            if hook not in self._offers:
                by_name: dict[str, list[Offer]] = {}
                for entry, items in self._ask(PREFIX + hook):
                    for provider in self._checked(entry, hook, items):
                        by_name.setdefault(provider.name, []).append(Offer(entry=entry, provider=provider))
                self._offers[hook] = by_name
                for name, offers in by_name.items():
                    if len(offers) > 1:
                        self._claimed_twice(_claimed(hook, name, offers), offers)
            return self._offers[hook]

    def codes(self) -> Mapping[str, CodeDoc]:
        """Explanations of all codes, the core's own first; a plugin cannot change what another one's code
        means."""
        with self._lock:
            if self._codes is None:
                from holkas.plugins.core_codes import core_codes

                found = dict(core_codes())
                for entry, items in self._ask("holkas_codes"):
                    for name, doc in self._checked_codes(entry, items):
                        if found.setdefault(name, doc) is not doc:
                            self._tell(
                                code.BAD_PROVIDER,
                                entry,
                                f"code {name} is explained by another plugin already",
                            )
                self._codes = found
            return self._codes

    def check(self) -> None:
        """Ask every hook, so that ``problems`` holds all there are."""
        for hook in HOOK_NAMES:
            self.offers(hook)
        self.codes()

    def _plugins(self) -> pluggy.PluginManager:
        """Import what is to be imported, once."""
        with self._lock:
            if self._pluggy is None:
                from holkas.plugins.registry import registry

                self._pluggy = registry()
                chosen = [entry for entry in self.entries() if not self.switches.why_not(entry)]
                for variable, name in self.switches.unknown(self.entries()):
                    self._tell(code.NOT_INSTALLED, None, f"{variable} names {name!r}, which is not installed")
                for entry in chosen:
                    self._import(self._pluggy, entry)
            return self._pluggy

    def _import(self, plugins: pluggy.PluginManager, entry: Entry) -> None:
        from holkas.plugins.registry import register

        try:
            with traced(self.switches.trace, "import", entry.module):
                module = self._given[entry] if entry in self._given else load(entry)
        except BROKEN as error:
            self._tell(code.IMPORT_FAILED, entry, f"cannot be imported: {_sentence(error)}", error)
            return
        key = f"{entry.distribution}:{entry.name}"
        try:
            for problem, text in register(plugins, key, module):
                self._tell(problem, entry, text)
        except BROKEN as error:
            self._tell(code.IMPORT_FAILED, entry, f"cannot be registered: {_sentence(error)}", error)
            return
        self._loaded[key] = entry

    def _ask(self, hook: str) -> Iterable[tuple[Entry, Any]]:
        """What each plugin answers to a hook; generators are run to their end here, where their errors are
        caught."""
        caller = getattr(self._plugins().hook, hook)
        order = list(self._loaded)
        implementations = [one for one in caller.get_hookimpls() if one.plugin_name in self._loaded]
        for one in sorted(implementations, key=lambda one: order.index(one.plugin_name)):
            entry = self._loaded[one.plugin_name]
            try:
                with traced(self.switches.trace, "call", f"{hook} of {entry.name}"):
                    answer = one.function()
                    answer = answer if isinstance(answer, Mapping) else list(answer or ())
            except BROKEN as error:
                self._tell(code.HOOK_FAILED, entry, f"{hook} failed: {_sentence(error)}", error)
                continue
            yield entry, answer

    def _checked(self, entry: Entry, hook: HookName, items: Any) -> Iterable[Provider[Any]]:
        for item in items:
            if isinstance(item, Provider):
                yield item
            else:
                self._tell(
                    code.BAD_PROVIDER,
                    entry,
                    f"{PREFIX}{hook} handed over {type(item).__name__!r}, which is not a Provider",
                )

    def _checked_codes(self, entry: Entry, items: Any) -> Iterable[tuple[str, CodeDoc]]:
        from holkas.model.code import CodeDoc

        if not isinstance(items, Mapping):
            self._tell(code.BAD_PROVIDER, entry, "holkas_codes handed over something that is not a mapping")
            return
        for name, doc in items.items():
            if isinstance(name, str) and isinstance(doc, CodeDoc):
                yield name, doc
            else:
                self._tell(code.BAD_PROVIDER, entry, f"holkas_codes: {name!r} is not a code with its CodeDoc")

    def _no_such(self, hook: HookName, name: str) -> PluginError:
        from holkas.plugins.hints import missing_hint

        names = [known for known, offers in self.offers(hook).items() if offers]
        skipped = [(entry, why) for entry in self.entries() if (why := self.switches.why_not(entry))]
        return PluginError(
            f"no plugin offers {HOOKS[hook].noun} {name!r}",
            code=code.NO_SUCH_PROVIDER,
            hint=missing_hint(name, names, skipped, self.problems),
        )

    def _claimed_twice(self, text: str, offers: Sequence[Offer]) -> None:
        entry = offers[-1].entry
        self.problems.append(
            PluginProblem(
                code=code.CLAIMED_TWICE,
                distribution=entry.distribution,
                entry_point=entry.name,
                error=text,
                hint=_CLAIMED_HINT,
            )
        )

    def _tell(self, problem: str, entry: Entry | None, text: str, error: BaseException | None = None) -> None:
        trace = ""
        if error is not None:
            from traceback import format_exception

            trace = "".join(format_exception(error))
        self.problems.append(
            PluginProblem(
                code=problem,
                distribution=entry.distribution if entry else "",
                entry_point=entry.name if entry else "",
                error=text,
                traceback=trace,
            )
        )


_CLAIMED_HINT = "uninstall one of them, or name it in HOLKAS_DISABLED_PLUGINS"


def _claimed(hook: HookName, name: str, offers: Sequence[Offer]) -> str:
    where = " and ".join(f"{offer.entry.distribution} (plugin {offer.entry.name!r})" for offer in offers)
    return f"{HOOKS[hook].noun} {name!r} is offered by {where}"


def _sentence(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
