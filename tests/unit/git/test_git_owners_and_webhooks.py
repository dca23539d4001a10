"""Code owners and webhooks of the forges."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from holkas.model.repository_event import RepositoryEvent, RepositoryEventKind
from holkas.model.secret import Secret
from holkas.roles.errors import AccessDenied, ToolError
from holkas_builtin.git.owners import owners_of

A, B, ZERO = "a" * 40, "b" * 40, "0" * 40
SECRET = Secret("s3cr3t")


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("*", ["a", "a/b"], []),
        ("*.js", ["a.js", "d/b.js"], ["a.jsx"]),
        ("/build/", ["build/a", "build/b/c"], ["x/build/a", "build"]),
        ("docs/*", ["docs/a.md"], ["docs/b/c.md", "x/docs/a.md"]),
        ("apps/", ["apps/a", "x/apps/a"], ["apps"]),
        ("/docs/", ["docs/a", "docs/b/c"], ["x/docs/a"]),
        ("/scripts/*.sh", ["scripts/a.sh"], ["scripts/b/a.sh"]),
        ("**/logs", ["logs/a", "build/logs/b", "logs"], ["catalogs"]),
        ("a/**/b", ["a/b", "a/x/b", "a/x/y/b/c"], ["b"]),
        ("a/**", ["a/b", "a/b/c"], ["a"]),
        ("a?c", ["abc"], ["a/c", "ac"]),
        ("with\\ blank", ["with blank"], ["with"]),
        ("x[1]", ["x[1]"], ["x1"]),
        ("a**b", ["axb"], ["a/b"]),
    ],
)
def test_patterns_are_gits(pattern, matching, other):
    found = owners_of(f"{pattern} @us\n", [*matching, *other])
    assert sorted(found) == sorted(matching)


def test_the_last_rule_counts_and_may_take_owners_away():
    text = "# all\n* @all # a remark\n/secret @one\n/secret\n*.md docs@example.org @docs\n"
    assert owners_of(text, ["a", "secret", "b.md"]) == {"a": ("@all",), "b.md": ("docs@example.org", "@docs")}


def test_sections_are_each_judged_and_have_default_owners():
    text = "* @all\n[Docs][2] @writers\ndocs/ \n*.rst @rst\n^[Tests]\ntests/ @testers\n[docs]\n*.adoc @adoc\n"
    found = owners_of(text, ["docs/a", "docs/a.rst", "tests/x", "a.adoc"])
    assert found["docs/a"] == ("@all", "@writers")
    assert found["docs/a.rst"] == ("@all", "@rst")
    assert found["tests/x"] == ("@all", "@testers")
    assert found["a.adoc"] == ("@all", "@adoc")


def test_the_file_may_lie_in_four_places(tool, git, work):
    (work / "docs").mkdir()
    (work / "docs" / "CODEOWNERS").write_text("* @docs\n")
    git("add", "-A")
    git("commit", "-q", "-m", "Owners")
    assert tool.code_owners(tool.resolve(str(work)), ["x"]) == {"x": ("@docs",)}
    (work / ".github").mkdir()
    (work / ".github" / "CODEOWNERS").write_text("* @github\n")
    git("add", "-A")
    git("commit", "-q", "-m", "Owners")
    assert tool.code_owners(tool.resolve(str(work)), ["x"]) == {"x": ("@github",)}


def signed(tool, headers, payload, *, header="x-hub-signature-256", prefix="sha256="):
    body = json.dumps(payload).encode()
    digest = hmac.new(SECRET.reveal(), body, hashlib.sha256).hexdigest()
    return tool.receive({**headers, header: prefix + digest}, body, SECRET)


def test_github(tool):
    push = {
        "ref": "refs/heads/main",
        "before": ZERO,
        "after": A,
        "repository": {"clone_url": "https://x/y.git"},
    }
    headers = {"x-github-event": "push", "x-github-delivery": "1"}
    expected = RepositoryEvent(
        id="1", kind=RepositoryEventKind.PUSH, repository="https://x/y.git", ref="main", after=A
    )
    assert signed(tool, headers, push) == expected
    tag = signed(tool, headers, {**push, "ref": "refs/tags/v1"})
    assert (tag.kind, tag.ref) == (RepositoryEventKind.TAG, "v1")
    request = {"number": 7, "pull_request": {"head": {"ref": "topic", "sha": B}}}
    found = signed(tool, {**headers, "x-github-event": "pull_request"}, request)
    assert (found.kind, found.pull_request, found.ref, found.after) == ("pull-request", "7", "topic", B)
    assert signed(tool, {**headers, "x-github-event": "ping"}, {}).kind is RepositoryEventKind.PING
    assert signed(tool, {**headers, "x-github-event": "star"}, {}) is None


def test_gitea(tool):
    headers = {"x-gitea-event": "push", "x-gitea-delivery": "2"}
    push = {"ref": "refs/heads/a/b", "before": A, "after": B, "repository": {"clone_url": "https://g/y.git"}}
    found = signed(tool, headers, push, header="x-gitea-signature", prefix="")
    assert (found.id, found.ref, found.before, found.after) == ("2", "a/b", A, B)


def test_gitlab(tool):
    headers = {"x-gitlab-event": "Push Hook", "x-gitlab-token": "s3cr3t", "x-gitlab-event-uuid": "3"}
    project = {"git_http_url": "https://l/y.git"}
    push = {"object_kind": "push", "ref": "refs/heads/main", "before": A, "after": ZERO, "project": project}
    found = tool.receive(headers, json.dumps(push).encode(), SECRET)
    assert (found.id, found.repository, found.before, found.after) == ("3", "https://l/y.git", A, "")
    merge = {
        "object_kind": "merge_request",
        "object_attributes": {"iid": 4, "source_branch": "t", "last_commit": {"id": B}},
    }
    found = tool.receive(headers, json.dumps(merge).encode(), SECRET)
    assert (found.pull_request, found.ref, found.after) == ("4", "t", B)
    assert tool.receive(headers, b'{"object_kind": "note"}', SECRET) is None
    with pytest.raises(AccessDenied):
        tool.receive({**headers, "x-gitlab-token": "wrong"}, b"{}", SECRET)


def test_bitbucket(tool):
    headers = {"x-event-key": "repo:push", "x-request-uuid": "5"}
    new = {"type": "branch", "name": "main", "target": {"hash": B}}
    push = {
        "repository": {"links": {"html": {"href": "https://b/y"}}},
        "push": {"changes": [{"old": {"type": "branch", "name": "main", "target": {"hash": A}}, "new": new}]},
    }
    found = signed(tool, headers, push, header="x-hub-signature")
    assert (found.kind, found.repository, found.ref, found.before, found.after) == (
        "push",
        "https://b/y",
        "main",
        A,
        B,
    )
    gone = {"push": {"changes": [{"old": {"type": "tag", "name": "v1", "target": {"hash": A}}, "new": None}]}}
    found = signed(tool, headers, gone, header="x-hub-signature")
    assert (found.kind, found.ref, found.after) == ("tag", "v1", "")
    assert signed(tool, headers, {"push": {"changes": []}}, header="x-hub-signature") is None
    centre = {"changes": [{"ref": {"id": "refs/heads/x"}, "fromHash": A, "toHash": B}]}
    found = signed(tool, {**headers, "x-event-key": "repo:refs_changed"}, centre, header="x-hub-signature")
    assert (found.ref, found.after) == ("x", B)
    request = {"pullrequest": {"id": 6, "source": {"branch": {"name": "t"}, "commit": {"hash": B}}}}
    found = signed(tool, {**headers, "x-event-key": "pullrequest:created"}, request, header="x-hub-signature")
    assert (found.pull_request, found.ref, found.after) == ("6", "t", B)
    request = {"pullRequest": {"id": 8, "fromRef": {"displayId": "t", "latestCommit": B}}}
    found = signed(tool, {**headers, "x-event-key": "pr:opened"}, request, header="x-hub-signature")
    assert (found.pull_request, found.ref, found.after) == ("8", "t", B)
    assert (
        signed(tool, {**headers, "x-event-key": "diagnostics:ping"}, {}, header="x-hub-signature").kind
        == "ping"
    )
    assert signed(tool, {**headers, "x-event-key": "repo:fork"}, {}, header="x-hub-signature") is None


def test_what_is_not_signed_or_no_object_is_refused(tool):
    with pytest.raises(AccessDenied):
        tool.receive({"x-gitlab-token": ""}, b"{}", Secret(""))
    for body in (b"no json", b"[]"):
        digest = hmac.new(SECRET.reveal(), body, hashlib.sha256).hexdigest()
        with pytest.raises(ToolError):
            tool.receive({"x-hub-signature-256": f"sha256={digest}"}, body, SECRET)
    assert signed(tool, {"x-github-event": "push"}, {"repository": [], "ref": {}}).ref == ""
