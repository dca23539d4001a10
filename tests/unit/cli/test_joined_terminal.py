"""A terminal of ours, joined with pipes that a shell elsewhere has."""

from __future__ import annotations

import os
import pty
import select
import termios
from pathlib import Path
from types import SimpleNamespace

import pytest
from holkas.cli import terminal


@pytest.fixture
def person(monkeypatch):
    """The other side of the terminal that the command was started in."""
    ours, theirs = pty.openpty()
    stream = SimpleNamespace(fileno=lambda: theirs)
    monkeypatch.setattr(terminal, "sys", SimpleNamespace(stdin=stream, stdout=stream))
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def read_until(descriptor, text):
    seen = b""
    while text not in seen:
        assert select.select([descriptor], [], [], 60)[0], seen
        seen += os.read(descriptor, 4096)
    return seen


def is_raw(descriptor):
    return not termios.tcgetattr(descriptor)[3] & termios.ICANON


@pytest.mark.parametrize("first", [b"r", b"c"])
def test_letters_go_both_ways(person, first):
    ours, theirs = person
    with terminal.joined_terminal() as place:
        lines, columns = Path(place, "size").read_text().split()
        assert (int(lines) > 0, int(columns) > 0) == (True, True)
        out = os.open(f"{place}/out", os.O_WRONLY)
        typed = os.open(f"{place}/in", os.O_RDONLY)
        os.write(out, first + b"$ ")
        assert read_until(ours, b"$ ") == b"$ "
        assert is_raw(theirs) == (first == b"r")
        os.write(ours, b"ls\n")
        assert read_until(typed, b"ls") == b"ls\n"
        os.write(out, b"bye\n")
    assert b"bye" in read_until(ours, b"bye"), "what was printed at the end is shown"
    assert not is_raw(theirs)
    assert not os.path.exists(place)
    os.close(out)
    os.close(typed)


def test_the_end_of_what_is_typed_ends_the_shell(person):
    ours, _ = person
    with terminal.joined_terminal() as place:
        typed = os.open(f"{place}/in", os.O_RDONLY)
        os.write(ours, b"\x04")
        assert read_until(typed, b"exit\n") == b"exit\n"
        os.close(typed)
