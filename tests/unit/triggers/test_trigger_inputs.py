"""Headers, secrets and addresses on the command line."""

from __future__ import annotations

import pytest
from holkas.cli.errors import CommandError
from holkas.cli.listen import is_loopback
from holkas.cli.trigger_inputs import parse_headers, parse_secrets


def test_headers_are_spelt_as_curl_spells_them():
    assert parse_headers(["X-A: b", "x-a:c:d", "Y:"]) == (("X-A", "b"), ("x-a", "c:d"), ("Y", ""))


@pytest.mark.parametrize("word", ["X-A", ": b", "X A: b", "X-A\r\nY: b", "X-A: b\r\nY: c", "X: \x00", "ü: b"])
def test_a_header_cannot_bring_another_one(word):
    with pytest.raises(CommandError):
        parse_headers([word])


def test_secrets_come_from_variables_and_files(tmp_path):
    (tmp_path / "token").write_bytes(b"from file\n")
    words = ["hook/token=env:T", f"hook/other=file:{tmp_path / 'token'}", "a/b/c=env:T"]
    secrets = parse_secrets(words, {"T": "from env"})
    assert {key: value.reveal() for key, value in secrets.items()} == {
        ("hook", "token"): b"from env",
        ("hook", "other"): b"from file",
        ("a", "b/c"): b"from env",
    }


@pytest.mark.parametrize(
    "word",
    [
        "hook/token=s3cret",
        "hook=env:T",
        "s3cret",
        "/t=env:T",
        "hook/t=env:",
        "hook/t=exec:s3cret",
        "hook/t=env:NO",
        "hook/t=file:/nowhere/at/all",
    ],
)
def test_a_wrong_secret_is_an_error_that_does_not_show_it(word):
    with pytest.raises(CommandError) as error:
        parse_secrets([word], {"T": "x"})
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("192.0.2.1", False),
    ],
)
def test_only_this_machine_s_own_addresses_are_loopback(host, loopback):
    assert is_loopback(host) is loopback


def test_a_host_that_is_no_name_is_an_error():
    with pytest.raises(CommandError):
        is_loopback("no such host")
