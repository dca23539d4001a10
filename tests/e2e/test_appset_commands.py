"""``holkas appset`` from end to end."""

from __future__ import annotations

SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: guestbook, namespace: argocd}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
  - matrix:
      generators:
      - git: {repoURL: https://git.example.org/apps.git, revision: HEAD, files: [{path: "envs/**/config.yaml"}]}
      - clusters: {selector: {matchLabels: {env: "{{ .env }}"}}}
  strategy:
    type: RollingSync
    rollingSync: {steps: [{matchExpressions: [{key: env, operator: In, values: [dev]}]}]}
  template:
    metadata: {name: "guestbook-{{ .env }}-{{ .nameNormalized }}", labels: {env: "{{ .env }}"}}
    spec:
      project: default
      source: {repoURL: https://git.example.org/apps.git, targetRevision: HEAD, path: "{{ .path.path }}"}
      destination: {server: "{{ .server }}", namespace: guestbook}
---
apiVersion: v1
kind: Secret
metadata: {name: east, labels: {argocd.argoproj.io/secret-type: cluster, env: dev}}
stringData: {name: East_1, server: https://east.example.org}
---
apiVersion: v1
kind: Secret
metadata: {name: west, labels: {argocd.argoproj.io/secret-type: cluster, env: prod}}
stringData: {name: West, server: https://west.example.org}
"""


def prepared(shell):
    shell.file("set.yaml", SET)
    shell.file("apps/envs/dev/config.yaml", "env: dev\n")
    shell.file("apps/envs/prod/config.yaml", "env: prod\n")
    return ("appset", "generate", "set.yaml", "--repo", "https://git.example.org/apps.git=apps")


def test_generate_prints_names_and_manifests_and_the_order_of_a_rollout(shell):
    command = prepared(shell)
    said = shell(*command, "-o", "name")
    assert (said.code, said.out.split()) == (0, ["guestbook-dev-east-1", "guestbook-prod-west"])
    assert "step 1: guestbook-dev-east-1" in said.err
    assert "never synced by the set: guestbook-prod-west" in said.err
    said = shell(*command, "-o", "json")
    assert said.json["kind"] == "List"
    assert [one["spec"]["source"]["path"] for one in said.json["items"]] == ["envs/dev", "envs/prod"]
    assert shell(*command).out == shell(*command).out


def test_what_is_wrong_is_shown_where_it_is(shell):
    prepared(shell)
    shell.file("set.yaml", SET.replace("{{ .nameNormalized }}", "{{ .nope }}"))
    said = shell("appset", "generate", "set.yaml", "--repo", "https://git.example.org/apps.git=apps")
    assert said.code == 1
    assert (
        "error[A902]" in said.err
        and 'map has no entry for key "nope"' in said.err
        and "set.yaml:" in said.err
    )
    shell.file("none.yaml", "kind: Secret\n")
    assert shell("appset", "generate", "none.yaml").code == 2
    for option in ("nothing", "u=nowhere"):
        assert shell("appset", "generate", "set.yaml", "--repo", option).code == 2


def test_diff_tells_what_would_become_of_applications(shell):
    command = prepared(shell)
    shell.file("live.yaml", shell(*command).out)
    diff = ("appset", "diff", *command[2:], "--live", "live.yaml")
    same = shell(*diff)
    assert (same.code, same.out) == (0, "")
    shell.file("apps/envs/dev/config.yaml", "env: prod\n")
    changed = shell(*diff)
    assert changed.code == 2 and "duplicate name" in changed.err
    shell.file("apps/envs/dev/config.yaml", "env: dev\n")
    shell.file("set.yaml", SET.replace("namespace: guestbook}", "namespace: other}"))
    changed = shell(*diff)
    assert changed.code == 1
    assert "===== guestbook-dev-east-1: update =====" in changed.out
    assert "-    namespace: guestbook" in changed.out and "+    namespace: other" in changed.out
