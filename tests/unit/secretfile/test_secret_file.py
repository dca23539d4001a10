"""The encrypted file: keys, rotation, tampering, and the command line over it."""

from __future__ import annotations

import base64
import io
import json
import sys
from dataclasses import replace
from threading import Thread

import pytest
from holkas.cli.main import main
from holkas.model.secret import Secret
from holkas.roles.errors import AccessDenied, Corrupt, NotFound, ToolError
from holkas_builtin.secretfile.store import SecretFile

from tests.crashes import crash_at

KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
OTHER = base64.urlsafe_b64encode(b"o" * 32).decode()


@pytest.fixture(autouse=True)
def _no_key(monkeypatch):
    monkeypatch.delenv("HOLKAS_SECRETFILE_KEY", raising=False)


@pytest.fixture
def make(holkas_context, tmp_path):
    return lambda **options: SecretFile(
        replace(holkas_context, options={"key-file": str(tmp_path / "keys" / "key"), **options})
    )


@pytest.fixture
def file(holkas_context):
    return holkas_context.state / "secrets.json"


def test_nothing_in_the_file_can_be_read(make, file, tmp_path):
    make().write("db/password", {"value": Secret("s3cr3t-word")})
    data = file.read_bytes()
    assert b"s3cr3t" not in data
    assert b"password" not in data
    for path in (file, tmp_path / "keys" / "key"):
        assert path.stat().st_mode & 0o777 == 0o600
    assert make().read("db/password").reveal() == b"s3cr3t-word"
    first = json.loads(data)
    make().write("db/password", {"value": Secret("other")})
    assert json.loads(file.read_bytes())["salt"] != first["salt"]


def test_versions_are_kept(make):
    store = make()
    for number in range(12):
        store.write("a", {"value": Secret(f"v{number}")})
        store.write("a", {"value": Secret(f"v{number}")})
    assert store.read("a", version="12").reveal() == b"v11"
    assert store.read("a", version="3").reveal() == b"v2"
    with pytest.raises(NotFound):
        store.read("a", version="2")


def test_a_changed_file_is_not_used(make, file):
    make().write("a", {"value": Secret("x")})
    fields = json.loads(file.read_bytes())
    data = bytearray(base64.b64decode(fields["data"]))
    data[0] ^= 1
    for text in (
        json.dumps({**fields, "data": base64.b64encode(data).decode()}),
        json.dumps({**fields, "salt": base64.b64encode(b"0" * 32).decode()}),
        json.dumps({**fields, "format": "x"}),
        "{",
        "[]",
    ):
        file.write_text(text)
        with pytest.raises(Corrupt):
            make().read("a")
        with pytest.raises(Corrupt):
            make().write("b", {"value": Secret("x")})
        assert make().fault()


def test_without_its_key_the_file_stays_as_it_is(make, file, tmp_path):
    make().write("a", {"value": Secret("x")})
    before = file.read_bytes()
    (tmp_path / "keys" / "key").unlink()
    for act in (lambda: make().read("a"), lambda: make().write("a", {"value": Secret("y")}), make().rotate):
        with pytest.raises(AccessDenied):
            act()
    assert file.read_bytes() == before


def test_a_key_that_others_can_read_is_not_used(make, tmp_path):
    make().write("a", {"value": Secret("x")})
    (tmp_path / "keys" / "key").chmod(0o640)
    with pytest.raises(AccessDenied, match="others"):
        make().read("a")


def test_the_variable_wins_and_may_hold_several_keys(make, monkeypatch, tmp_path):
    monkeypatch.setenv("HOLKAS_SECRETFILE_KEY", KEY)
    make().write("a", {"value": Secret("x")})
    assert not (tmp_path / "keys").exists()
    with pytest.raises(ToolError, match="in use already"):
        make().rotate()
    monkeypatch.setenv("HOLKAS_SECRETFILE_KEY", f"{OTHER},{KEY}")
    make().rotate()
    monkeypatch.setenv("HOLKAS_SECRETFILE_KEY", OTHER)
    assert make().read("a").reveal() == b"x"
    monkeypatch.setenv("HOLKAS_SECRETFILE_KEY", KEY)
    with pytest.raises(AccessDenied, match="fingerprint"):
        make().read("a")
    monkeypatch.setenv("HOLKAS_SECRETFILE_KEY", KEY[:-8])
    with pytest.raises(AccessDenied) as caught:
        make().read("a")
    assert KEY[:-8] not in f"{caught.value} {caught.value.hint}"


