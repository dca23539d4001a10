"""git as version control: refs, history, files, tags, and what a hostile repository may try."""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import replace

import pytest
from holkas.plugins.provider import Context
from holkas.roles.errors import AccessDenied, Conflict, NotFound, Retryable, ToolError
from holkas_builtin.git import command as git_command
from holkas_builtin.git.command import GitProgram
from holkas_builtin.git.commits import parse_commit
from holkas_builtin.git.failures import failure
from holkas_builtin.git.names import check_path, ref_fault
from holkas_builtin.git.version_control import Git
from holkas_builtin.git.writing import Writer


def change(git, work, message, files):
    for name, text in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text)
    git("add", "-A")
    git("commit", "-q", "-m", message)
    return git("rev-parse", "HEAD")


def test_history_is_told_as_it_is(tool, git, work):
    first = git("rev-parse", "HEAD")
    second = change(git, work, "Second: ä\n\n    indented\n\nlast", {"a": "2"})
    newest, oldest = tool.log(str(work), "", "main")
    assert (newest.id, oldest.id, newest.parents) == (second, first, (first,))
    assert newest.message == "Second: ä\n\n    indented\n\nlast"
    assert tool.resolve(str(work), second).message == newest.message
    assert (newest.author.name, newest.author.email, newest.time) == (
        "Anna",
        "anna@example.org",
        1700000000.0,
    )


def test_a_branch_is_asked_for_each_time_and_a_whole_id_is_not(tool, git, work):
    before = tool.resolve(str(work), "main")
    after = change(git, work, "More", {"b": "1"})
    assert tool.resolve(str(work), "main").id == after
    assert tool.resolve(str(work)).ref == "main"
    git("update-ref", "-d", "refs/heads/main")
    assert tool.resolve(str(work), before.id).id == before.id
    with pytest.raises(NotFound):
        tool.resolve(str(work), "main")
    with pytest.raises(NotFound):
        tool.resolve(str(work))


def test_a_branch_comes_before_a_tag_and_tags_are_peeled(tool, git, work):
    first = git("rev-parse", "HEAD")
    git("tag", "-a", "-m", "One\n", "v1")
    git("tag", "light")
    git("tag", "both")
    second = change(git, work, "More", {"b": "1"})
    git("branch", "both")
    assert tool.resolve(str(work), "v1").id == first
    assert tool.resolve(str(work), "both").id == second
    assert tool.resolve(str(work), "refs/tags/both").id == first
    assert tool.resolve(str(work), "refs/tags/v1").id == first
    assert tool.resolve(str(work), "HEAD").id == second
    tags = {tag.name: (tag.revision, tag.message) for tag in tool.tags(str(work))}
    assert tags == {"v1": (first, "One"), "light": (first, ""), "both": (first, "")}


def test_a_commit_that_is_on_no_branch_is_fetched_by_its_id(tool, git, work):
    lost = change(git, work, "Lost", {"b": "1"})
    git("update-ref", "refs/pull/1/head", lost)
    git("reset", "-q", "--hard", "HEAD~1")
    assert tool.resolve(str(work), "refs/pull/1/head").id == lost


def test_files_come_as_they_are_stored(tool, git, work, tmp_path):
    (work / ".gitattributes").write_text("*.txt text eol=crlf export-ignore\n*.x filter=evil\n")
    (work / "a.txt").write_bytes(b"one\ntwo\n")
    (work / "b.x").write_bytes(b"x")
    (work / "ü b\n").write_bytes(b"odd name")
    (work / "run").write_text("#!/bin/sh\n")
    (work / "run").chmod(0o755)
    (work / "link").symlink_to("a.txt")
    change(git, work, "Files", {"deep/er/c": "c"})
    out = tmp_path / "out"
    tool.checkout(tool.resolve(str(work)), out)
    assert (out / "a.txt").read_bytes() == b"one\ntwo\n"
    assert (out / "ü b\n").read_bytes() == b"odd name"
    assert os.access(out / "run", os.X_OK)
    assert os.readlink(out / "link") == "a.txt"
    assert (out / "deep" / "er" / "c").read_text() == "c"
    assert not (out / ".git").exists()


