"""``holkas appset``: what it prints, and how it ends."""

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


def prepared(holkas):
    holkas.file("set.yaml", SET)
    holkas.file("apps/envs/dev/config.yaml", "env: dev\n")
    holkas.file("apps/envs/prod/config.yaml", "env: prod\n")
    return ("appset", "generate", "set.yaml", "--repo", "https://git.example.org/apps.git=apps")


def test_generate_prints_names_and_manifests_and_the_order_of_a_rollout(holkas):
    command = prepared(holkas)
    said = holkas(*command, "-o", "name")
    assert (said.code, said.out.split()) == (0, ["guestbook-dev-east-1", "guestbook-prod-west"])
    assert "step 1: guestbook-dev-east-1" in said.err
    assert "never synced by the set: guestbook-prod-west" in said.err
    said = holkas(*command, "-o", "json")
    assert said.json["kind"] == "List"
    assert [one["spec"]["source"]["path"] for one in said.json["items"]] == ["envs/dev", "envs/prod"]
    assert holkas(*command).out == holkas(*command).out


def test_what_is_wrong_is_shown_where_it_is(holkas):
    prepared(holkas)
    holkas.file("set.yaml", SET.replace("{{ .nameNormalized }}", "{{ .nope }}"))
    said = holkas("appset", "generate", "set.yaml", "--repo", "https://git.example.org/apps.git=apps")
    assert said.code == 1
    assert (
        "error[A902]" in said.err
        and 'map has no entry for key "nope"' in said.err
        and "set.yaml:" in said.err
    )
    holkas.file("none.yaml", "kind: Secret\n")
    assert holkas("appset", "generate", "none.yaml").code == 2
    for option in ("nothing", "u=nowhere"):
        assert holkas("appset", "generate", "set.yaml", "--repo", option).code == 2


def test_diff_tells_what_would_become_of_applications(holkas):
    command = prepared(holkas)
    holkas.file("live.yaml", holkas(*command).out)
    diff = ("appset", "diff", *command[2:], "--live", "live.yaml")
    same = holkas(*diff)
    assert (same.code, same.out) == (0, "")
    holkas.file("apps/envs/dev/config.yaml", "env: prod\n")
    changed = holkas(*diff)
    assert changed.code == 2 and "duplicate name" in changed.err
    holkas.file("apps/envs/dev/config.yaml", "env: dev\n")
    holkas.file("set.yaml", SET.replace("namespace: guestbook}", "namespace: other}"))
    changed = holkas(*diff)
    assert changed.code == 1
    assert "===== guestbook-dev-east-1: update =====" in changed.out
    assert "-    namespace: guestbook" in changed.out and "+    namespace: other" in changed.out


def test_diff_knows_owners_and_what_a_set_may_not_do(holkas):
    command = prepared(holkas)
    live = holkas(*command).out
    other = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: theirs\n  ownerReferences:\n"
    )
    other += "  - {kind: ApplicationSet, name: other, uid: x}\nspec: {}\n"
    gone = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: gone\nspec: {}\n"
    holkas.file("live.yaml", "---\n".join((live, other, gone)))
    diff = ("appset", "diff", *command[2:], "--live", "live.yaml")
    assert "===== gone: delete =====" in holkas(*diff).out
    policy = "spec:\n  syncPolicy: {applicationsSync: create-update}\n"
    holkas.file("set.yaml", SET.replace("spec:\n", policy, 1))
    said = holkas(*diff)
    assert said.code == 1
    assert "gone: would change, but the set is not allowed to" in said.out and "theirs" not in said.out


def test_what_comes_out_is_judged_as_argo_cd_would(holkas):
    prepared(holkas)
    holkas.file("set.yaml", SET.replace("project: default", "project: [default]"))
    said = holkas("appset", "generate", "set.yaml", "--repo", "https://git.example.org/apps.git=apps")
    assert said.code == 1
    assert "application guestbook-dev-east-1: " in said.err


def test_help_lists_the_commands(holkas):
    said = holkas("appset", "--help")
    assert "generate" in said.out and "diff" in said.out
    assert holkas("appset", "nothing").code == 2
