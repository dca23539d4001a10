"""Names and versions as a registry takes them; the plugin through its hook; who we are for a registry."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import jsonschema
import pytest
from holkas.plugins.errors import PluginError
from holkas.roles.errors import AccessDenied, ToolError
from holkas_oci import hooks
from holkas_oci.credentials import Login, login_for
from holkas_oci.making import made
from holkas_oci.names import name_of, repository_of, tag_of, version_of
from holkas_oci.repository import OciRepository


@pytest.mark.parametrize(
    ("version", "tag"),
    [
        ("1.0", "1.0"),
        ("1.0+a", "1.0_2Ba"),
        ("1.0_a", "1.0_a"),
        ("1.0_2Ba", "1.0_5F2Ba"),
        ("x86_64", "x86_5F64"),
        (".a", "_2Ea"),
        ("-a", "_2Da"),
        ("ä", "_C3_A4"),
        ("a b/c", "a_20b_2Fc"),
    ],
)
def test_each_version_has_a_tag_of_its_own(version, tag):
    assert tag_of(version) == tag
    assert version_of(tag) == version


@pytest.mark.parametrize(
    "version", ["", "a" * 129, "sha256:" + "0" * 64, "sha256-" + "0" * 64, "content-" + "0" * 64, "a\nb"]
)
def test_what_no_tag_can_be_is_refused(version):
    with pytest.raises(ToolError):
        tag_of(version)


def test_our_own_tags_are_no_versions():
    assert version_of("content-" + "0" * 64) == version_of("sha256-" + "0" * 64) == ""


@pytest.mark.parametrize("name", ["", "App", "a//b", "../a", "a/..", "a b", "a?b", "-a", "a" * 256])
def test_a_name_that_no_registry_takes_is_refused(name):
    with pytest.raises(ToolError):
        repository_of("team", name)


def test_a_prefix_stands_before_the_name():
    assert repository_of("team/x", "web/app") == "team/x/web/app"
    assert repository_of("", "app") == "app"
    assert name_of("team", "team/web/app") == "web/app"
    assert name_of("team", "teams/app") == ""
    assert name_of("", "app") == "app"


def test_the_hook_offers_what_the_class_is(holkas_plugins):
    plugins = holkas_plugins(hooks)
    (provider,) = plugins.providers("artifact_repositories")
    with plugins.make("artifact_repositories", "oci", {"registry": "registry.example.org/team"}) as tool:
        assert isinstance(tool, OciRepository)
        assert (tool.name, tool.capabilities) == (provider.name, provider.capabilities)
    assert plugins.problems == []
    assert all(about["description"] for about in hooks.OPTIONS["properties"].values())
    for wrong in ({}, {"registry": "https://a/b"}, {"registry": "a/B"}, {"registry": "a", "user": "x"}):
        with pytest.raises(PluginError):
            plugins.make("artifact_repositories", "oci", wrong)


@pytest.mark.parametrize(
    ("options", "base"),
    [
        ({"registry": "registry.example.org/team"}, "https://registry.example.org"),
        ({"registry": "registry.example.org", "plain-http": True}, "http://registry.example.org"),
        ({"registry": "127.0.0.1:5000/team"}, "http://127.0.0.1:5000"),
        ({"registry": "localhost"}, "http://localhost"),
        ({"registry": "[::1]:5000/a"}, "http://[::1]:5000"),
        ({"registry": "localhost", "plain-http": False}, "https://localhost"),
        ({"registry": "127.0.0.1.example.org"}, "https://127.0.0.1.example.org"),
    ],
)
def test_only_this_machine_is_spoken_to_without_tls(holkas_context, options, base):
    jsonschema.validate(options, hooks.OPTIONS)
    with made(replace(holkas_context, options=options)) as tool:
        assert tool._transport.base == base


def test_certificates_that_are_not_there_are_told(holkas_context):
    with pytest.raises(ToolError, match="is not a file"):
        made(replace(holkas_context, options={"registry": "a.b", "ca-file": "none.pem"}))


def auth(user, password):
    return base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture
def config(tmp_path):
    """Writes the file of docker, and gives the environment in which it is found."""

    def config(**content):
        (tmp_path / "config.json").write_text(json.dumps(content))
        return {"DOCKER_CONFIG": str(tmp_path), "HOME": "/nowhere"}

    return config


def test_a_login_shows_no_password():
    assert "s3cr3t" not in repr(Login(username="anna", password="s3cr3t"))


def test_settings_come_before_files(config, tmp_path):
    environ = config(auths={"r": {"auth": auth("docker", "x")}}) | {"PASS": "from-variable"}
    assert login_for("r", "a", {"username": "u", "password-variable": "PASS"}, tmp_path, environ) == Login(
        username="u", password="from-variable"
    )
    (tmp_path / "password").write_text("from-file\n")
    assert (
        login_for("r", "a", {"username": "u", "password-file": "password"}, tmp_path, {}).password
        == "from-file"
    )


@pytest.mark.parametrize(
    "options",
    [
        {"username": "u"},
        {"password-variable": "NONE"},
        {"password-file": "none"},
        {"credentials-file": "broken"},
    ],
)
def test_a_password_that_is_not_there_is_told(options, tmp_path):
    (tmp_path / "broken").write_text("{")
    with pytest.raises(AccessDenied):
        login_for("r", "a", options, tmp_path, {})


def test_the_most_special_login_counts(config, tmp_path):
    environ = config(
        auths={
            "r": {"auth": auth("all", "1")},
            "r/team": {"auth": auth("team", "2")},
            "https://h": {"auth": auth("url", "3")},
        }
    )
    assert login_for("r", "team/app", {}, tmp_path, environ).username == "team"
    assert login_for("r", "other", {}, tmp_path, environ).username == "all"
    assert login_for("h", "a", {}, tmp_path, environ).username == "url"
    assert login_for("none", "a", {}, tmp_path, environ) is None


def test_podman_s_files_are_read_first(config, tmp_path):
    (tmp_path / "auth.json").write_text(json.dumps({"auths": {"r": {"auth": auth("podman", "1")}}}))
    environ = config(auths={"r": {"auth": auth("docker", "2")}})
    assert (
        login_for(
            "r", "a", {}, tmp_path, environ | {"REGISTRY_AUTH_FILE": str(tmp_path / "auth.json")}
        ).username
        == "podman"
    )
    assert (
        login_for("r", "a", {}, tmp_path, environ | {"XDG_RUNTIME_DIR": str(tmp_path)}).username == "docker"
    )


def test_a_helper_is_asked(config, tmp_path, monkeypatch):
    program = tmp_path / "docker-credential-test"
    program.write_text(
        '#!/bin/sh\nread host\n[ "$host" = r ] || exit 1\necho \'{"Username": "u", "Secret": "p"}\'\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    environ = config(credHelpers={"r": "test", "x": "../../bin/sh", "gone": "none"}, credsStore="test")
    assert login_for("r", "a", {}, tmp_path, environ) == Login(username="u", password="p")
    for host in ("x", "gone", "other"):
        assert login_for(host, "a", {}, tmp_path, environ) is None


@pytest.mark.parametrize("entry", ["%", base64.b64encode(b"nopassword").decode()])
def test_a_login_that_is_none_is_told(config, tmp_path, entry):
    with pytest.raises(AccessDenied):
        login_for("r", "a", {}, tmp_path, config(auths={"r": {"auth": entry}}))
