"""T614 and T804: the first line of a script."""

from __future__ import annotations

from holkas.model.code import CodeDoc
from holkas.model.edit import Edit
from holkas.model.finding import Severity

from holkas_compat.tekton.lint.rules.parts import ContainerPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule

ASSUMED = "#!/bin/sh\nset -e\n"
"""What Tekton puts before a script without ``#!`` (docs/tasks.md, "Running scripts within Steps")."""


def _late(part: ContainerPart) -> Hits:
    script = part.script
    begun = script.lstrip()
    if begun != script and begun.startswith("#!"):
        path = (*part.path, "script")
        message = f"the script of {part.label} has something before its #!, so that line is only a comment"
        yield Hit(message, path, "begin with #!", begun.partition("\n")[0], fix=(Edit.replace(path, begun),))


def _missing(part: ContainerPart) -> Hits:
    script = part.script
    if script and not script.lstrip().startswith("#!"):
        path = (*part.path, "script")
        message = (
            f"the script of {part.label} does not say which program runs it; Tekton takes /bin/sh and set -e"
        )
        yield Hit(
            message, path, "begin with #!/bin/sh and set -e", fix=(Edit.replace(path, ASSUMED + script),)
        )


LATE = Rule(
    code="T614",
    severity=Severity.WARNING,
    doc=CodeDoc(
        "Something stands before a script's #!",
        "The kernel looks for `#!` in the first two bytes. After a blank line it is not seen, Tekton puts nothing "
        "before the script because it looks past blanks, and the step fails with `exec format error`. "
        "`holkas lint --fix` removes what stands before it.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: hello}
spec:
  steps: [{name: s, image: "alpine:3.20", script: "\\n#!/bin/sh\\necho hello\\n"}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: hello}
spec:
  steps: [{name: s, image: "alpine:3.20", script: "#!/bin/sh\\n\\necho hello\\n"}]
""",
    container=_late,
)

MISSING = Rule(
    code="T804",
    severity=Severity.HABIT,
    doc=CodeDoc(
        "A script without #!",
        "Tekton then puts `#!/bin/sh` and `set -e` before it, which whoever reads the script does not see. "
        "`holkas lint --fix` writes the two lines down; nothing else changes.",
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: hello}
spec:
  steps: [{name: s, image: "alpine:3.20", script: "echo hello"}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: hello}
spec:
  steps: [{name: s, image: "alpine:3.20", script: "#!/bin/sh\\necho hello"}]
""",
    container=_missing,
)
