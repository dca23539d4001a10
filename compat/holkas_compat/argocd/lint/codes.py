"""The codes of linting: A5 among documents, A6 warnings, A7 deprecations, A8 habits."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.code import CodeDoc

DUPLICATE = "A501"
NOT_PERMITTED = "A502"
SAME_PLACE = "A503"
CYCLE = "A504"
UNKNOWN_PROJECT = "A505"
EMPTY_ALLOWED = "A601"
OPTION_CONFLICT = "A602"
SIGNATURE_KEYS = "A701"
MOVING_REVISION = "A801"
RANGE_OF_VERSIONS = "A802"
EVERYTHING_PERMITTED = "A803"

LINT_CODES: Mapping[str, CodeDoc] = {
    DUPLICATE: CodeDoc(
        "two documents of one kind and name",
        "Applied to one cluster the later one replaces the earlier one. Rename one of them.",
    ),
    NOT_PERMITTED: CodeDoc(
        "the project does not permit it",
        "The AppProject is among the files, and permits neither the source, the destination nor the namespace of the "
        "application. Argo CD gives it the condition `InvalidSpecError` and does not sync it. `holkas app proj check` "
        "tells the same.",
    ),
    SAME_PLACE: CodeDoc(
        "two applications keep the same resources",
        "They take the same path of the same repository, with the same options, to the same destination: each claims "
        "the resources of the other (`SharedResourceWarning`), and pruning one deletes the other's.",
    ),
    CYCLE: CodeDoc(
        "an application that contains itself",
        "The path of an app of apps holds the application's own document, or applications that lead back to it. It "
        "manages itself: deleting or pruning it takes everything along.",
    ),
    UNKNOWN_PROJECT: CodeDoc(
        "a project that is in none of the files",
        "Other AppProjects are among the files, but not the one that the application names. The name looks like a "
        "misspelling of one of them.",
    ),
    EMPTY_ALLOWED: CodeDoc(
        "an automatic sync may delete everything",
        "With `prune` and `allowEmpty` a source that renders to nothing, by mistake for instance, deletes every "
        "resource of the application without being asked.",
    ),
    OPTION_CONFLICT: CodeDoc(
        "sync options that exclude each other",
        "An option is given twice with different values, or `Replace=true` together with `ServerSideApply=true`: "
        "then Replace wins.",
    ),
    SIGNATURE_KEYS: CodeDoc(
        "signatureKeys are deprecated",
        "Argo CD 3.5 checks signatures by `sourceIntegrity`, per repository and with a mode.",
    ),
    MOVING_REVISION: CodeDoc(
        "production follows a branch",
        "The application looks like production (by its name, namespace or path), syncs automatically and has a "
        "`targetRevision` that moves: every push goes live at once. Name a tag or a commit.",
    ),
    RANGE_OF_VERSIONS: CodeDoc(
        "production follows a range of versions",
        "The application looks like production, and a new version of the chart goes live without a change in git.",
    ),
    EVERYTHING_PERMITTED: CodeDoc(
        "a project that permits everything",
        "Every repository, every destination and every cluster-wide kind: the project is no boundary. That is what "
        "the project `default` is like; name what the team needs.",
    ),
}
