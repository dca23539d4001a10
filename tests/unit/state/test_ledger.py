"""The ledger: append-only, chained, one commit for what belongs together."""

from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from holkas.state.errors import StateUnusable
from holkas.state.ledger import FILE, Ledger, LedgerConflict
from holkas.state.ledger_entry import GENESIS, NewEntry
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(tmp_path)
    yield made
    made.close()


def forge(ledger, *statements):
    """Change the file behind the ledger's back, as somebody who knows of the triggers would."""
    with sqlite3.connect(ledger.path) as connection:
        triggers = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        ]
        for name in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


def filled(ledger, count=6):
    for number in range(count):
        ledger.append(f"s{number % 2}", "happened", {"n": number, "text": "ü"})
    return ledger


def test_entries_are_numbered_in_their_streams_and_chained_over_all(ledger):
    one, two, other = ledger.append("a", "x", {"n": 1}), ledger.append("a", "y"), ledger.append("b", "x")
    assert [one.number, two.number, other.number] == [1, 2, 1]
    assert (one.previous, two.previous, other.previous) == (GENESIS, one.hash, two.hash)
    assert list(ledger.read("a")) == [one, two]
    assert list(ledger.read("a", after=1)) == [two]
    assert list(ledger.read_all(after=1)) == [two, other]
    assert ledger.streams() == ["a", "b"]
    assert ledger.streams("b") == ["b"]
    assert ledger.last_seq() == 3


def test_a_long_stream_is_read_in_pages(ledger):
    ledger.append_all([NewEntry(stream="a", type="x", time=1, data={"n": n}) for n in range(1203)])
    assert [entry.data["n"] for entry in ledger.read("a")] == list(range(1203))
    assert ledger.verify() == []


def test_expecting_another_number_is_a_conflict_and_writes_nothing(ledger):
    ledger.append("a", "x", expected=0)
    with pytest.raises(LedgerConflict):
        ledger.append("a", "y", expected=0)
    assert ledger.append("a", "y", expected=1).number == 2
    assert ledger.last_seq() == 2


def test_entries_and_views_are_one_commit(ledger):
    def views(inside, made):
        return {"count": (inside.view("count") or 0) + len(made), "gone": None}

    new = NewEntry(stream="a", type="x", time=1.5)
    ledger.append_all([new, new], views=views)
    ledger.append_all([new], views=views)
    assert ledger.view("count") == 3

    def broken(inside, made):
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        ledger.append_all([new], views=broken)
    assert ledger.last_seq() == 3
    assert ledger.view("count") == 3


def test_views_are_found_by_the_beginning_of_their_keys(ledger):
    ledger.append_all([], views=lambda *_: {"d/1": 1, "d/2": 2, "e/1": 3})
    assert ledger.views("d/") == [("d/1", 1), ("d/2", 2)]
    assert ledger.views("d/", newest=1) == [("d/2", 2)]
    ledger.append_all([], views=lambda *_: {"d/1": None})
    assert ledger.view("d/1") is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET type = 'z'",
        "DELETE FROM entries",
        "INSERT OR REPLACE INTO entries SELECT seq, stream, number, 'z', time, data, previous, hash FROM entries",
    ],
)
def test_the_database_itself_refuses_to_change_entries(ledger, statement):
    filled(ledger)
    with sqlite3.connect(ledger.path) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert ledger.verify() == []


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ("UPDATE entries SET data = '{\"n\":7}' WHERE seq = 3", [3]),
        ("UPDATE entries SET time = time + 1 WHERE seq = 3", [3]),
        ("UPDATE entries SET data = x'00ff' WHERE seq = 3", [3]),
        ("UPDATE entries SET stream = 'zz' WHERE seq = 3", [3, 5]),
        ("DELETE FROM entries WHERE seq = 3", [4, 5]),
        ("DELETE FROM entries WHERE seq = 6", [5]),
        ("DELETE FROM entries", [0]),
        (
            "UPDATE entries SET seq = CASE seq WHEN 3 THEN -5 WHEN 5 THEN 3 END WHERE seq IN (3, 5)",
            [-5, 1, 3, 4, 6],
        ),
    ],
)
def test_a_forged_entry_is_found(ledger, statement, places):
    filled(ledger)
    forge(ledger, statement)
    found = ledger.verify()
    assert [broken.seq for broken in found] == places
    assert all(broken.message for broken in found)


