"""Every hook of holkas. A plugin implements those it needs, in one light *hooks module* that an entry point
names:

    [project.entry-points.holkas]
    mine = "holkas_mine.hooks"

The module imports nothing heavy: it is imported whenever any plugin is needed, and what stands behind a
provider only when :attr:`Provider.make` is called. Each example below is a complete hooks module; the tests
run them all. The examples of the six roles hand over the fakes of :mod:`holkas.testing.fakes`, where a real
plugin imports its own class. Nobody calls the bodies below: pluggy reads names and signatures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from holkas.plugins.marker import hookspec

if TYPE_CHECKING:
    import click

    from holkas.extensions.check import Check
    from holkas.extensions.custom_task import CustomTask
    from holkas.extensions.executor import Executor
    from holkas.extensions.importer import Importer
    from holkas.extensions.notifier import Notifier
    from holkas.extensions.renderer import Renderer
    from holkas.extensions.resolver import Resolver
    from holkas.extensions.source_fetcher import SourceFetcher
    from holkas.extensions.target import Target
    from holkas.model.code import CodeDoc
    from holkas.plugins.provider import Provider
    from holkas.roles.artifact_repository import ArtifactRepository
    from holkas.roles.automation_agent import AutomationAgent
    from holkas.roles.build_server import BuildServer
    from holkas.roles.monitoring import Monitoring
    from holkas.roles.secret_store import SecretStore
    from holkas.roles.version_control import VersionControl


@hookspec
def holkas_version_controls() -> Iterable[Provider[VersionControl]]:
    """Tools that keep the history of files.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        def make(context: Context):
            from holkas.testing.fakes.version_control import FakeVersionControl
            return FakeVersionControl()

        @hookimpl
        def holkas_version_controls():
            flags = frozenset({"tags", "changed-paths"})
            yield Provider(name="memory", summary="Revisions in memory.", make=make, capabilities=flags)
    """
    raise NotImplementedError


@hookspec
def holkas_artifact_repositories() -> Iterable[Provider[ArtifactRepository]]:
    """Tools that keep what was built, by digest.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        SCHEMA = {"type": "object", "properties": {"directory": {"type": "string"}}}

        def make(context: Context):
            from holkas.testing.fakes.artifact_repository import FakeArtifactRepository
            return FakeArtifactRepository()

        @hookimpl
        def holkas_artifact_repositories():
            yield Provider(name="folder", summary="Artifacts in a folder.", make=make, options_schema=SCHEMA)
    """
    raise NotImplementedError


@hookspec
def holkas_build_servers() -> Iterable[Provider[BuildServer]]:
    """Tools that run pipelines.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        def make(context: Context):
            from holkas.testing.fakes.build_server import FakeBuildServer
            return FakeBuildServer()

        @hookimpl
        def holkas_build_servers():
            yield Provider(name="pretend", summary="Every run succeeds at once.", make=make)
    """
    raise NotImplementedError


@hookspec
def holkas_automation_agents() -> Iterable[Provider[AutomationAgent]]:
    """Tools that bring an environment into its desired state.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        def make(context: Context):
            from holkas.testing.fakes.automation_agent import FakeAutomationAgent
            return FakeAutomationAgent()

        @hookimpl
        def holkas_automation_agents():
            flags = frozenset({"rollback", "drift"})
            yield Provider(name="pretend", summary="Environments in memory.", make=make, capabilities=flags)
    """
    raise NotImplementedError


@hookspec
def holkas_monitoring() -> Iterable[Provider[Monitoring]]:
    """Tools that take events and know how an environment is.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        def make(context: Context):
            from holkas.testing.fakes.monitoring import FakeMonitoring
            return FakeMonitoring()

        @hookimpl
        def holkas_monitoring():
            yield Provider(name="memory", summary="Events in memory.", make=make)
    """
    raise NotImplementedError


@hookspec
def holkas_secret_stores() -> Iterable[Provider[SecretStore]]:
    """Tools that keep secrets.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        def make(context: Context):
            from holkas.testing.fakes.secret_store import FakeSecretStore
            return FakeSecretStore()

        @hookimpl
        def holkas_secret_stores():
            flags = frozenset({"write", "lease"})
            yield Provider(name="memory", summary="Secrets in memory.", make=make, capabilities=flags)
    """
    raise NotImplementedError


@hookspec
def holkas_notifiers() -> Iterable[Provider[Notifier]]:
    """Ways to tell people something.

    Example::

        from holkas.extensions.notifier import Notifier
        from holkas.model.notice import Notice
        from holkas.plugins import Context, Provider, hookimpl

        class FileNotifier(Notifier):
            name = "file"

            def __init__(self, context: Context) -> None:
                self.path = context.state / "notices.txt"

            def notify(self, notice: Notice) -> None:
                with self.path.open("a", encoding="utf-8") as file:
                    file.write(f"{notice.subject}\\n")

        @hookimpl
        def holkas_notifiers():
            yield Provider(name="file", summary="A line in a file.", make=FileNotifier)
    """
    raise NotImplementedError


@hookspec
def holkas_executors() -> Iterable[Provider[Executor]]:
    """Ways to run a step.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        def make(context: Context):
            from holkas.testing.fakes.executor import FakeExecutor
            return FakeExecutor()

        @hookimpl
        def holkas_executors():
            yield Provider(name="pretend", summary="Every step ends at once with exit code 0.", make=make)
    """
    raise NotImplementedError


@hookspec
def holkas_targets() -> Iterable[Provider[Target]]:
    """Places where an application's resources live.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        def make(context: Context):
            from holkas.testing.fakes.target import FakeTarget
            return FakeTarget()

        @hookimpl
        def holkas_targets():
            yield Provider(name="pretend", summary="Resources in memory.", make=make)
    """
    raise NotImplementedError


@hookspec
def holkas_importers() -> Iterable[Provider[Importer]]:
    """Readers and writers of other tools' manifests.

    Example::

        from holkas.extensions.importer import Importer, Loaded
        from holkas.plugins import Provider, hookimpl

        class GreetingImporter(Importer):
            name = "greeting"

            def recognises(self, document):
                return document.get("kind") == "Greeting"

            def lint(self, documents, *, level="beta"):
                return []

            def load(self, documents, wish):
                return Loaded()

            def manifest(self, run, record=None):
                return {"kind": "Greeting", "metadata": {"name": run.name}}

        @hookimpl
        def holkas_importers():
            yield Provider(name="greeting", summary="Greetings.", make=lambda context: GreetingImporter())
    """
    raise NotImplementedError


@hookspec
def holkas_renderers() -> Iterable[Provider[Renderer]]:
    """Tools that say which resources an Application wants.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        def make(context: Context):
            from holkas.testing.fakes.renderer import FakeRenderer
            return FakeRenderer()

        @hookimpl
        def holkas_renderers():
            yield Provider(name="pretend", summary="Applications that carry their resources.", make=make)
    """
    raise NotImplementedError


@hookspec
def holkas_source_fetchers() -> Iterable[Provider[SourceFetcher]]:
    """Tools that fetch the files which Applications are rendered from; the first that handles a source is asked.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        def make(context: Context):
            from holkas.testing.fakes.source_fetcher import FakeSourceFetcher
            return FakeSourceFetcher(context.state / "sources")

        @hookimpl
        def holkas_source_fetchers():
            yield Provider(name="memory", summary="Files in memory.", make=make)
    """
    raise NotImplementedError


@hookspec
def holkas_resolvers() -> Iterable[Provider[Resolver]]:
    """Tools that find tasks, pipelines and step actions elsewhere; the provider's name is the ``resolver`` of references.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        def make(context: Context):
            from holkas.testing.fakes.resolver import FakeResolver
            return FakeResolver()

        @hookimpl
        def holkas_resolvers():
            yield Provider(name="memory", summary="Documents in memory.", make=make)
    """
    raise NotImplementedError


@hookspec
def holkas_custom_tasks() -> Iterable[Provider[CustomTask]]:
    """Tools that run custom tasks (Tekton's CustomRuns); the provider's capabilities are the kinds that it serves.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        def make(context: Context):
            from holkas.testing.fakes.custom_task import FakeCustomTask
            return FakeCustomTask()

        @hookimpl
        def holkas_custom_tasks():
            kinds = frozenset({"fake.holkas.dev/v1/Fake"})
            yield Provider(name="fake", summary="Ends as its params say.", make=make, capabilities=kinds)
    """
    raise NotImplementedError


@hookspec
def holkas_checks() -> Iterable[Provider[Check]]:
    """Checks for ``holkas doctor``.

    Example::

        import shutil

        from holkas.extensions.check import Check, CheckResult, CheckStatus
        from holkas.plugins import Provider, hookimpl

        class MakeCheck(Check):
            name = "make"

            def run(self):
                found = shutil.which("make")
                status = CheckStatus.OK if found else CheckStatus.WARNING
                yield CheckResult(name="make", status=status, message=found or "make is not installed")

        @hookimpl
        def holkas_checks():
            yield Provider(name="make", summary="Is make there?", make=lambda context: MakeCheck())
    """
    raise NotImplementedError


@hookspec
def holkas_commands() -> Iterable[Provider[click.Command]]:
    """Commands beside our own: ``holkas NAME``. The provider's name is the command's.

    Example::

        from holkas.plugins import Context, Provider, hookimpl

        def make(context: Context):
            import click
            from holkas.extensions.command import application

            @click.command("where")
            @click.pass_context
            def command(ctx: click.Context) -> None:
                \"\"\"Print the project's root.\"\"\"
                click.echo(application(ctx).project)

            return command

        @hookimpl
        def holkas_commands():
            yield Provider(name="where", summary="Print the project's root.", make=make)
    """
    raise NotImplementedError


@hookspec
def holkas_codes() -> Mapping[str, CodeDoc]:
    """Explanations of the codes that a plugin's findings and errors carry, for ``holkas explain CODE``.

    Example::

        from holkas.model.code import CodeDoc
        from holkas.plugins import hookimpl

        @hookimpl
        def holkas_codes():
            return {"MINE1": CodeDoc("The greeting is empty", "Write a greeting, or remove the document.")}
    """
    raise NotImplementedError
