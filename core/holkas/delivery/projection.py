"""From new entries to the views that change with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from holkas.delivery import board
from holkas.delivery import event_types as on
from holkas.delivery.board import Read, Rows

_STAGES = (on.PASSED, on.FINISHED)


class Recorded(Protocol):
    """An entry of the ledger, as far as this needs it."""

    @property
    def type(self) -> str:
        """What happened."""
        ...

    @property
    def time(self) -> float:
        """Seconds since the epoch."""
        ...

    @property
    def data(self) -> Mapping[str, Any]:
        """What there is to say."""
        ...


def projected(read: Read, entries: Iterable[Recorded]) -> Rows:
    """The rows that change. read: gives a row as it is now, or None. Every entry names its project."""
    rows: Rows = {}
    known: set[str] = set()
    good: dict[str, Any] = {}

    def row(key: str, fresh: dict[str, Any] | None = None) -> dict[str, Any] | None:
        if key not in rows:
            found = read(key)
            if found is not None:
                known.add(key)
            if fresh is not None and "good" in fresh:
                aside = _aside(key)
                good[aside] = read(aside) or []
                found = found and {**found, "good": good[aside]}
            rows[key] = found or fresh
        kept: dict[str, Any] | None = rows[key]
        return kept

    for entry in entries:
        data, project = entry.data, entry.data["project"]
        if environment := data.get("environment"):
            found = row(board.board_key(project, environment), board.new_row(environment))
            assert found is not None
            board.fold_environment(found, entry.type, data, entry.time)
        if entry.type.startswith("notice."):
            _notice(rows, row, entry)
        elif number := data.get("delivery"):
            if entry.type == on.REQUESTED:
                _requested(rows, row, entry)
            _delivery(rows, row, entry, project, number)
        if entry.type in (on.OPERATION_STARTED, on.OPERATION_FINISHED):
            _operation(rows, row, entry)
        if entry.type in (on.RELEASE_APPLIED, on.RELEASE_FAILED):
            _pulled(rows, row, entry)
        if entry.type == on.BUILD_FINISHED and data["succeeded"]:
            built = row(board.board_key(project, on.BUILD), board.new_row(on.BUILD))
            assert built is not None
            built["failing"], built["good"] = None, [{"revision": data["revision"], "release": ""}]
    for aside, before in good.items():
        key = aside.replace("good/", "board/", 1)
        whole = dict(rows[key] or {})
        now = whole.pop("good")
        rows[key] = whole
        if now != before:
            rows[aside] = now
    return {key: value for key, value in rows.items() if value is not None or key in known}


def _aside(key: str) -> str:
    """The key of the good releases that belong to a row of the board."""
    return key.replace("board/", "good/", 1)


def _requested(rows: Rows, row: Any, entry: Recorded) -> None:
    data = entry.data
    project, number, revision = data["project"], data["delivery"], data["revision"]
    found = row(board.project_key(project), {"project": project})
    found |= {"last": max(number, found.get("last", 0)), "directory": data.get("directory", "")}
    found |= {"environments": list(data.get("environments", ())), "gates": dict(data.get("gates", {}))}
    rows[board.revision_key(project, revision["id"])] = {"delivery": number}
    rows[board.delivery_key(project, number)] = {
        "delivery": number, "revision": revision["id"], "ref": revision["ref"], "message": revision["message"],
        "author": revision["author"]["name"], "committed": revision["time"], "by": data["by"],
        "requested": entry.time, "finished": None, "outcome": "", "stage": on.BUILD, "why": "", "versions": {},
        "passed": {},
    }  # fmt: skip
    rows[board.open_key(project, number)] = {
        "delivery": number, "published": False, "place": 0, "inside": False,
        "environments": list(data.get("environments", ())),
    }  # fmt: skip


def _delivery(rows: Rows, row: Any, entry: Recorded, project: str, number: int) -> None:
    kind, data = entry.type, entry.data
    found = row(board.delivery_key(project, number))
    going = row(board.open_key(project, number))
    if found is None:
        return
    environment = data.get("environment", "")
    if kind == on.PUBLISHED:
        found["versions"] = {one["name"]: one["version"] for one in data["artifacts"]}
    elif kind in (on.ARRIVED, on.GATE_OPENED):
        found["stage"], found["why"] = environment, data.get("why", "")
    elif kind == on.PASSED:
        found["passed"][environment] = entry.time
    elif kind == on.FINISHED:
        found |= {"outcome": data["outcome"], "finished": entry.time, "why": data.get("message", "")}
        found["stage"] = data.get("stage") or found["stage"]
        rows[board.open_key(project, number)] = None
        if stage := data.get("stage"):
            _ended_at(row, entry, project, number, stage)
    elif kind == on.REOPENED:
        found |= {"outcome": "", "finished": None, "why": ""}
        rows[board.open_key(project, number)] = dict(data["open"])
    if going is not None and rows[board.open_key(project, number)] is not None:
        _on_its_way(going, kind, environment)


def _on_its_way(going: dict[str, Any], kind: str, environment: str) -> None:
    if kind in (on.PUBLISHED, on.BUILD_FINISHED):
        going["published"] = True
    elif kind in (on.ARRIVED, on.GATE_OPENED, on.PASSED) and environment in going["environments"]:
        going["place"] = going["environments"].index(environment) + (kind == on.PASSED)
        going["inside"] = kind == on.GATE_OPENED


def _ended_at(row: Any, entry: Recorded, project: str, number: int, stage: str) -> None:
    data = entry.data
    found = row(board.board_key(project, stage), board.new_row(stage))
    board.close_waiting(found, number)
    if data["outcome"] in ("failed", "refused") and found["failing"] is None:
        found["failing"] = {
            "delivery": number, "revision": data.get("revision", ""), "since": entry.time,
            "notice": data.get("notice", ""), "recipients": list(data.get("recipients", ())),
        }  # fmt: skip


def _operation(rows: Rows, row: Any, entry: Recorded) -> None:
    data = entry.data
    key = board.operation_key(data["project"], data["environment"], data["operation"])
    before = row(key) or {"failing": None}
    if entry.type == on.OPERATION_STARTED:
        rows[key] = {**before, "started": entry.time, "finished": None, "succeeded": None}
        return
    failing = None if data["succeeded"] else before["failing"] or str(entry.time)
    rows[key] = {**before, "finished": entry.time, "succeeded": data["succeeded"], "failing": failing}


def _pulled(rows: Rows, row: Any, entry: Recorded) -> None:
    data = entry.data
    key = board.pulled_key(data["project"], data["environment"])
    release = {name: data[name] for name in ("release", "revision", "head")}
    if entry.type == on.RELEASE_APPLIED:
        rows[key] = {"good": release, "failing": None}
        return
    before = row(key) or {"good": None}
    failing = {**release, "since": entry.time, "recipients": list(data["recipients"])}
    rows[key] = {**before, "failing": failing}


def _notice(rows: Rows, row: Any, entry: Recorded) -> None:
    data = entry.data
    key = board.notice_key(data["project"], data["id"])
    if entry.type == on.NOTICE_DECIDED:
        rows[key] = {**data, "left": list(data["channels"])} if data["channels"] else None
        return
    found = row(key)
    if found is not None:
        found["left"] = [channel for channel in found["left"] if channel != data["channel"]]
        if not found["left"]:
            rows[key] = None
