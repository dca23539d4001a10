"""Codes of what can be wrong with plugins: P1xx end a command, P2xx are told and stop nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.code import CodeDoc

NO_SUCH_PROVIDER = "P101"
CLAIMED_TWICE = "P102"
BAD_OPTIONS = "P103"
NOT_MADE = "P104"
WRONG_CLASS = "P105"
NO_SUCH_PLUGIN = "P106"
IMPORT_FAILED = "P201"
HOOK_FAILED = "P202"
BAD_PROVIDER = "P203"
UNKNOWN_HOOK = "P204"
NOT_INSTALLED = "P205"
NO_HOOKS = "P206"

CODES: Mapping[str, CodeDoc] = {
    NO_SUCH_PROVIDER: CodeDoc(
        "Nothing of that name is offered by any plugin",
        "The configuration or the command line names a tool that no loaded plugin offers. Compare the "
        "spelling with "
        "`holkas plugins list`; install the distribution that offers it with pip into the same environment "
        "as "
        "holkas; look whether `HOLKAS_DISABLED_PLUGINS` or `HOLKAS_LOAD_PLUGINS` keeps it out.",
    ),
    CLAIMED_TWICE: CodeDoc(
        "Two plugins offer the same name",
        "Both distributions are named in the message. holkas does not choose between them: uninstall one, or "
        "put its "
        "name into `HOLKAS_DISABLED_PLUGINS`. Everything else they offer works.",
    ),
    BAD_OPTIONS: CodeDoc(
        "A plugin's settings do not fit its schema",
        "The message names the setting and what is wrong with it. `holkas plugins info NAME -o json` shows "
        "the JSON "
        "Schema of the settings.",
    ),
    NOT_MADE: CodeDoc(
        "A plugin could not make its tool",
        "Often a library that the plugin needs is not installed, or a setting has no usable value. Run the "
        "command "
        "again with `-vv` for the plugin's own traceback.",
    ),
    WRONG_CLASS: CodeDoc(
        "A plugin made something else than its hook is for",
        "This is a bug in the plugin: what `make` returns must be an instance of the hook's class, which the "
        "reference of hooks names. Tell its author; `holkas.testing.contracts` finds this in the plugin's "
        "own tests.",
    ),
    NO_SUCH_PLUGIN: CodeDoc(
        "No plugin of that name is installed",
        "`holkas plugins list` lists them. A plugin goes by the name of its entry point or of its "
        "distribution.",
    ),
    IMPORT_FAILED: CodeDoc(
        "A plugin could not be imported",
        "The plugin is left out and everything else works. `holkas -vv doctor` shows its traceback. Often it "
        "was "
        "written for another version of holkas, or a library it needs is missing: install it again.",
    ),
    HOOK_FAILED: CodeDoc(
        "A plugin's hook ended with an error",
        "What this one hook of this plugin offers is left out. `holkas -vv doctor` shows the traceback; tell "
        "the "
        "plugin's author.",
    ),
    BAD_PROVIDER: CodeDoc(
        "A plugin's hook handed over something unusable",
        "A hook hands over `Provider` objects (`holkas_codes` a mapping of codes), each with a name of its "
        "own. Tell "
        "the plugin's author.",
    ),
    UNKNOWN_HOOK: CodeDoc(
        "A plugin implements a hook that holkas has not got",
        "Either its name is misspelt (the message shows the nearest) or the plugin was written for a newer "
        "holkas. "
        "The plugin's other hooks work.",
    ),
    NOT_INSTALLED: CodeDoc(
        "HOLKAS_LOAD_PLUGINS names a plugin that is not installed",
        "The variable holds names of entry points or distributions, with commas between them.",
    ),
    NO_HOOKS: CodeDoc(
        "A plugin implements no hook",
        "Its hooks module was imported, but no function in it is marked with `@hookimpl` from "
        "`holkas.plugins`.",
    ),
}