def test_a_link_that_leaves_is_told(tool, git, work, tmp_path, caplog):
    (work / "out").symlink_to("../../etc/passwd")
    change(git, work, "Link", {"b": "1"})
    with caplog.at_level(logging.WARNING, logger="holkas.git"):
        tool.checkout(tool.resolve(str(work)), tmp_path / "out")
    assert "out" in caplog.text
    assert os.readlink(tmp_path / "out" / "out") == "../../etc/passwd"


@pytest.mark.parametrize("name", [".git", ".GIT", "..", "git~1"])
def test_a_tree_that_would_be_written_elsewhere_is_refused(tool, git, work, tmp_path, name):
    blob = git("hash-object", "-w", "--stdin", input="evil")
    inner = git("mktree", input=f"100644 blob {blob}\tconfig\n")
    raw = b"40000 " + name.encode() + b"\0" + bytes.fromhex(inner)
    (tmp_path / "raw").write_bytes(raw)
    tree = git("hash-object", "-w", "-t", "tree", "--literally", str(tmp_path / "raw"))
    commit = git("commit-tree", "-m", "Evil", tree)
    git("update-ref", "refs/heads/evil", commit)
    with pytest.raises(ToolError):
        tool.checkout(tool.resolve(str(work), "evil"), tmp_path / "out")
    assert not list((tmp_path / "out").glob("*")) if (tmp_path / "out").exists() else True


def test_submodules_are_empty_directories(tool, git, work, tmp_path):
    head = git("rev-parse", "HEAD")
    git("update-index", "--add", "--cacheinfo", f"160000,{head},module")
    git("commit", "-q", "-m", "Module")
    tool.checkout(tool.resolve(str(work)), tmp_path / "out")
    assert list((tmp_path / "out" / "module").iterdir()) == []


