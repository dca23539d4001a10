"""What can go wrong with plugins: errors that stop what was asked for, problems that are only told."""

from __future__ import annotations

from holkas.records import dataclass


class PluginError(Exception):
    """What was asked of the plugins cannot be had. ``code`` is explained by ``holkas explain``, ``hint`` is
    one sentence about what to do. It ends a command with exit code 2, as other errors of configuration do."""

    exit_code = 2

    def __init__(self, message: str, *, code: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginProblem:
    """Something wrong with one plugin, which stopped nothing else.

    code: ``P2xx``. distribution, entry_point: where it comes from; both empty where no plugin is to blame.
    error: one sentence. hint: what to do. traceback: the plugin's own, for ``-vv``; empty where there is
    none.
    """

    code: str
    distribution: str = ""
    entry_point: str = ""
    error: str
    hint: str = ""
    traceback: str = ""

    def __str__(self) -> str:
        where = f'plugin "{self.entry_point}" of {self.distribution}: ' if self.entry_point else ""
        return f"{where}{self.error}"
