"""Explanations of the state store's codes."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.code import CodeDoc

CODES: Mapping[str, CodeDoc] = {
    "S001": CodeDoc(
        "The state store was written by a newer holkas",
        "An older holkas does not know the newer tables and will not touch them. Use the newer one, or "
        "point `HOLKAS_STATE_DIR` to another directory.",
    ),
    "S002": CodeDoc(
        "No run has this id or name",
        "Runs go by their id, by their name (the newest one counts) or by `latest`. `holkas runs list` shows "
        "the runs that are kept; `holkas runs prune` removes old ones.",
    ),
    "S003": CodeDoc(
        "The state cannot be read or written",
        "holkas keeps runs in a directory of its own: an SQLite database and a directory for each run. The "
        "message says what is wrong with it: no permission, a full disk, a file in its place, a damaged "
        "database. Mend that, or point `HOLKAS_STATE_DIR` to another directory.",
    ),
    "S004": CodeDoc(
        "Somebody else wrote to the ledger first",
        "Two commands decided about the same thing at the same time, and the other one was faster. Nothing of "
        "this one was done. Run it again: it then sees what the other one did.",
    ),
}
