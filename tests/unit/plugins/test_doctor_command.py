"""``holkas doctor``: what works here, and exit code 1 for what holkas cannot do without."""

from __future__ import annotations

import json
import os
from textwrap import dedent

import pytest
from click.testing import CliRunner
from holkas.cli import doctor_checks
from holkas.cli.app import App
from holkas.cli.doctor import command
from holkas.cli.errors import CommandError
from holkas.extensions.check import CheckStatus

EXECUTOR = """
    from holkas.plugins import Provider, hookimpl
    from holkas.testing.fakes.executor import FakeExecutor

    class Faulty(FakeExecutor):
        def check(self):
            return "no runc here"

    def explode(context):
        raise RuntimeError("boom")

    @hookimpl
    def holkas_executors():
        yield Provider(name="good", summary="Works.", make=lambda context: FakeExecutor())
        yield Provider(name="faulty", summary="Does not.", make=lambda context: Faulty())
        yield Provider(name="exploding", summary="Worse.", make=explode)
"""

CHECKS = """
    from holkas.extensions.check import Check, CheckResult, CheckStatus
    from holkas.plugins import Provider, hookimpl

    class Space(Check):
        name = "space"

        def run(self):
            yield CheckResult(name="space", status=CheckStatus.FAILED, message="none", hint="buy", essential=True)

    class Broken(Check):
        name = "broken"

        def run(self):
            raise OSError("no")

    @hookimpl
    def holkas_checks():
        yield Provider(name="space", summary="Space.", make=lambda context: Space())
        yield Provider(name="broken", summary="Broken.", make=lambda context: Broken())
"""


@pytest.fixture
def run(tmp_path):
    """The report as a dict by name, and the result of the command."""

    def run(*words, plugin="", verbose=0, output="json", **environ):
        if plugin:
            (tmp_path / "holkas_plugin.py").write_text(dedent(plugin), encoding="utf-8")
        (tmp_path / "holkas.yaml").touch()
        environ.setdefault("HOLKAS_LOAD_PLUGINS", "holkas_plugin,executors" if plugin else "executors")
        environ.setdefault("HOLKAS_STATE_DIR", str(tmp_path / "state"))
        app = App(environ=environ, directory=tmp_path, verbose=verbose)
        # click keeps with a command how its help was asked for the first time.
        result = CliRunner().invoke(
            command,
            ["-o", output, *words],
            obj=app,
            standalone_mode=False,
            help_option_names=["-h", "--help"],
        )
        if result.exception:
            raise result.exception
        if output != "json":
            return result
        report = json.loads(result.stdout)
        assert (report["apiVersion"], report["kind"]) == ("holkas/v1", "DoctorReport")
        return {item["name"]: item for item in report["items"]}, result.return_value

    return run


def test_a_machine_that_works(run):
    report, code = run()
    assert code == 0
    assert {name: item["status"] for name, item in report.items() if item["essential"]} == {
        "python": "ok",
        "system": "ok",
        "state": "ok",
    }
    assert report["executor process"]["status"] == "ok"


def test_executors_are_looked_at_one_by_one(run):
    report, code = run(plugin=EXECUTOR, HOLKAS_LOAD_PLUGINS="holkas_plugin")
    assert code == 0
    assert report["executor good"]["status"] == "ok"
    assert (report["executor faulty"]["status"], report["executor faulty"]["message"]) == (
        "warning",
        "no runc here",
    )
    assert report["executor exploding"]["status"] == "failed"
    assert "RuntimeError: boom" in report["executor exploding"]["message"]
    assert "executors" not in report


def test_executors_get_their_settings(run, tmp_path):
    plugin = """
        from holkas.plugins import Provider, hookimpl
        from holkas.testing.fakes.executor import FakeExecutor

        class Told(FakeExecutor):
            def __init__(self, context):
                super().__init__()
                self.fault = context.options.get("fault", "nothing was said")

            def check(self):
                return self.fault

        SCHEMA = {"type": "object", "properties": {"fault": {"type": "string"}}}

        @hookimpl
        def holkas_executors():
            yield Provider(name="told", summary="As told.", make=Told, options_schema=SCHEMA)
    """
    settings = "plugins: {executors: {told: {fault: no room}}}\n"
    (tmp_path / "holkas.yaml").write_text(settings, encoding="utf-8")
    report, _ = run(plugin=plugin)
    assert report["executor told"]["message"] == "no room"


