"""What ``holkas doctor`` looks at by itself; plugins add to it through the hook ``holkas_checks``."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holkas.cli.errors import exit_code_of
from holkas.extensions.check import CheckResult, CheckStatus
from holkas.plugins.errors import PluginError

if TYPE_CHECKING:
    from holkas.cli.app import App
    from holkas.plugins.manager import PluginManager

SYSTEMS = ("linux", "darwin")

Options = Callable[[str, str], Mapping[str, Any]]
"""A provider's settings from holkas.yaml, by hook and name."""


def all_checks(app: App) -> Iterator[CheckResult]:
    """Everything, in the order in which it is shown. Where the configuration is broken, what needs none."""
    yield python()
    yield system(sys.platform)
    yield git()
    try:
        state, manager = app.state, app.manager
    except Exception as error:
        if exit_code_of(error) is None:
            raise  # a bug of ours, not of the user's configuration
        yield CheckResult(
            name="configuration",
            status=CheckStatus.FAILED,
            message=str(error),
            hint=getattr(error, "hint", "") or "holkas config show tells more",
            essential=True,
        )
        return
    yield state_directory(state)
    options = app.config.plugin_options
    yield from executors(manager, options)
    yield from plugin_checks(manager, options)
    yield from plugins(manager)


def python() -> CheckResult:
    """The interpreter."""
    return CheckResult(
        name="python",
        status=CheckStatus.OK,
        message=f"{platform.python_version()} at {sys.executable}",
        essential=True,
    )


def system(name: str) -> CheckResult:
    """Whether holkas works on this system at all."""
    works = name in SYSTEMS
    return CheckResult(
        name="system",
        status=CheckStatus.OK if works else CheckStatus.FAILED,
        message=f"{platform.system()} {platform.release()} {platform.machine()}",
        hint="" if works else "holkas needs Linux or macOS; on Windows use it inside WSL",
        essential=True,
    )


def git() -> CheckResult:
    """Whether there is a git: needed for repositories, not for running a file."""
    path = shutil.which("git")
    return CheckResult(
        name="git",
        status=CheckStatus.OK if path else CheckStatus.WARNING,
        message=path or "not found on PATH",
        hint="" if path else "install git to work with repositories",
    )


def state_directory(state: Path) -> CheckResult:
    """Whether runs can be recorded, without writing anything."""
    place = next(path for path in (state, *state.absolute().parents) if path.exists())
    writable = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return CheckResult(
        name="state",
        status=CheckStatus.OK if writable else CheckStatus.FAILED,
        message=f"{state}" if writable else f"{state} cannot be written: no access to {place}",
        hint="" if writable else "set HOLKAS_STATE_DIR to a directory of yours",
        essential=True,
    )


def executors(manager: PluginManager, options: Options) -> Iterator[CheckResult]:
    """Each way of running steps, and whether there is one that works."""
    working = 0
    for provider in manager.providers("executors"):
        try:
            executor = manager.make("executors", provider.name, options("executors", provider.name))
            try:
                fault = executor.check()
            finally:
                executor.close()
        except Exception as error:  # a plugin's code: whatever it raises is this executor's fault
            yield _raised(f"executor {provider.name}", error)
            continue
        working += not fault
        yield CheckResult(
            name=f"executor {provider.name}",
            status=CheckStatus.WARNING if fault else CheckStatus.OK,
            message=fault or provider.summary,
        )
    if not working:
        yield CheckResult(
            name="executors",
            status=CheckStatus.FAILED,
            message="no executor works here: no step can be run",
            hint="holkas plugins list shows which plugins offer executors",
            essential=True,
        )


def plugin_checks(manager: PluginManager, options: Options) -> Iterator[CheckResult]:
    """The checks that plugins bring."""
    for provider in manager.providers("checks"):
        try:
            check = manager.make("checks", provider.name, options("checks", provider.name))
            yield from list(check.run())
        except Exception as error:  # as above
            yield _raised(f"check {provider.name}", error)


def plugins(manager: PluginManager) -> Iterator[CheckResult]:
    """How many plugins there are, the project's own one, and what is wrong."""
    from holkas.plugins.report import project_plugin

    manager.check()
    loaded, installed = len(manager.loaded()), len(manager.entries())
    yield CheckResult(name="plugins", status=CheckStatus.OK, message=f"{loaded} of {installed} loaded")
    if own := project_plugin(manager):
        yield CheckResult(
            name="project plugin",
            status=CheckStatus.OK,
            message=f"{own.module} is code of this project that commands run",
            hint=f"HOLKAS_DISABLED_PLUGINS={own.name} leaves it out",
        )
    for problem in manager.problems:
        yield CheckResult(
            name=f"plugin {problem.entry_point}".rstrip(),
            status=CheckStatus.FAILED if problem.traceback else CheckStatus.WARNING,
            message=f"[{problem.code}] {problem}",
            hint=problem.hint,
            essential=problem.distribution == "holkas",
            details=problem.traceback,
        )


def _raised(name: str, error: Exception) -> CheckResult:
    return CheckResult(
        name=name,
        status=CheckStatus.FAILED,
        message=str(error) if isinstance(error, PluginError) else f"{type(error).__name__}: {error}",
        hint=error.hint if isinstance(error, PluginError) else "",
        details="".join(traceback.format_exception(error)),
    )