def test_an_entry_that_was_put_in_between_is_found(ledger):
    filled(ledger)
    forge(
        ledger,
        "INSERT INTO entries SELECT 7, stream, number + 1, type, time, data, hash, hash FROM entries WHERE seq = 6",
    )
    assert [broken.seq for broken in ledger.verify()] == [7, 7]


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.dictionaries(st.text(), st.floats(allow_nan=False))), max_size=8
    )
)
def test_what_was_written_is_read_and_verifies(tmp_path_factory, wanted):
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    try:
        made = ledger.append_all(
            [NewEntry(stream=s, type="x", time=1, data=data) for s, data in wanted if _finite(data)]
        )
        assert list(ledger.read_all()) == made
        assert ledger.verify() == []
    finally:
        ledger.close()


def _finite(data):
    return all(abs(value) != float("inf") for value in data.values())


def test_a_receiver_is_told_from_where_it_was(ledger):
    for _ in range(3):
        ledger.append("a", "x")
    assert ledger.receivers(["a", "b"]) == {"a": 0, "b": 0}
    ledger.told("a", 3)
    ledger.told("b", 2)
    ledger.told("a", 1)  # told late: nothing comes again
    assert ledger.receivers(["b", "a"]) == {"b": 2, "a": 3}
    assert ledger.receivers(["a", "new"]) == {"a": 3, "new": 2}


def test_pages_hold_every_entry_once(ledger):
    ledger.append_all([NewEntry(stream="a", type="x", time=1, data={"n": n}) for n in range(1000)])
    assert [entry.seq for page in ledger.pages(3) for entry in page] == list(range(4, 1001))
    assert list(ledger.pages(1000)) == []


def test_a_ledger_of_version_1_tells_again_what_was_not_told(tmp_path):
    ledger = Ledger(tmp_path)
    made = [ledger.append("a", "x") for _ in range(4)]
    ledger.close()
    connection = sqlite3.connect(tmp_path / FILE)
    connection.executescript(
        "CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL);"
        "INSERT INTO receivers VALUES ('all', 30), ('some', 20); PRAGMA user_version = 1"
    )
    for place, entry in ((20, made[1]), (21, made[2]), (30, made[3])):
        row = (place, json.dumps({"id": f"{entry.hash[:32]}-0"}))
        connection.execute("INSERT INTO outbox VALUES (?, ?)", row)
    connection.commit()
    connection.close()
    again = Ledger(tmp_path)
    assert again.receivers(["all", "some"]) == {"all": 4, "some": 2}
    assert again.verify() == []
    again.close()


def test_writers_of_several_threads_and_connections_keep_one_chain(tmp_path):
    ledgers = [Ledger(tmp_path) for _ in range(3)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: ledgers[n % 3].append(f"s{n % 4}", "x", {"n": n}), range(60)))
    assert ledgers[0].last_seq() == 60
    assert ledgers[0].verify() == []
    for one in ledgers:
        one.close()


def test_a_ledger_that_is_none_is_told_in_a_sentence(tmp_path):
    (tmp_path / "ledger.db").write_bytes(b"this is no database, and long enough to be looked at" * 20)
    with pytest.raises(StateUnusable, match="ledger"):
        Ledger(tmp_path)
    with pytest.raises(StateUnusable, match="cannot be made"):
        Ledger(tmp_path / "ledger.db" / "below")


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 3)), max_size=12), st.integers(0, 40))
def test_untold_is_what_comes_behind_a_place_whoever_wrote_it(tmp_path_factory, written, place):
    root = tmp_path_factory.mktemp("ledger")
    ledgers = [Ledger(root), Ledger(root)]
    try:
        for which, count in written:
            ledgers[which].append_all([NewEntry(stream="a", type="x", time=1, data={"n": count})] * count)
            for ledger in ledgers:
                found = [entry for page in ledger.untold(place) for entry in page]
                assert found == list(ledger.read_all(place))
    finally:
        for ledger in ledgers:
            ledger.close()
