"""The starting file that ``holkas init`` writes: what was found, and in comments what else there is."""

from __future__ import annotations

import json
import re

from holkas.cli.init_found import Found, FoundEnvironment, FoundPipeline

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9/._-]*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def starting_file(project: str, found: Found) -> str:
    """holkas.yaml, which is accepted as it stands."""
    parts = [
        "# How this project goes from a commit to production. `holkas deliver` does what stands here.\n"
        "# Everything that may stand here: docs/reference/configuration.md of holkas, or `holkas schema`.",
        f"project: {scalar(project)}",
        _pipeline(found.pipelines),
        _artifact(project),
        _environments(found.environments),
        _REST,
    ]
    return "\n\n".join(parts) + "\n"


def scalar(text: str) -> str:
    """A text in YAML, quoted where it could be taken for something else."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


def _pipeline(pipelines: tuple[FoundPipeline, ...]) -> str:
    if not pipelines:
        return (
            "# The Tekton pipeline that builds and tests a commit; it finds the sources in its workspace `source`.\n"
            "# pipeline: pipeline.yaml"
        )
    first, *others = pipelines
    lines = ["# The Tekton pipeline that builds and tests a commit, once."]
    if others:
        lines.append("# Also found: " + ", ".join(dict.fromkeys(_one_line(one.file) for one in others[:5])))
    lines += ["pipeline:", f"  file: {scalar(first.file)}"]
    if first.workspaces and "source" not in first.workspaces:
        lines.append(f"  workspace: {scalar(first.workspaces[0])} # the one that holds the sources")
    lines.append("  # params: {version: $(revision.short)}")
    return "\n".join(lines)


def _artifact(project: str) -> str:
    return (
        "# What is delivered: a file or directory of the sources after the pipeline ran, or a digest that the\n"
        "# pipeline hands back. It is published once, and every environment gets the same digest.\n"
        "artifacts:\n"
        f"  - name: {scalar(project)}\n"
        "    path: dist # or result: IMAGE_DIGEST\n"
        "    version: $(revision.short)"
    )


def _environments(environments: tuple[FoundEnvironment, ...]) -> str:
    lines = [
        "# Where it goes, in this order; the next one is begun only when everything went well in the one before."
    ]
    lines.append("environments:")
    if not environments:
        return "\n".join([*lines, _USUAL])
    for number, one in enumerate(environments):
        lines += [
            f"  - name: {scalar(one.name)}",
            "    pull: # the digest and the configuration are committed there; `holkas watch` applies them",
            f"      repository: {scalar(one.repository)}",
        ]
        if one.branch and one.branch != "HEAD":
            lines.append(f"      branch: {scalar(one.branch)}")
        lines.append(f"      path: {scalar(one.path)}")
        if number == len(environments) - 1 and number:
            lines.append("    gate: manual # somebody presses the button")
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else "?" for char in text).split())


_USUAL = """\
  - name: dev
    destination: run/dev # the built-in agent deploys to directories of this machine
    # config: # what differs here
    #   values: {LOG_LEVEL: debug}
    #   files: [config/dev.ini]
    #   secrets: {DB_PASSWORD: shop/db#password} # holkas secrets set shop/db password
    # settings: # a process that is kept running, and how to know that it is well
    #   command: [python3, content/app/server.py]
    #   health: {http: "http://127.0.0.1:8080/health"}
  - name: test
    destination: run/test
    # checks: {after: [checks/acceptance.yaml]} # Tekton files of the sources
  - name: prod
    destination: run/prod
    gate: manual # or {approvers: [anna, bert], approvals: 2}
    # soak: 1h # so long it must have been good in the environment before
    # freeze: [{days: [fri], hours: "16:00-24:00", zone: Europe/Berlin, reason: the weekend}]
    # rollback: automatic # what fails here is taken back at once"""

_REST = """\
# Who is told. `smtp` and `webhook` are further channels: holkas plugins info notifiers
feedback:
  - notifier: file
    tell: [failure, recovery, approval]
    to: [authors, owners]

# What `holkas serve` waits for; `holkas deliver` delivers whenever you like.
# triggers:
#   poll: 1m
#   webhook: hooks/forge#secret
#   schedule: "0 6 * * mon-fri"

# What is done to environments by a schedule.
# operations:
#   - {name: backup, environments: [prod], schedule: "0 3 * * *"}

# Sign what is built, and deploy nothing unsigned.
# signing: {key: keys/delivery#private, required: true}"""