def test_without_any_executor_nothing_can_be_run(run):
    report, code = run(HOLKAS_LOAD_PLUGINS="")
    assert code == 1
    assert report["executors"]["status"] == "failed"
    assert report["plugins"]["message"].startswith("0 of ")


def test_plugins_add_their_checks(run):
    report, code = run(plugin=CHECKS)
    assert code == 1
    assert (report["space"]["status"], report["space"]["hint"]) == ("failed", "buy")
    assert "OSError: no" in report["check broken"]["message"]


def test_the_projects_own_plugin_is_told_to_run_code(run, tmp_path):
    report, _ = run(plugin=CHECKS)
    assert str(tmp_path / "holkas_plugin.py") in report["project plugin"]["message"]
    assert "HOLKAS_DISABLED_PLUGINS=holkas_plugin" in report["project plugin"]["hint"]
    assert "project plugin" not in run(HOLKAS_LOAD_PLUGINS="executors")[0]


def test_a_broken_plugin_of_strangers_is_not_essential(run):
    report, code = run(plugin="raise RuntimeError('oh')")
    assert code == 0
    assert report["plugin holkas_plugin"]["status"] == "failed"
    assert "[P201]" in report["plugin holkas_plugin"]["message"]


def test_a_misspelt_switch_is_a_warning(run):
    report, code = run(HOLKAS_LOAD_PLUGINS="executors,executers")
    assert code == 0
    assert report["plugin"]["status"] == "warning"


def test_the_text_has_hints_and_with_vv_tracebacks(run):
    broken = "raise RuntimeError('oh')"
    text = run(plugin=broken, output="table").stdout
    assert "Traceback" not in text
    assert any(line.startswith("ok       python") for line in text.splitlines())
    assert "Traceback" in run(plugin=broken, output="table", verbose=2).stdout
    assert "= hint: buy" in run(plugin=CHECKS, output="table").stdout
    assert "python" in run(output="name").stdout.splitlines()


def test_a_state_directory_without_access(tmp_path, monkeypatch):
    # Root may write everywhere, so the system's answer is given here.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    result = doctor_checks.state_directory(tmp_path / "state")
    assert (result.status, result.essential) == (CheckStatus.FAILED, True)
    assert str(tmp_path) in result.message


def test_a_state_directory_below_a_file_is_none(tmp_path):
    (tmp_path / "file").touch()
    result = doctor_checks.state_directory(tmp_path / "file" / "state")
    assert (result.status, result.essential) == (CheckStatus.FAILED, True)
    assert "HOLKAS_STATE_DIR" in result.hint
    assert doctor_checks.state_directory(tmp_path / "new" / "state").status is CheckStatus.OK
    assert not (tmp_path / "new").exists()


def test_other_systems_are_refused():
    assert doctor_checks.system("win32").status is CheckStatus.FAILED
    assert doctor_checks.system("darwin").status is CheckStatus.OK


def test_a_machine_without_git(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = doctor_checks.git()
    assert (result.status, result.essential) == (CheckStatus.WARNING, False)


class BrokenApp:
    """An invocation whose configuration cannot be read."""

    def __init__(self, error):
        self.error = error

    @property
    def state(self):
        raise self.error


def test_a_broken_configuration_is_a_result():
    *_, last = doctor_checks.all_checks(BrokenApp(CommandError("holkas.yaml:3: no", hint="mend it")))
    assert (last.name, last.status, last.essential) == ("configuration", CheckStatus.FAILED, True)
    assert (last.message, last.hint) == ("holkas.yaml:3: no", "mend it")


def test_a_bug_of_ours_is_not_called_a_broken_configuration():
    with pytest.raises(ZeroDivisionError):
        list(doctor_checks.all_checks(BrokenApp(ZeroDivisionError())))