def test_the_users_settings_and_hooks_do_nothing(holkas_context, git, work, tmp_path, monkeypatch):
    marker = tmp_path / "ran"
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-push").write_text(f"#!/bin/sh\ntouch {marker}\n")
    (hooks / "pre-push").chmod(0o755)
    config = tmp_path / "config"
    config.write_text(f"[core]\nhooksPath = {hooks}\nfsmonitor = touch {marker}\n[commit]\ngpgSign = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    git("clone", "-q", "--bare", str(work), str(tmp_path / "bare.git"), directory=tmp_path)
    with Git(holkas_context) as tool:
        tool.commit(str(tmp_path / "bare.git"), "main", {"b": b"1"}, "More")
    assert not marker.exists()


@pytest.mark.parametrize(
    "repository",
    [
        "--upload-pack=touch /tmp/x",
        "ext::sh -c touch% /tmp/x",
        "ssh://-oProxyCommand=x/y",
        "-oProxyCommand=x:y",
        "host:-x",
        "https://exa\nmple.org/",
        "gopher://example.org/x",
        "http://[::1/x",
        "ssh://-u@example.org/x",
        "",
    ],
)
def test_a_repository_that_is_none_is_refused(tool, repository):
    with pytest.raises(ToolError):
        tool.resolve(repository, "main")


def test_a_transport_that_is_not_allowed_is_refused(holkas_context, work):
    tool = Git(replace(holkas_context, options={"protocols": ["https"]}))
    with pytest.raises(ToolError, match="allowed"):
        tool.resolve(str(work), "main")


def test_a_path_is_relative_to_the_project(tool, holkas_context, git, work):
    git("clone", "-q", "--bare", ".", str(holkas_context.project / "repo.git"))
    assert tool.resolve("repo.git", "main").repository == "repo.git"


def test_a_server_that_is_not_there_is_tried_again_later(tool):
    with pytest.raises(Retryable):
        tool.resolve("http://127.0.0.1:1/x.git", "main")


def test_something_that_is_no_repository_is_not_found(tool, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound):
        tool.resolve(str(tmp_path / "empty"), "main")


def test_many_threads_share_one_clone(tool, work, tmp_path):
    faults = []

    def read(number):
        try:
            tool.checkout(tool.resolve(str(work), "main"), tmp_path / f"out{number}")
        except ToolError as error:
            faults.append(error)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert all((tmp_path / f"out{number}" / "a").read_text() == "1" for number in range(6))


def test_a_half_made_clone_is_made_anew(tool, holkas_context, work):
    tool.resolve(str(work), "main")
    (clone,) = (holkas_context.state / "git").glob("*.git")
    (clone / "HEAD").unlink()
    clone.with_suffix(".new").mkdir()
    assert tool.resolve(str(work), "main").message == "First"


def test_git_that_takes_too_long_or_says_too_much_is_ended(tmp_path, monkeypatch):
    program = tmp_path / "git"
    program.write_text("#!/bin/sh\nyes\n")
    program.chmod(0o755)
    monkeypatch.setattr(git_command, "MAX_OUTPUT", 1 << 20)
    with pytest.raises(ToolError, match="more than"):
        GitProgram(program=str(program)).run("x", what="cannot ask")
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    with pytest.raises(Retryable, match="too long"):
        GitProgram(program=str(program), timeout=0.2).run("x", what="cannot ask")
    program.write_text("#!/bin/sh\nexec >&-; sleep 60\n")
    with pytest.raises(Retryable, match="did not end"):
        GitProgram(program=str(program), timeout=0.2).run("x", what="cannot ask")
    with pytest.raises(ToolError, match="cannot be started"):
        GitProgram(program=str(tmp_path / "none")).run("x", what="cannot ask")


def test_a_branch_that_is_taken_by_somebody_else_meanwhile_is_built_upon(
    tool, git, work, tmp_path, monkeypatch
):
    bare = tmp_path / "bare.git"
    git("clone", "-q", "--bare", str(work), str(bare), directory=tmp_path)
    push, others = Writer._push, [b"1"]

    def late(self, ref, before, made):
        if others:
            Git(elsewhere).commit(str(bare), "main", {"other": others.pop()}, "Other")
        push(self, ref, before, made)

    elsewhere = Context(project=tmp_path, state=tmp_path / "other-state")
    monkeypatch.setattr(Writer, "_push", late)
    made = tool.commit(str(bare), "main", {"mine": b"1"}, "Mine")
    assert tool.changed_paths(str(bare), made.parents[0], made.id) == {"mine"}
    assert [one.message for one in tool.log(str(bare), "", "main")] == ["Mine", "Other", "First"]
    others.append(b"2")
    with pytest.raises(Conflict):
        tool.commit(str(bare), "main", {"mine": b"2"}, "Late", expected=made.id)


def test_a_file_keeps_its_executable_bit_and_a_link_becomes_a_file(tool, git, work, tmp_path):
    (work / "run").write_text("1")
    (work / "run").chmod(0o755)
    (work / "link").symlink_to("a")
    change(git, work, "More", {"b": "1"})
    bare = tmp_path / "bare.git"
    git("clone", "-q", "--bare", str(work), str(bare), directory=tmp_path)
    made = tool.commit(str(bare), "main", {"run": b"2", "link": b"text", "a": None, "a/b": b"3"}, "Change")
    modes = {
        line.split("\t")[1]: line.split()[0]
        for line in git("ls-tree", "-r", made.id, directory=bare).splitlines()
    }
    assert modes == {"a/b": "100644", "b": "100644", "link": "100644", "run": "100755"}


def test_a_push_that_a_repository_refuses_says_so(tool, git, work):
    with pytest.raises(ToolError, match="main"):
        tool.commit(str(work), "main", {"b": b"1"}, "Into what is checked out")


def test_an_author_that_is_none_and_gits_own_files_are_refused(tool, git, work):
    from holkas.model.revision import Person

    with pytest.raises(ToolError, match="author"):
        tool.commit(str(work), "x", {"b": b"1"}, "m", author=Person(name="a\nb", email="c"))
    with pytest.raises(ToolError, match="own files"):
        tool.commit(str(work), "x", {".git/config": b"1"}, "m")


def test_names():
    assert [ref_fault(one) for one in ("main", "feature/x", "v1.0", "a-b", "@a")] == [""] * 5
    for bad in (
        "",
        "-x",
        "a b",
        "a..b",
        "a~1",
        "a^",
        "a:b",
        "a?",
        "a*",
        "a[",
        "a\\b",
        "@{-1}",
        "@",
        "a.lock",
        "a.lock/b",
        "/a",
        "a/",
        "a//b",
        ".a",
        "a/.b",
        "a.",
        "a\x7f",
    ):
        assert ref_fault(bad), bad
    assert check_path("a/b c") == "a/b c"


def test_no_credentials_are_told(holkas_context, monkeypatch):
    import http.server
    import threading

    seen = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.headers.get("Authorization"))
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("TOKEN", "s3cr3t-token")
        rule = {"url": url, "username": "anna", "variable": "TOKEN"}
        for repository, options in [
            (f"{url}/x.git", {"credentials": [rule]}),
            (url.replace("://", "://anna:s3cr3t-token@") + "/x.git", {}),
        ]:
            seen.clear()
            with pytest.raises(AccessDenied) as caught:
                Git(replace(holkas_context, options=options)).resolve(repository, "main")
            assert "s3cr3t" not in f"{caught.value} {caught.value.hint}"
            assert "Basic YW5uYTpzM2NyM3QtdG9rZW4=" in seen
        monkeypatch.delenv("TOKEN")
        with pytest.raises(AccessDenied, match="TOKEN"):
            Git(replace(holkas_context, options={"credentials": [rule]})).resolve(f"{url}/x.git", "main")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_state_that_cannot_be_written_is_told(work, tmp_path):
    (tmp_path / "state").write_text("no directory")
    tool = Git(Context(project=tmp_path, state=tmp_path / "state"))
    with pytest.raises(ToolError, match="cannot keep a clone"):
        tool.resolve(str(work), "main")


