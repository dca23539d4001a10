"""From a pipe to the log file and the followers."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest
from holkas.state.masking import Masker
from holkas_builtin.runner.streams import LogFile, Stream
from hypothesis import given
from hypothesis import strategies as st

SECRET = b"correct-horse-battery"


def written(path: Path, pieces: list[bytes], masker: Masker) -> tuple[bytes, list[str]]:
    told: list[str] = []
    log = LogFile(path.parent, path.name, masker, told.append)
    for piece in pieces:
        log.write(piece)
    log.close()
    return path.read_bytes() if path.exists() else b"", told


@given(
    st.lists(
        st.sampled_from([SECRET, b"correct-", b"horse", b"\n", b"x", b"\xff", b"correct-horse-batter"]),
        max_size=8,
    ),
    st.lists(st.integers(0, 80), max_size=6),
)
def test_a_secret_in_pieces_is_masked_as_a_whole_one(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], cuts: list[int]
) -> None:
    data = b"".join(parts)
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    pieces = [data[start:end] for start, end in pairwise(places)]
    masker = Masker([SECRET])
    kept, told = written(tmp_path_factory.mktemp("log") / "a.log", pieces, masker)
    assert SECRET not in kept
    assert kept == masker.mask(data)
    assert "\n".join(told).rstrip("\n") == kept.decode("utf-8", "replace").rstrip("\n")


def test_whole_lines_are_told_and_the_rest_at_the_end(tmp_path: Path) -> None:
    kept, told = written(tmp_path / "deep" / "a.log", [b"one\ntw", b"o\nthree", b""], Masker())
    assert kept == b"one\ntwo\nthree"
    assert told == ["one", "two", "three"]


def test_a_silent_step_leaves_no_file(tmp_path: Path) -> None:
    kept, told = written(tmp_path / "task" / "a.log", [b"", b""], Masker())
    assert (kept, told) == (b"", [])
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_text_is_kept_as_it_is(tmp_path: Path) -> None:
    data = bytes(range(256)) * 4
    kept, told = written(tmp_path / "a.log", [data], Masker())
    assert kept == data
    assert "\ufffd" in told[0]


def test_a_line_that_never_ends_is_told_in_parts(tmp_path: Path) -> None:
    kept, told = written(tmp_path / "a.log", [b"x" * 65536] * 40, Masker())
    assert len(kept) == 40 * 65536
    assert len(told) > 1
    assert "".join(told) == "x" * (40 * 65536)


def test_a_log_is_continued(tmp_path: Path) -> None:
    written(tmp_path / "a.log", [b"one\n"], Masker())
    assert written(tmp_path / "a.log", [b"two\n"], Masker())[0] == b"one\ntwo\n"


def test_a_stream_is_moved_to_the_log_and_its_copies(tmp_path: Path) -> None:
    copy = os.open(tmp_path / "copy", os.O_WRONLY | os.O_CREAT)
    log = LogFile(tmp_path, "a.log", Masker(), lambda text: None)
    stream = Stream(log, (copy,))
    os.write(stream.writer, b"out")
    assert stream.pump() is True
    os.write(stream.writer, b"put")
    stream.started()
    assert stream.pump() is False
    stream.close()
    log.close()
    os.close(copy)
    assert (tmp_path / "copy").read_bytes() == (tmp_path / "a.log").read_bytes() == b"output"


def test_a_stream_that_nobody_wrote_to_gives_everything_back(tmp_path: Path) -> None:
    log = LogFile(tmp_path, "a.log", Masker(), lambda text: None)
    stream = Stream(log)
    ends = (stream.reader, stream.writer)
    stream.close()
    log.close()
    for descriptor in ends:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)


class Endless:
    """A log that is written to again as soon as it was emptied."""

    def __init__(self) -> None:
        self.stream: Stream | None = None
        self.pieces = 0

    def write(self, data: bytes) -> None:
        self.pieces += 1
        assert self.stream is not None
        os.write(self.stream.writer, b"more")


def test_output_that_never_stops_is_left_after_a_while() -> None:
    log = Endless()
    stream = Stream(log)  # type: ignore[arg-type]  # all of a log that a stream needs
    log.stream = stream
    os.write(stream.writer, b"first")
    assert stream.pump() is True
    assert 0 < log.pieces < 100
    stream.close()
