"""Explanations of the codes about deliveries."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.code import CodeDoc

CODES: Mapping[str, CodeDoc] = {
    "D101": CodeDoc(
        "That is not possible with this delivery, or not for you",
        "An approval by somebody who is not an approver, of a delivery that does not wait, a promotion over an "
        "environment that was not passed, a rollback with nothing to go back to. The message says which. A refused "
        "approval is recorded. `holkas status` shows what waits where, `holkas why ENV` who has approved.",
    ),
    "D102": CodeDoc(
        "This is no release for that environment",
        "`holkas watch` read `release.json` in the configuration repository of an environment, and it is not what a "
        "delivery commits: another project or environment, a missing file, a file that was changed. The environment "
        "stays as it is. Deliver again, or revert the commit.",
    ),
}
