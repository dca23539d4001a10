"""Files for git, ssh and docker, from the secrets of a service account (Tekton docs, auth.md)."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from holkas.model.catalog import Catalog, SecretData
from holkas.model.secret import Secret
from holkas_builtin.runner.credentials import credential_files, put_credentials


def secret(name: str, kind: str, data: dict[str, str], **annotations: str) -> SecretData:
    marks = {f"tekton.dev/{key.replace('_', '-')}": value for key, value in annotations.items()}
    values = {key: Secret(value) for key, value in data.items()}
    return SecretData(name=name, type=kind, data=values, annotations=marks)


def files(*secrets: SecretData) -> dict[str, str]:
    catalog = Catalog(
        secrets={item.name: item for item in secrets},
        service_accounts={"robot": (*(item.name for item in secrets), "lost")},
    )
    return {path: content.decode() for path, content in credential_files("robot", catalog).items()}


BASIC = {"username": "me", "password": "pass"}


def test_an_account_without_secrets_has_no_files() -> None:
    assert credential_files("nobody", Catalog()) == {}
    assert files(secret("s", "kubernetes.io/basic-auth", BASIC)) == {}
    assert files(secret("s", "Opaque", BASIC, git_0="https://x.example")) == {}


def test_git_with_a_password() -> None:
    found = files(
        secret(
            "s", "kubernetes.io/basic-auth", BASIC, git_0="https://a.example", git_1="http://b.example:8080/x"
        )
    )
    assert found[".git-credentials"] == "https://me:pass@a.example\nhttp://me:pass@b.example:8080/x\n"
    assert found[".gitconfig"].startswith("[credential]\n\thelper = store\n")
    assert '[credential "https://a.example"]\n\tusername = me\n' in found[".gitconfig"]


def test_git_with_a_key() -> None:
    data = {"ssh-privatekey": "key\n", "known_hosts": "hosts\n"}
    found = files(
        secret("one", "kubernetes.io/ssh-auth", data, git_0="a.example", git_1="b.example:2222"),
        secret("unused", "kubernetes.io/ssh-auth", data),
    )
    assert set(found) == {".ssh/id_one", ".ssh/config", ".ssh/known_hosts"}
    assert found[".ssh/id_one"] == "key\n"
    assert "HostName b.example" in found[".ssh/config"]
    assert "Port 2222" in found[".ssh/config"]
    assert "Port 22\n" in found[".ssh/config"]


def test_registries() -> None:
    own = {"auths": {"old.example": {"auth": "x"}}}
    found = files(
        secret("basic", "kubernetes.io/basic-auth", BASIC, docker_0="https://r.example"),
        secret("json", "kubernetes.io/dockerconfigjson", {".dockerconfigjson": json.dumps(own)}),
        secret("cfg", "kubernetes.io/dockercfg", {".dockercfg": '{"older.example": {"auth": "y"}}'}),
        secret("broken", "kubernetes.io/dockerconfigjson", {".dockerconfigjson": "{"}),
        secret("list", "kubernetes.io/dockerconfigjson", {".dockerconfigjson": "[]"}),
    )
    auths = json.loads(found[".docker/config.json"])["auths"]
    assert set(auths) == {"https://r.example", "old.example", "older.example"}
    assert base64.b64decode(auths["https://r.example"]["auth"]) == b"me:pass"


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    put_credentials({".ssh/id_x": b"key", ".gitconfig": b"c"}, tmp_path)
    assert (tmp_path / ".ssh" / "id_x").read_bytes() == b"key"
    assert (tmp_path / ".ssh" / "id_x").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / ".ssh").stat().st_mode & 0o777 == 0o700


def test_what_a_step_left_in_the_way_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".ssh").symlink_to(tmp_path / "elsewhere")
    put_credentials({".ssh/id_x": b"key", ".gitconfig": b"c"}, tmp_path / "home")
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (tmp_path / "elsewhere").stat().st_mode & 0o777 == 0o755
    assert (tmp_path / "home" / ".gitconfig").read_bytes() == b"c"