def test_a_commit_with_odd_fields_is_read_as_far_as_it_goes():
    raw = (
        b"tree 0\nparent 1\nauthor \xfc <u@x> 12 +0000\ncommitter no person\nencoding latin-1\ngpgsig -----\n x\n"
        b"\n\xe4\n\nend\n"
    )
    found = parse_commit("r", "2", raw)
    assert (found.author.name, found.author.email, found.time, found.message) == ("ü", "u@x", 0.0, "ä\n\nend")
    assert parse_commit("r", "2", raw.replace(b"latin-1", b"no-such")).author.name == "\ufffd"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("fatal: unable to access 'https://u:p@x/': Could not resolve host: x", Retryable),
        ("fatal: unable to access 'https://x/': The requested URL returned error: 503", Retryable),
        ("fatal: unable to access 'https://x/': The requested URL returned error: 403", AccessDenied),
        ("remote: Repository not found.\nfatal: repository 'https://x/' not found", NotFound),
        (
            "git@x: Permission denied (publickey).\nfatal: Could not read from remote repository.",
            AccessDenied,
        ),
        (" ! [rejected]        a -> main (stale info)\nerror: failed to push some refs", Conflict),
        (" ! [remote rejected] main -> main (pre-receive hook declined)", AccessDenied),
        ("fatal: something new", ToolError),
    ],
)
def test_what_git_says_becomes_an_error_that_says_whether_to_try_again(text, kind):
    error = failure("cannot", f"{text} s3cr3t", ["s3cr3t"])
    assert type(error) is kind
    assert "s3cr3t" not in str(error)
    assert "u:p" not in str(error)
