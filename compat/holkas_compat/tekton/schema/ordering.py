"""Objects in the order in which people write Tekton's fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.manifest.ordering import ordered_as
from holkas_compat.tekton.schema.kinds import table


def ordered(obj: Mapping[str, Any]) -> dict[str, Any]:
    """A Tekton object with its fields in the customary order; nothing is added, left out or changed.

    Fields that Tekton does not know keep their order behind the known ones, and so do objects of other kinds.
    """
    schema = table(str(obj.get("kind", "")), str(obj.get("apiVersion", "")))
    return dict(obj) if schema is None else ordered_as(schema, obj)