def test_a_new_key_of_one_file_leaves_others_readable(make):
    one, other = make(), make(file="other.json")
    one.write("a", {"value": Secret("1")})
    other.write("a", {"value": Secret("2")})
    one.rotate()
    assert (make().read("a").reveal(), make(file="other.json").read("a").reveal()) == (b"1", b"2")


def test_a_kill_at_any_moment_of_a_rotation_loses_nothing(make):
    make().write("a", {"value": Secret("x")})
    number, killed = 0, True
    while killed:
        number += 1
        killed = crash_at(number, make().rotate)
        assert make().read("a").reveal() == b"x"
    assert number > 5


def test_writers_take_turns(make):
    threads = [
        Thread(target=make().write, args=(f"n{number}", {"value": Secret("x")})) for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(make().names()) == 8


@pytest.mark.parametrize(
    ("name", "values"), [("", {"value": Secret("x")}), ("/a", {"value": Secret("x")}), ("a", {})]
)
def test_a_secret_without_a_name_or_a_value_is_refused(make, name, values):
    with pytest.raises(ToolError):
        make().write(name, values)


@pytest.fixture
def holkas(tmp_path, monkeypatch, capfdbinary):
    """Runs a command with this standard input: exit code, standard output, standard error."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOLKAS_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("HOLKAS_LOAD_PLUGINS", "holkas")
    monkeypatch.chdir(tmp_path)

    def holkas(*words, given=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        code = main(["secrets", *words])
        out, err = capfdbinary.readouterr()
        return code, out, err.decode()

    return holkas


def test_values_go_in_by_standard_input_and_out_only_when_asked(holkas):
    assert holkas("set", "db", given=b"s3cr3t\n")[0] == 0
    assert holkas("set", "db", "user", given=b"anna")[0] == 0
    assert holkas("get", "db")[:2] == (0, b"***\n")
    assert holkas("get", "db", "--reveal")[:2] == (0, b"s3cr3t")
    assert holkas("get", "db", "user", "--reveal")[1] == b"anna"
    holkas("set", "raw", "--no-trim", given=b"x\n")
    assert holkas("get", "raw", "--reveal")[1] == b"x\n"
    assert holkas("list", "-o", "name")[1] == b"db\nraw\n"
    assert b"user, value" in holkas("list")[1]
    code, out, err = holkas("rotate")
    assert (code, out) == (0, b"")
    assert "new key" in err
    assert holkas("get", "db", "--reveal")[1] == b"s3cr3t"


def test_mistakes_are_told_in_a_sentence(holkas):
    assert holkas("get", "none")[0] == 1
    assert holkas("set", "a", given=b"\n")[0] == 2
    assert holkas("set", "a", given=b"x" * (1 << 20) + b"xx")[0] == 2
    holkas("set", "a", given=b"x")
    code, _, err = holkas("delete", "a")
    assert (code, "--yes" in err) == (2, True)
    assert holkas("delete", "a", "--yes")[0] == 0
    assert holkas("list", "-o", "name")[1] == b""
    assert holkas("--store", "none", "list")[0] != 0


def test_key_and_secrets_may_lie_in_one_directory(holkas_context, tmp_path):
    options = {"file": str(tmp_path / "one" / "secrets"), "key-file": str(tmp_path / "one" / "key")}
    store = SecretFile(replace(holkas_context, options=options))
    writing = Thread(target=lambda: store.write("a", {"value": Secret("b")}), daemon=True)
    writing.start()
    writing.join(20)
    assert not writing.is_alive()
    assert store.read("a").reveal() == b"b"
