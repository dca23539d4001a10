"""The JSON Schema of holkas.yaml's sections about deliveries; what it says is also what is checked."""

from __future__ import annotations

from typing import Any

from holkas.delivery.durations import PATTERN as DURATION

_NAME = r"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$"
_TEXT = {"type": "string", "minLength": 1}
_RELATIVE = {"type": "string", "minLength": 1, "not": {"pattern": r"(^/|(^|/)\.\.(/|$))"}}
_SECRET = {"type": "string", "pattern": r"^[^#]+(#[^#]+)?$", "description": "path#key in the secret store."}


def _object(properties: dict[str, Any], *required: str, description: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": properties}
    if required:
        found["required"] = list(required)
    return found | ({"description": description} if description else {})


def _said(schema: dict[str, Any], description: str, **more: Any) -> dict[str, Any]:
    return {**schema, "description": description, **more}


def _map(schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": schema, "description": description}


def _list(schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "array", "items": schema, "description": description}


_VALUE = {"type": ["string", "number", "boolean"]}
_DURATION = {"type": "string", "pattern": DURATION}

PIPELINE = {
    "description": "A pipeline: its file, or a mapping.",
    "anyOf": [
        _RELATIVE,
        _object(
            {
                "file": _said(_RELATIVE, "Tekton file in the sources."),
                "job": _said(_TEXT, "Name of a job that the build server knows, instead of a file."),
                "name": _said(
                    {"type": "string", "pattern": _NAME}, "For messages; the file's name by default."
                ),
                "params": _map(_VALUE, "Values of params; $(revision.short) and the like are replaced."),
                "workspace": _said(
                    _TEXT, "The pipeline's workspace that holds the sources.", default="source"
                ),
                "timeout": _said(_DURATION, "Longest time that the run may take."),
            }
        ),
    ],
}

ARTIFACT = _object(
    {
        "name": _said({"type": "string", "pattern": r"^[a-z0-9._/-]+$"}, "Name in the artifact repository."),
        "path": _said(_RELATIVE, "File or directory of the sources, after the pipeline ran."),
        "result": _said(_TEXT, "Result of the pipeline that holds the digest of what it published itself."),
        "version": _said(_TEXT, "Rule of its version.", default="$(revision.short)"),
        "sbom": _said(_RELATIVE, "SBOM (SPDX or CycloneDX, JSON) that the pipeline made."),
        "media-type": _said(_TEXT, "Media type of its content.", default="application/octet-stream"),
    },
    "name",
)

GATE = {
    "description": "automatic, manual, or who has to approve.",
    "anyOf": [
        {"enum": ["automatic", "manual"]},
        _object(
            {
                "kind": {"enum": ["automatic", "manual"], "default": "manual"},
                "approvers": _list(_TEXT, "Who may approve; everybody where nobody is named."),
                "approvals": {
                    "type": "integer",
                    "minimum": 1,
                    "default": 1,
                    "description": "How many must agree.",
                },
            }
        ),
    ],
}

FREEZE = _object(
    {
        "from": _said(_TEXT, "First day or time, as 2026-12-20 or 2026-12-20T18:00."),
        "until": _said(_TEXT, "Day or time when it is over, that day itself included."),
        "days": _list({"enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "Weekdays; all by default."),
        "hours": {
            "type": "string", "pattern": r"^([01]?\d|2[0-4]):[0-5]\d-([01]?\d|2[0-4]):[0-5]\d$",
            "description": "Time of day, as 16:00-24:00 or 22:00-06:00.",
        },
        "zone": _said(_TEXT, "Time zone by its IANA name.", default="UTC"),
        "reason": _said(_TEXT, "Why, for people."),
    }
)  # fmt: skip

ENVIRONMENT = _object(
    {
        "name": {"type": "string", "pattern": _NAME, "not": {"const": "build"}},
        "destination": _said(_TEXT, "Where it is, in the agent's words."),
        "agent": _said(_TEXT, "Automation agent, if not the project's."),
        "settings": {"type": "object", "description": "Further settings for the agent."},
        "config": _object(
            {
                "files": {
                    "description": "Files of the sources: a list, or path in the release → path in the sources.",
                    "anyOf": [
                        {"type": "array", "items": _RELATIVE},
                        {"type": "object", "additionalProperties": _RELATIVE},
                    ],
                },
                "values": _map(_VALUE, "Values by name; variables are replaced."),
                "secrets": _map(_SECRET, "Secrets by name: path#key in the secret store."),
            },
            description="What differs in this environment.",
        ),
        "checks": _object(
            {
                "before": _list(PIPELINE, "Pipelines that must succeed before the deployment."),
                "after": _list(PIPELINE, "Pipelines that must succeed after it."),
            },
            description="Tests of this environment.",
        ),
        "gate": GATE,
        "freeze": _list(FREEZE, "Times in which nothing goes in."),
        "soak": _said(_DURATION, "How long a release must have been good in the environment before."),
        "rollback": {
            "enum": ["manual", "automatic"], "default": "manual",
            "description": "What happens when the deployment or a check after it fails.",
        },
        "pull": {
            "description": "Do not call the agent: commit to this configuration repository, which is pulled from.",
            "anyOf": [
                _TEXT,
                _object(
                    {
                        "repository": _TEXT,
                        "branch": _said(_TEXT, "Branch to commit to.", default="main"),
                        "path": _said(_RELATIVE, "Directory in it; the environment's name by default."),
                    },
                    "repository",
                ),
            ],
        },
    },
    "name",
)  # fmt: skip

FEEDBACK = _object(
    {
        "notifier": _said(_TEXT, "Channel: a notifier's name (file, smtp, webhook)."),
        "tell": _list({"enum": ["failure", "recovery", "approval", "information"]}, "What is told."),
        "to": _list(_TEXT, "authors, owners, requester, or addresses."),
        "environments": _list(_TEXT, "Only about these; build is the pipeline."),
    },
    "notifier",
)

OPERATION = _object(
    {
        "name": {"type": "string", "pattern": _NAME},
        "environments": _list(_TEXT, "Where; everywhere by default."),
        "pipeline": PIPELINE,
        "params": _map(_VALUE, "Params of the agent's operation, where there is no pipeline."),
        "schedule": _said(_TEXT, "When: five fields of cron."),
        "zone": _said(_TEXT, "Time zone of the schedule.", default="UTC"),
    },
    "name",
)

SCHEMA: dict[str, Any] = {
    "project": {"type": "string", "pattern": _NAME, "description": "Name; the directory's by default."},
    "repository": _said(_TEXT, "Where the sources are: a URL or a path; the project's directory by default."),
    "branch": _said(_TEXT, "Branch that is delivered; the repository's default one by default."),
    "pipeline": PIPELINE,
    "artifacts": _list(ARTIFACT, "What is delivered."),
    "environments": _list(ENVIRONMENT, "Stages in their order."),
    "concurrency": {
        "enum": ["supersede", "queue"], "default": "supersede",
        "description": "Whether a newer delivery takes the place of older ones that wait, or waits behind them.",
    },
    "signing": _object(
        {
            "key": _said(_SECRET, "Private Ed25519 key (PEM): path#key in the secret store."),
            "required": {"type": "boolean", "default": False, "description": "Unsigned artifacts are not deployed."},
            "trusted": _list(_TEXT, "Files with public keys (PEM), relative to holkas.yaml; the key's own by default."),
        },
        description="Signatures of the provenance.",
    ),
    "feedback": _list(FEEDBACK, "Who is told what."),
    "triggers": _object(
        {
            "poll": _said(_DURATION, "How often to look at the branch."),
            "webhook": _said(_SECRET, "Secret with which the forge signs: path#key in the secret store."),
            "schedule": _said(_TEXT, "When to deliver the branch's head: five fields of cron."),
            "zone": _said(_TEXT, "Time zone of the schedule.", default="UTC"),
            "after": _list(_TEXT, "Projects of the same state directory whose delivery succeeded."),
        },
        description="What holkas serve waits for to deliver the branch's head.",
    ),
    "operations": _list(OPERATION, "Pipelines or operations that run in environments by a schedule."),
}  # fmt: skip
"""Section → its schema."""
