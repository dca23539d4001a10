"""docs/reference/events.md, from the docstring of RunEventKind."""

from __future__ import annotations

import inspect
import re

from holkas.model.run_event import RunEventKind

from docs._generate.markdown import made, plain, table


def described() -> dict[str, str]:
    """Kind (``run-started``) → what its ``data`` holds, as the docstring says it."""
    text = " ".join((inspect.getdoc(RunEventKind) or "").split())
    names = "|".join(kind.name for kind in RunEventKind)
    parts = re.split(rf"\b({names}): ", text)[1:]
    found = {
        RunEventKind[name].value: plain(body).strip()
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }
    return {kind.value: found.get(kind.value, "nothing").removesuffix(".") for kind in RunEventKind}


def keys(kind: str) -> set[str]:
    """Names in the description of a kind's ``data``."""
    return set(re.findall(r"`([a-z_]+)`", described()[kind]))


def page() -> str:
    """The whole page."""
    return "\n".join(
        [
            made("the docstring in core/holkas/model/run_event.py"),
            "# Run events\n",
            "Everything that happens in a run is an event before it is anything else. The state store keeps them in "
            "order; the live tree, `holkas runs` and `--progress json` are views of them. `--progress json` writes one "
            "a line to standard error:\n",
            "```json\n"
            '{"time": 1795392000.25, "event": "step-finished", "run": "20261123-002648-ldqk", "task": "hello-source", '
            '"step": "checkout", "data": {"exit_code": 0}}\n```\n',
            "`time` is in seconds since the epoch, `run` the run's id, `task` the task run's name and `step` the "
            "step's; both are empty for the run's own events. Secrets are masked. `log` events are shown but not "
            "stored: the text is in the log file.\n",
            table(("event", "`data`"), [(f"`{kind}`", text) for kind, text in described().items()]),
            "The events of a run survive `kill -9`; its first and its last one also a power loss. A run without a "
            "`run-finished` whose process is gone is shown as interrupted.\n",
        ]
    )
