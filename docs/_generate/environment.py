"""docs/reference/environment.md: every variable that holkas reads."""

from __future__ import annotations

from holkas.config.load import SHORT
from holkas.config.settings import SETTINGS
from holkas.plugins.switches import DISABLED, LOAD, TRACE

from docs._generate.markdown import code, made, table

SWITCHES = {
    DISABLED: "Plugins that are left out: names of entry points or distributions, with commas.",
    LOAD: "The only plugins that are loaded; set to nothing, none is.",
    TRACE: "`1`: a line on standard error for each search, import, hook call and made tool.",
    "HOLKAS_SECRETFILE_KEY": "Key of the encrypted file of secrets (32 bytes in base64) instead of the key's file. "
    "Several with commas: the first is written with, all are read with.",
    "HOLKAS_USER": "In whose name deliveries are requested, approved and rolled back, where no `--as` says it.",
}
"""Variables of ours that are no settings."""

GIVEN = {
    "HOLKAS_ENVIRONMENT": "Name of the environment.",
    "HOLKAS_RELEASE": "Id of the release.",
    "HOLKAS_DATA": "A directory that outlives releases.",
    "HOLKAS_PARAM": "With `_` and a name in capitals: a param of the operation that is run.",
}
"""Variables that a process finds which the local agent has started."""

FOREIGN = {
    "XDG_CONFIG_HOME": "Where the user's `holkas/holkas.yaml` lies; `~/.config` where it is not set.",
    "XDG_STATE_HOME": "Where the state store lies (`holkas/` in it) on Linux; `~/.local/state` where it is not set.",
    "PATH": "Programs of the `process` executor's steps. Steps in the sandbox get the PATH that images have.",
    "LANG": "Passed on to steps, as are `LC_ALL`, `LC_CTYPE` and `TZ`. No other variable of yours reaches a step.",
    "NO_COLOR": "No colours on a terminal; `FORCE_COLOR` the contrary.",
}
"""Variables of others that we honour."""


def page() -> str:
    """The whole page."""
    settings = [(code(setting.variable), code(setting.key), setting.description) for setting in SETTINGS]
    settings += [
        (code(name), code(key), "Another name of its variable, which it wins over.")
        for name, key in SHORT.items()
    ]
    return "\n".join(
        [
            made("docs/_generate/environment.py or core/holkas/config/settings.py"),
            "# Environment variables\n",
            "## Switches\n",
            table(("variable", "meaning"), [(code(name), text) for name, text in SWITCHES.items()]),
            "## Settings\n",
            "Each setting of [holkas.yaml](configuration.md) has a variable. It wins over the files and loses to "
            "`--config` and to a command's own option. An empty variable counts as unset.\n",
            table(("variable", "setting", "meaning"), settings),
            "## Variables of deployed processes\n",
            "A process that the agent `local` starts finds the values and secrets of its environment, and these:\n",
            table(("variable", "meaning"), [(code(name), text) for name, text in GIVEN.items()]),
            "## Variables of steps\n",
            "`HOLKAS_DEBUG_COMMAND` is what a step would start, where [`holkas debug`](../how-to/debug-a-step.md) "
            "starts something else in its place.\n",
            "## Variables of others\n",
            table(("variable", "meaning"), [(code(name), text) for name, text in FOREIGN.items()]),
        ]
    )
