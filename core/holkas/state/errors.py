"""Why the state store cannot be used."""

from __future__ import annotations


class StateUnusable(Exception):
    """The state directory or its database cannot be read or written; the text is a sentence for the user."""

    exit_code = 2
    code = "S003"
    hint = "`holkas doctor` looks at it; HOLKAS_STATE_DIR names another directory"
