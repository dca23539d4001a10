"""What must be edited in a document so that it says what its conversion says."""

from __future__ import annotations

from holkas.model.edit import Edit

from holkas_compat.manifest.edits import steps_between
from holkas_compat.tekton.conversion.renaming import Object


def edits_between(old: Object, new: Object, *, types: bool = True) -> tuple[Edit, ...]:
    """The edits alone. types: also write down the types of params that conversion fills in; v1 infers them anyway.

    Raises NoEditsError.
    """
    steps = steps_between(old, new)
    return tuple(step.edit for step in steps if types or not _is_type(step.edit))


def _is_type(edit: Edit) -> bool:
    return edit.key == "type" and len(edit.path) >= 2 and edit.path[-2] == "params"
