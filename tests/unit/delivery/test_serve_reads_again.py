"""``holkas serve`` notices that holkas.yaml has changed: a good one counts, a bad one leaves what was."""

from __future__ import annotations

import os

import pytest
from holkas.cli import serve_project
from holkas.cli.app import App
from holkas.cli.config_files import ConfigFiles
from holkas.cli.errors import CommandError
from holkas.cli.serve_project import ServedProject
from holkas.delivery_engine.project import Who
from holkas.model.secret import Secret

SECRET = Secret("a long secret of the webhook")
CONFIG = """
project: shop
artifacts: [{name: shop, path: app}]
environments:
  - {name: dev, destination: run/dev}
"""


@pytest.fixture
def app(tmp_path):
    directory = tmp_path / "shop"
    directory.mkdir()
    (directory / "holkas.yaml").write_text(CONFIG)
    environ = {
        "HOLKAS_STATE_DIR": str(tmp_path / "state"),
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "PATH": os.environ["PATH"],
    }
    return App(environ=environ, directory=directory)


@pytest.fixture
def serve(app, monkeypatch):
    """Begins to serve; everything is closed in the end. No round does anything: nothing is wanted."""
    monkeypatch.setenv("XDG_DATA_HOME", app.environ["XDG_DATA_HOME"])
    made = []

    def begin(address=("127.0.0.1", 0)):
        said = []
        served = ServedProject(app, Who(name="server"), address, public=False, say=said.append)
        served.said = said
        made.append(served)
        served.begin()
        return served

    yield begin
    for served in made:
        served.close()


def write(app, text):
    (app.directory / "holkas.yaml").write_text(text)


def environments(served):
    return [stage.name for stage in served.project.definition.stages]


MORE = CONFIG + "  - {name: prod, destination: run/prod}\n"


def test_a_good_one_counts_from_then_on(app, serve):
    served = serve()
    write(app, MORE)
    served.step()
    served.step()
    assert environments(served) == ["dev", "prod"]
    assert served.rounds._project is served.project
    assert served.said == ["serving, without webhooks", "holkas.yaml has changed and was read again"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (CONFIG + "  - {name: dev, destination: run/dev}\n", "C005"),
        (CONFIG + "  - [\n", "Y"),
        (CONFIG + "tools: {automation-agent: robot}\n", "robot"),
        (CONFIG + "feedback: [{notifier: pigeon}]\n", "pigeon"),
        (CONFIG + "plugins: {automation_agents: {local: {patience: soon}}}\n", "local"),
        (None, "C006"),
    ],
    ids=["twice", "no YAML", "no agent", "no notifier", "settings", "gone"],
)
def test_of_a_bad_one_it_is_said_why_and_the_one_before_stays(app, serve, text, why):
    served = serve()
    before = served.project
    if text is None:
        (app.directory / "holkas.yaml").unlink()
    else:
        write(app, text)
    served.step()
    served.step()
    assert served.project is before
    assert len(served.said) == 2
    assert served.said[1].startswith("holkas.yaml has changed and is not taken, what was read before stays: ")
    assert why in served.said[1]
    write(app, MORE)
    served.step()
    assert environments(served) == ["dev", "prod"]


def test_another_state_directory_wants_a_start(app, serve):
    app.environ["HOLKAS_STATE_DIR"] = ""
    write(app, CONFIG + f"state: {{directory: {app.directory.parent}/one}}\n")
    served = serve()
    write(app, CONFIG + f"state: {{directory: {app.directory.parent}/two}}\n")
    served.step()
    assert served.said[1].endswith("another state directory counts from the next start")


def test_webhooks_come_and_go_with_it(app, serve, monkeypatch):
    monkeypatch.setattr(serve_project, "_AGAIN", 0.0)
    served = serve()
    write(app, CONFIG + "triggers: {webhook: hooks/forge#secret}\n")
    served.step()
    assert "tried again in 0 s" in served.said[1]  # the secret is not there yet
    served.project.tools.secret_store().write("hooks/forge", {"secret": SECRET})
    served.step()
    assert served.said[-2].startswith("listening on http://127.0.0.1:")
    server = served._server
    write(app, MORE + "triggers: {webhook: hooks/forge#secret}\n")
    served.step()
    assert served._server is server
    write(app, MORE)
    served.step()
    assert served._server is None


def test_an_address_that_other_machines_reach_wants_to_be_meant(app, serve):
    served = serve(("0.0.0.0", 0))
    write(app, CONFIG + "triggers: {webhook: hooks/forge#secret}\n")
    served.project.tools.secret_store().write("hooks/forge", {"secret": SECRET})
    served.step()
    assert "not an address of this machine alone" in served.said[1]
    with pytest.raises(CommandError):
        serve(("0.0.0.0", 0))


def test_what_is_only_touched_has_not_changed(app):
    files = ConfigFiles(app)
    path = app.directory / "holkas.yaml"
    os.utime(path, ns=(1, 1))
    assert not files.changed()
    path.write_text(MORE)
    assert files.changed()
    assert not files.changed()
    user = app.directory.parent / ".config" / "holkas"
    user.mkdir(parents=True)
    (user / "holkas.yaml").write_text("run: {progress: quiet}\n")
    assert files.changed()
    path.unlink()
    assert files.changed()
