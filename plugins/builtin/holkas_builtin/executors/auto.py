"""Which executor runs the steps when the user has not said it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from holkas.extensions.executor import Executor, ExecutorError

PREFERENCE = ("container", "sandbox")
"""Best first. ``process`` is not among them: it protects nothing, so it is taken only as a warned last resort."""

LAST_RESORT = "process"


def choose(makers: Mapping[str, Callable[[], Executor]], wanted: str = "auto") -> tuple[Executor, str]:
    """The executor to use, and one line that says which and why.

    makers: the executors there are, by name; only those that are tried are made.
    wanted: a name, or ``auto`` for the first of PREFERENCE that works on this machine, and ``process``, with a
    line beginning with ``warning:``, where none does. Raises ExecutorError for an unknown name and for a named
    executor that does not work.
    """
    if wanted != "auto":
        return _named(makers, wanted)
    reasons = []
    for name in PREFERENCE:
        if name not in makers:
            continue
        executor = makers[name]()
        reason = executor.check()
        if not reason:
            return executor, f"executor: {name}"
        executor.close()
        reasons.append(f"{name}: {reason}")
    if LAST_RESORT not in makers:
        raise ExecutorError(f"no executor works here ({'; '.join(reasons) or 'there is none'})")
    why = "; ".join(reasons) or "no other executor is installed"
    return makers[
        LAST_RESORT
    ](), f"warning: executor: {LAST_RESORT}, steps run unprotected on this machine ({why})"


def _named(makers: Mapping[str, Callable[[], Executor]], wanted: str) -> tuple[Executor, str]:
    if wanted not in makers:
        known = ", ".join(sorted((*makers, "auto")))
        raise ExecutorError(f'there is no executor "{wanted}" (there are: {known})')
    executor = makers[wanted]()
    reason = executor.check()
    if reason:
        executor.close()
        raise ExecutorError(f"the executor {wanted} does not work here: {reason}")
    return executor, f"executor: {wanted}"
