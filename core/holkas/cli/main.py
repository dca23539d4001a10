"""The command line: a frame that imports a command only when it is called, and no plugin for ``--help``."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import click

from holkas import __version__
from holkas.cli.app import App
from holkas.cli.errors import FAILED, INTERRUPTED, USAGE, CommandError, exit_code_of, render_error
from holkas.cli.lazy_group import LazyGroup

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Lay down a small project and deliver it."),
    "init": ("init", "Write a starting holkas.yaml."),
    "run": ("run", "Run a Tekton file on this machine."),
    "debug": ("debug", "Look around in the place of a step."),
    "test": ("test", "Run unit tests of tasks."),
    "lint": ("lint", "Judge manifests as the original would."),
    "graph": ("graph", "Show which task of a pipeline waits for which."),
    "convert": ("convert", "Write manifests in another form."),
    "trigger": ("trigger", "Render and run what an event starts."),
    "listen": ("listen", "Serve an EventListener on this machine."),
    "app": ("app.group", "Render, compare, sync and heal Argo CD's Applications."),
    "appset": ("app.appset", "Generate and compare Argo CD's ApplicationSets."),
    "proj": ("app.proj", "Say what Argo CD's projects permit, and when."),
    "runs": ("runs", "List, show, follow, cancel, resume, rerun and prune runs."),
    "secrets": ("secrets", "Set, read, list and remove secrets; replace their key."),
    "deliver": ("delivery.deliver", "Take a commit to production."),
    "serve": ("serve", "Deliver by webhook, poll and schedule; run operations in time."),
    "watch": ("watch", "Apply what deliveries commit to configuration repositories."),
    "status": ("delivery.status", "Show what is where, and what waits."),
    "approve": ("delivery.approve", "Let a delivery through the gate of an environment, and go on with it."),
    "reject": ("delivery.reject", "Stop a delivery before the gate of an environment."),
    "promote": ("delivery.promote", "Move what is good in one environment into the next."),
    "rollback": ("delivery.rollback", "Bring back the previous good release of an environment."),
    "history": ("delivery.history", "List deliveries and rollbacks."),
    "why": ("delivery.why", "Say why an environment is as it is."),
    "env": ("delivery.env", "List environments and compare two."),
    "operations": ("delivery.operations", "List and run operations of environments."),
    "events": ("delivery.events", "Verify, follow and export the record of everything."),
    "metrics": ("delivery.metrics", "Measure deliveries."),
    "config": ("config", "Show the configuration and where each value comes from."),
    "schema": ("schema", "Print the JSON Schema of holkas.yaml or of a kind."),
    "plugins": ("plugins", "List plugins, tell about one, verify one, begin one."),
    "doctor": ("doctor", "Say what works on this machine and what does not."),
    "explain": ("explain", "Explain an error code."),
    "completion": ("completion", "Print the completion script of a shell."),
}
"""Name → (module under holkas.cli, one line of help)."""


class MainGroup(LazyGroup):
    """Our own table first, then the commands of plugins."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            return found
        from holkas.cli.plugin_commands import plugin_command

        return plugin_command(_application(ctx), cmd_name)


@click.group(
    cls=MainGroup,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="holkas", message="%(prog)s %(version)s")
@click.option("-v", "--verbose", count=True, help="Say more; -vv shows tracebacks.")
@click.option(
    "-c",
    "--config",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Override one value of holkas.yaml.",
)
@click.pass_context
def cli(ctx: click.Context, verbose: int, settings: tuple[str, ...]) -> None:
    """Take software from a commit to production."""
    _application(ctx)


def _application(ctx: click.Context) -> App:
    """The invocation's App, made of the options before the command: click asks for a command before it calls ours."""
    if isinstance(ctx.obj, App):
        return ctx.obj
    overrides: dict[str, str] = {}
    for setting in ctx.params.get("settings", ()):
        key, separator, value = setting.partition("=")
        if not separator:
            raise click.UsageError(f"--config {setting!r} has no '='.")
        overrides[key] = value
    ctx.obj = App(verbose=ctx.params.get("verbose", 0), overrides=overrides, words=tuple(ctx.obj or ()))
    app: App = ctx.obj
    return app


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. No traceback reaches a user unless ``-vv`` asks for it."""
    if sys.platform == "win32":
        print("error: holkas needs Linux or macOS; on Windows use it inside WSL.", file=sys.stderr)
        return USAGE
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a terminal that cannot show a letter is no reason to stop
    try:
        result = cli.main(args=words, prog_name="holkas", standalone_mode=False, obj=words)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output is gone (``holkas runs list | head``): what is still buffered goes nowhere.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.dup2(nowhere, sys.stderr.fileno())
        return FAILED
    except Exception as error:  # the frame's last line: a user sees a sentence, -vv the traceback
        return _report(error, words)
    return result if isinstance(result, int) else 0


def _report(error: Exception, words: Sequence[str]) -> int:
    """Show an error and return its exit code."""
    code = exit_code_of(error)
    told = any(word.startswith("-vv") for word in words)
    findings = getattr(error, "findings", None) or getattr(error, "finding", None)
    if findings:
        from holkas.cli.render.findings import render_text

        several = findings if isinstance(findings, Sequence) else (findings,)  # a YamlError carries one
        print(render_text(several, sources=getattr(error, "sources", ())), end="\n\n", file=sys.stderr)
        code = USAGE if code is None else code
    if not findings or isinstance(error, CommandError):
        print(render_error(error), file=sys.stderr)
    if told:
        import traceback

        traceback.print_exception(error)
    elif code is None:
        print("  = hint: this is a bug of holkas; run it again with -vv and report it", file=sys.stderr)
    return FAILED if code is None else code


if __name__ == "__main__":
    sys.exit(main())
