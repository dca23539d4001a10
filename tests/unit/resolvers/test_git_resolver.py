"""The resolver git, with repositories on this machine and the version control that is installed."""

import pytest
from holkas.extensions.resolver import MAX_SIZE, ResolverRefused, ResolverRequest
from holkas.model.secret import Secret
from holkas.plugins import Context
from holkas.plugins.manager import PluginManager
from holkas.roles.errors import AccessDenied, NotFound, ToolError
from holkas_builtin.resolvers.git import GitResolver

from tests.elsewhere import Repository
from tests.file_server import serving

TASK = "kind: Task\n"


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "repository")


def git(tmp_path, **options):
    manager = PluginManager.for_project(tmp_path, {}, tmp_path / "state")
    return GitResolver(Context(options=options, project=tmp_path, state=tmp_path / "state", plugins=manager))


def wanted(url, revision="main", path="a/task.yaml", **more):
    fields = {"url": str(url), "revision": revision, "path": path}
    return ResolverRequest(resolver="git", fields=fields, **more)


def test_a_branch_a_tag_and_a_commit_give_their_file_and_the_commit(repository, tmp_path):
    first = repository.commit({"a/task.yaml": "old"})
    repository.git("tag", "-a", "-m", "v", "v1")
    second = repository.commit({"a/task.yaml": TASK})
    resolver = git(tmp_path)
    for revision, commit, text in (("main", second, TASK), ("v1", first, "old"), (first, first, "old")):
        found = resolver.resolve(wanted(repository.directory, revision))
        assert (found.content.decode(), found.source.digest) == (text, {"sha1": commit})
        assert found.source.uri == f"git+{repository.directory}"
        assert found.source.entry_point == "a/task.yaml"
    assert [resolver.pinned(wanted("u", one)) for one in (first, "main", first[:12], "A" * 40)] == [
        True,
        False,
        False,
        False,
    ]


def test_a_path_with_a_slash_before_it_and_a_link_inside_are_followed(repository, tmp_path):
    (repository.directory / "link.yaml").symlink_to("a/task.yaml")
    repository.commit({"a/task.yaml": TASK})
    resolver = git(tmp_path)
    found = resolver.resolve(wanted(repository.directory, path="/a/task.yaml"))
    assert (found.content.decode(), found.source.entry_point) == (TASK, "/a/task.yaml")


@pytest.mark.parametrize("path", ["../task.yaml", "a/../../x", ".git/config", "/", "", "a//b"])
def test_paths_that_leave_the_repository_are_refused(path, tmp_path):
    with pytest.raises(ResolverRefused, match="no path inside"):
        git(tmp_path).resolve(wanted("/nowhere", path=path))


def test_a_link_that_leaves_is_not_followed(repository, tmp_path):
    (tmp_path / "outside").write_text("secret")
    (repository.directory / "task.yaml").symlink_to(tmp_path / "outside")
    repository.commit({})
    with pytest.raises((ResolverRefused, ToolError)) as error:
        git(tmp_path).resolve(wanted(repository.directory, path="task.yaml"))
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "revision"), [("--upload-pack=touch x", "main"), ("u", "--output=x"), ("ext::sh -c x", "main")]
)
def test_nothing_becomes_an_option_or_a_program(url, revision, tmp_path):
    with pytest.raises((ResolverRefused, ToolError)):
        git(tmp_path).resolve(wanted(url, revision))


def test_what_is_not_there_is_told(repository, tmp_path):
    repository.commit({"a/task.yaml": TASK, "big": "x" * (MAX_SIZE + 1)})
    resolver = git(tmp_path)
    with pytest.raises(NotFound, match="no branch, tag or revision 'none'"):
        resolver.resolve(wanted(repository.directory, "none"))
    with pytest.raises((ResolverRefused, NotFound), match=r"b\.yaml"):
        resolver.resolve(wanted(repository.directory, path="b.yaml"))
    with pytest.raises((ResolverRefused, NotFound)):
        resolver.resolve(wanted(repository.directory, path="a"))
    with pytest.raises(ResolverRefused, match="more than 4 MiB"):
        resolver.resolve(wanted(repository.directory, path="big"))


def test_a_mirror_is_asked_and_the_address_that_was_written_is_recorded(repository, tmp_path):
    repository.commit({"a/task.yaml": TASK})
    mirrors = [
        {"url": "https://git.example/", "to": "/nowhere/"},
        {"url": "https://git.example/x.git", "to": str(repository.directory)},
    ]
    found = git(tmp_path, mirrors=mirrors).resolve(
        wanted("https://u:p@git.example/x.git".replace("u:p@", ""))
    )
    assert found.source.uri == "git+https://git.example/x.git"


def test_a_token_goes_to_the_server_and_into_no_message(repository, tmp_path):
    repository.commit({"a/task.yaml": TASK})
    repository.git("update-server-info")
    seen = []

    def answer(path, headers):
        seen.append(headers.get("authorization", ""))
        if headers.get("authorization") != "Basic Z2l0OnQwa2Vu":  # git:t0ken
            return 401, {"WWW-Authenticate": "Basic realm=r"}, b""
        served = repository.directory / ".git" / path.partition("?")[0].lstrip("/")
        return (200, {}, served.read_bytes()) if served.is_file() else (404, {}, b"")

    resolver = git(tmp_path)
    with serving(answer) as host:
        given = wanted(f"http://{host}/", username="git", password=Secret("t0ken"))
        found = resolver.resolve(given)
        assert found.content.decode() == TASK
        assert found.source.uri == f"git+http://{host}/"
        wrong = wanted(f"http://{host}/", username="git", password=Secret("wr0ng"))
        with pytest.raises(AccessDenied) as error:
            git(tmp_path / "other").resolve(wrong)
    assert "wr0ng" not in str(error.value)
    with pytest.raises(ResolverRefused, match="for http and https"):
        resolver.resolve(wanted("ssh://git@host/x", username="git", password=Secret("t")))


def test_without_a_version_control_it_says_so(tmp_path):
    with pytest.raises(ResolverRefused, match="no version control"):
        GitResolver(Context()).resolve(wanted("u"))
