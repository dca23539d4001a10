"""Tekton's own examples whose task is elsewhere, with a git server, a registry and a hub of the test's own.

Only addresses are changed: those of resolvers by their mirrors, those that scripts clone from in the text.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command_line import Shell
from tests.elsewhere import Registry, Repository, bundle, digest_of
from tests.file_server import serving
from tests.shared import shared

pytestmark = pytest.mark.conformance

CORPUS = shared("corpora", "tekton-examples")
FILES = (
    "v1/pipelineruns/beta/git-resolver.yaml",
    "v1/pipelineruns/beta/http-resolver-credentials.yaml",
    "v1/pipelineruns/beta/http-resolver.yaml",
    "v1/taskruns/beta/bundles-resolver.yaml",
    "v1/taskruns/beta/git-resolver.yaml",
    "v1/taskruns/beta/hub-resolver.yaml",
)
PATH = "task/git-clone/0.10/git-clone.yaml"
CLONE = """\
apiVersion: tekton.dev/v1beta1
kind: Task
metadata: {name: git-clone}
spec:
  workspaces: [{name: output}]
  params:
  - {name: url, type: string}
  - {name: revision, type: string, default: HEAD}
  - {name: deleteExisting, type: string, default: "true"}
  results: [{name: commit}]
  steps:
  - name: clone
    image: alpine/git
    script: |
      #!/bin/sh
      set -e
      git clone -q "$(params.url)" "$(workspaces.output.path)/clone"
      cd "$(workspaces.output.path)/clone"
      git checkout -q "$(params.revision)"
      git rev-parse HEAD | tr -d '\\n' > "$(results.commit.path)"
"""


@pytest.mark.parametrize("name", FILES)
def test_an_example_with_a_resolver_succeeds(name: str, tmp_path: Path) -> None:
    cloned = Repository(tmp_path / "cloned")
    commit = cloned.commit({"README": "hello"})
    cloned.git("branch", "master")
    cloned.git("update-server-info")
    catalog = Repository(tmp_path / "catalog")
    revision = catalog.commit({PATH: CLONE})
    manifest, blobs = bundle(("task", "git-clone", CLONE))
    registry = Registry(manifest, blobs)

    def answer(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        if path == "/api/v1/packages/tekton-task/tekton-catalog-tasks/git-clone/0.10.0":
            return 200, {}, json.dumps({"data": {"manifestRaw": CLONE}}).encode()
        if path == f"/raw/{PATH}":
            return 200, {}, CLONE.encode()
        served = cloned.directory / ".git" / path.partition("?")[0].removeprefix("/cloned/")
        if path.startswith("/cloned/") and served.is_file():
            return 200, {}, served.read_bytes()
        return registry(path, headers)

    with serving(answer) as host:
        text = (CORPUS / name).read_text(encoding="utf-8")
        address_of_ours = f"http://{host}/cloned"
        for address in ("kelseyhightower/nocode", "tektoncd/pipeline.git"):
            text = text.replace(f"https://github.com/{address}", address_of_ours)
        text = text.replace('value: "https://github.com/tektoncd/catalog"', f"value: {address_of_ours}")
        text = text.replace("https://github.com/tektoncd/catalog\n", f"{address_of_ours}\n")
        old = (
            "ghcr.io/tektoncd/catalog/upstream/tasks/git-clone@sha256:"
            + "65e61544c5870c8828233406689d812391735fd4100cb444bbd81531cb958bb3"
        )
        text = text.replace(old, f"{host}/tasks/git-clone@{digest_of(manifest)}")
        shell = Shell(tmp_path / "project", {"HOLKAS_RUN_EXECUTOR": "process"})
        shell.file("run.yaml", text)
        raw = "https://raw.githubusercontent.com/tektoncd/catalog/main"
        shell.file(
            "holkas.yaml",
            f"""\
            plugins:
              resolvers:
                git:
                  mirrors: [{{url: "https://github.com/tektoncd/catalog.git", to: "{catalog.directory}"}}]
                http:
                  mirrors: [{{url: "{raw}", to: "http://{host}/raw"}}]
                hub: {{artifact-hub: "http://{host}"}}
            """,
        )
        said = shell("run", "run.yaml", "-o", "json", "--progress", "quiet")
    assert said.code == 0, said.err
    found = json.loads(said.out)
    runs = found.get("items", [found])
    for run in runs:
        assert run["status"]["conditions"][0]["status"] == "True"
        children = [child["status"] for child in run["status"].get("taskRuns", {}).values()]
        for status in children or [run["status"]]:
            assert status["results"][0]["value"] == commit
            assert set(status["provenance"]["refSource"]["digest"].values()) & {
                revision,
                digest_of(manifest).partition(":")[2],
                digest_of(CLONE.encode()).partition(":")[2],
            }
