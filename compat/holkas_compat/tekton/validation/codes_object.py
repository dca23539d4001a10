"""Explanations of the codes for objects as such, references, features and runs."""

from __future__ import annotations

from holkas.model.code import CodeDoc

OBJECT_CODES: dict[str, CodeDoc] = {
    "T101": CodeDoc(
        "the name of the object is missing or not valid",
        "`metadata.name` has lower case letters, digits, `-` and dots between words, starts and ends with a letter "
        "or digit and has 63 characters at most: Tekton makes labels and pods' names from it. Runs may have "
        "`metadata.generateName` instead.",
    ),
    "T102": CodeDoc(
        "something required is missing",
        "The message says what. A reference needs a `name`, or a `resolver` with its `params`; a custom run needs "
        "`apiVersion` and `kind` of what it runs; a workspace binding needs the name of the claim, ConfigMap or "
        "Secret.",
    ),
    "T103": CodeDoc(
        "things that exclude each other",
        "Only one of the named fields may be set. Keep the one that says what you mean, remove the others.",
    ),
    "T104": CodeDoc(
        "nothing chosen where one thing is needed",
        "Exactly one of several fields must be set and none is: what to run, the source of a workspace, or the key "
        "of an authority.",
    ),
    "T105": CodeDoc(
        "the feature needs a higher level",
        "Tekton accepts fields by stability: `stable`, `beta` (its default) and `alpha`. The cluster sets the level "
        "with `enable-api-fields` in the ConfigMap `feature-flags`; `--api-fields` says which level to judge by.",
    ),
    "T106": CodeDoc(
        "the feature's flag is off",
        "Some alpha features have a flag of their own in the ConfigMap `feature-flags`: CEL in `when`, `enum` of "
        "parameters, artifacts, URLs as names of resolvers. `--api-fields alpha` judges with all of them on.",
    ),
    "T108": CodeDoc(
        "the field is not accepted",
        "Either Tekton has removed the feature (`resources`, `bundle`), or this cluster forbids specs inside other "
        "objects with `disable-inline-spec`. Use params, results and workspaces, the bundles resolver, or a "
        "reference by name.",
    ),
    "T109": CodeDoc(
        "a value that is none of the possible ones",
        "The field takes one of a few words, spelt exactly so, capitals included. The hint lists them.",
    ),
    "T110": CodeDoc(
        "a negative time-out",
        "A time-out is zero, which means none, or more.",
    ),
    "T111": CodeDoc(
        "a time-out is longer than the one around it",
        "`timeouts.tasks`, `timeouts.finally` and their sum must fit into `timeouts.pipeline`, and the time-out of "
        "a single task in `taskRunSpecs` into that of all tasks. `0` means no limit, so it fits only into `0`. "
        "Where nothing is set the pipeline has one hour.",
    ),
    "T112": CodeDoc(
        "a reason for a status that is not asked for",
        "`statusMessage` explains why `status` was set (to cancel the run, say). Without `status` it has no "
        "meaning.",
    ),
    "T113": CodeDoc(
        "a run that has begun cannot be pending",
        "The pending status keeps a new run from starting. Once `status.startTime` is there it is too late; cancel "
        "the run instead.",
    ),
    "T114": CodeDoc(
        "the name in a reference is not valid",
        "The name of a task, pipeline or StepAction has letters, digits, `-`, `_` and `.`, starts and ends with a "
        "letter or digit and has 63 characters at most. Beside a `resolver` a name is a URL.",
    ),
    "T116": CodeDoc(
        "something is given more than once",
        "Each parameter, workspace, step override or breakpoint may be listed once. Names of params given to runs "
        "are compared without regard to case.",
    ),
    "T117": CodeDoc(
        "an empty workspace binding",
        "The entry has neither a name nor a source. Remove it, or fill it in.",
    ),
    "T118": CodeDoc(
        "the pattern is not a regular expression",
        "`resources[].pattern` is read as in Go (RE2): no look-ahead, no look-behind, no references back.",
    ),
}
