"""T808: params put into the text of a script."""

from __future__ import annotations

import re

from holkas.model.code import CodeDoc
from holkas.model.finding import Severity

from holkas_compat.tekton.lint.rules.parts import ContainerPart
from holkas_compat.tekton.lint.rules.rule import Hit, Hits, Rule

_PARAM = re.compile(r"\$\((?:inputs\.)?params[.\[][^()]*\)")


def _container(part: ContainerPart) -> Hits:
    found = _PARAM.search(part.script)
    if found and part.field != "spec":  # Tekton refuses it in a StepAction
        message = f"the script of {part.label} has a param put into its text, where its value is read as code"
        yield Hit(message, (*part.path, "script"), "pass it through env and quote the variable", found[0])


RULE = Rule(
    code="T808",
    severity=Severity.HABIT,
    doc=CodeDoc(
        "A param in the text of a script",
        "Tekton puts the value in unquoted before the script runs, so a value such as `$(rm -rf .)` or `a; b` is run "
        "as code; in a StepAction Tekton refuses it for that reason. Pass the value through `env` and write "
        '`"$NAME"`. Said once a script.',
    ),
    example="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: greet}
spec:
  params: [{name: who}]
  steps: [{name: s, image: "alpine:3.20", script: "#!/bin/sh\\necho hello $(params.who)"}]
""",
    near_miss="""
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: greet}
spec:
  params: [{name: who}]
  steps:
  - {name: s, image: "alpine:3.20", env: [{name: WHO, value: $(params.who)}], script: "#!/bin/sh\\necho hello $WHO"}
""",
    container=_container,
)
