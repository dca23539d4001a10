"""Which executor runs the steps when the user has not said it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from holkas.extensions.executor import Executor, ExecutorError

PREFERENCE = ("container", "sandbox")
"""Best first. ``process`` is not among them: it protects nothing, so it is taken only as a warned last resort."""

LAST_RESORT = "process"


def choose(
    makers: Mapping[str, Callable[[], Executor]],
    wanted: str = "auto",
    *,
    images: Sequence[str] | None = (),
    pull: str = "",
) -> tuple[Executor, str]:
    """The executor to use, and one line that says which and why.

    makers: the executors there are, by name; only those that are tried are made.
    wanted: a name, or ``auto`` for the first of PREFERENCE that works on this machine, and ``process``, with a
    line beginning with ``warning:``, where none does. Raises ExecutorError for an unknown name and for a named
    executor that does not work.
    images: those of the run's steps, None where they are not known beforehand. ``auto`` takes an executor that has
    images only where it has all of these or was told to fetch them by ``pull``: nobody who says nothing waits for
    gigabytes.
    """
    if wanted != "auto":
        return _named(makers, wanted, pull)
    reasons: list[str] = []
    for name in PREFERENCE:
        if name not in makers:
            continue
        executor = makers[name]()
        reason = _unfit(executor, images, pull)
        if not reason:
            return executor, _line(executor, reasons)
        executor.close()
        reasons.append(f"{name}: {reason}")
    if LAST_RESORT not in makers:
        raise ExecutorError(f"no executor works here ({'; '.join(reasons) or 'there is none'})")
    why = "; ".join(reasons) or "no other executor is installed"
    return makers[
        LAST_RESORT
    ](), f"warning: executor: {LAST_RESORT}, steps run unprotected on this machine ({why})"


def _unfit(executor: Executor, images: Sequence[str] | None, pull: str) -> str:
    """Why an executor cannot be taken for these images without being asked for; empty when it can."""
    reason = executor.check()
    if reason or not executor.has_images:
        return reason
    if pull:
        executor.fetch_images(pull)
    if pull in ("always", "missing"):
        return ""
    if images is None:
        return "which images the run needs is known only later"
    return executor.lacks(images)


def _line(executor: Executor, reasons: Sequence[str]) -> str:
    said = [text for text in (executor.note, *reasons) if text]
    return f"executor: {executor.name}" + (f" ({'; '.join(said)})" if said else "")


def _named(makers: Mapping[str, Callable[[], Executor]], wanted: str, pull: str) -> tuple[Executor, str]:
    if wanted not in makers:
        known = ", ".join(sorted((*makers, "auto")))
        raise ExecutorError(f'there is no executor "{wanted}" (there are: {known})')
    executor = makers[wanted]()
    reason = executor.check()
    if reason:
        executor.close()
        raise ExecutorError(f"the executor {wanted} does not work here: {reason}")
    if pull:
        executor.fetch_images(pull)
    return executor, _line(executor, ())
