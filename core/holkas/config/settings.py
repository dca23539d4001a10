"""The settings of the core: one table that loading, checking, the JSON Schema and the reference page are made from."""

from __future__ import annotations

from holkas.records import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """A leaf of holkas.yaml. ``type`` is ``string``, ``integer`` or ``boolean``; ``choices`` limits a string."""

    key: str
    type: str
    default: str | int | bool
    description: str
    choices: tuple[str, ...] = ()
    minimum: int | None = None

    @property
    def variable(self) -> str:
        """The environment variable that sets it: ``HOLKAS_RUN_EXECUTOR`` for ``run.executor``."""
        return "HOLKAS_" + self.key.upper().replace(".", "_").replace("-", "_")


SETTINGS = (
    Setting(
        "run.executor", "string", "auto", "The executor that runs steps; auto takes the first that works."
    ),
    Setting("run.jobs", "integer", 0, "Tasks at the same time; 0 fits the machine.", minimum=0),
    Setting(
        "run.progress",
        "string",
        "auto",
        "How progress is shown on stderr.",
        choices=("auto", "live", "plain", "quiet", "json"),
    ),
    Setting(
        "run.cache",
        "boolean",
        False,
        "Take outcomes of tasks from earlier runs where nothing that they depend on has changed.",
    ),
    Setting(
        "run.keep-workspaces",
        "integer",
        3,
        "So many runs that did not succeed keep the content of their workspaces, the newest ones, for rerun and resume.",
        minimum=0,
    ),
    Setting(
        "run.offline",
        "boolean",
        False,
        "No resolver is asked: references through resolvers lead to what was found before.",
    ),
    Setting(
        "run.results-from",
        "string",
        "files",
        "How large results may be: as on a cluster that takes them from termination-message (Tekton's default: 4096 "
        "bytes for all of a task's together) or sidecar-logs; files takes a megabyte each, and warns.",
        choices=("files", "termination-message", "sidecar-logs"),
    ),
    Setting(
        "run.max-result-size",
        "integer",
        4096,
        "Bytes of one result with sidecar-logs, as the cluster's max-result-size.",
        minimum=1,
    ),
    Setting("run.server", "string", "local", "The build server that carries out runs."),
    Setting(
        "lint.api-fields",
        "string",
        "beta",
        "Highest level of Tekton's features that lint accepts.",
        choices=("stable", "beta", "alpha"),
    ),
    Setting(
        "lint.select", "string", "", "Codes that lint reports, with commas; T6 stands for all that begin so."
    ),
    Setting("lint.ignore", "string", "", "Codes that lint does not report, with commas."),
    Setting("state.directory", "string", "", "Where runs are kept; empty for the XDG state directory."),
    Setting("tools.version-control", "string", "git", "The version control that keeps the sources."),
    Setting("tools.artifact-repository", "string", "directory", "The repository that keeps artifacts."),
    Setting("tools.build-server", "string", "", "The build server of deliveries; empty for run.server."),
    Setting("tools.automation-agent", "string", "local", "The agent that changes environments."),
    Setting("tools.monitoring", "string", "eventlog", "Who takes events; several with commas."),
    Setting("tools.secret-store", "string", "secretfile", "The store that secrets come from."),
    Setting(
        "app.target",
        "string",
        "",
        "The target that Applications are synced to; empty where commands work offline unless one is named.",
    ),
    Setting(
        "app.repository",
        "string",
        "",
        "URL of the repository with the Applications, fetched at every look; empty for the project's own.",
    ),
    Setting(
        "app.installation",
        "string",
        "",
        "Name of these Applications in the records; empty for one made of the project's directory.",
    ),
)

BY_KEY = {setting.key: setting for setting in SETTINGS}

PLUGINS = "plugins"
"""Key under which plugins have their settings: ``plugins.<hook>.<provider>``, checked by the plugin's own schema."""
