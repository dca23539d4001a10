"""What the codes of applications mean."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.code import CodeDoc

from holkas_compat.argocd.validation import codes

APPLICATION_CODES: Mapping[str, CodeDoc] = {
    codes.BAD_NAME: CodeDoc(
        "the object has no name, or a bad one",
        "Names are of lower case letters, digits, `-` and `.`, with a letter or digit at both ends, and of 253 "
        "characters at most.",
    ),
    codes.UNKNOWN_FINALIZER: CodeDoc(
        "a finalizer that Argo CD does not know",
        "Nobody would ever remove it, so that deleting the object never ends. To delete the resources with the "
        "application write `resources-finalizer.argocd.argoproj.io`.",
    ),
    codes.NO_SOURCE: CodeDoc(
        "the application has no source",
        "An Application has `source`, `sources` or `sourceHydrator`. Argo CD gives it the condition "
        "`InvalidSpecError`.",
    ),
    codes.SOURCE_INCOMPLETE: CodeDoc(
        "a source lacks its address or its content",
        "A source has a `repoURL` and a `path` or a `chart`; in `sources` a `ref` is enough. The condition is "
        "`InvalidSpecError`. For the root of a repository write `path: .`.",
    ),
    codes.CHART_REVISION: CodeDoc(
        "a chart without a version",
        "Charts have no default version: `targetRevision` must name a version or a range. The condition is "
        "`InvalidSpecError`.",
    ),
    codes.SEVERAL_RENDERERS: CodeDoc(
        "a source names several renderers",
        "Of `helm`, `kustomize`, `directory` and `plugin` one block chooses the renderer. With more the application "
        "cannot be rendered (`ComparisonError`). Remove those that do not apply.",
    ),
    codes.SOURCE_IGNORED: CodeDoc(
        "a source is ignored",
        "`sourceHydrator` wins over `sources`, and `sources` over `source`. What loses has no effect at all.",
    ),
    codes.BAD_REF: CodeDoc(
        "a name of a source cannot be used",
        "`ref` is of letters, digits, `_` and `-`, names one source only, and belongs to a git repository, not to a "
        "chart.",
    ),
    codes.UNKNOWN_REF: CodeDoc(
        "a file of values is in a source that does not exist",
        "In `$name/path` the name is the `ref` of another source of the application.",
    ),
    codes.DESTINATION_TWICE: CodeDoc(
        "the destination has both a name and a server",
        "They are two ways to say the same. Argo CD gives the application `InvalidSpecError`.",
    ),
    codes.DESTINATION_MISSING: CodeDoc(
        "the destination names no cluster",
        "Write `server` (`https://kubernetes.default.svc` is the cluster of Argo CD itself) or `name`.",
    ),
    codes.BAD_DURATION: CodeDoc(
        "not a duration",
        "A number of seconds, or numbers with units: `5s`, `1m30s`. Days do not exist. Argo CD sees it only when a "
        "sync failed, and then does not try again.",
    ),
    codes.UNKNOWN_OPTION: CodeDoc(
        "a sync option that does not exist",
        "Argo CD ignores options that it does not know, without a word. Names are case-sensitive.",
    ),
    codes.OPTION_VALUE: CodeDoc(
        "a sync option with a value that it does not take",
        "Options are compared as texts: `Prune=False` and `Prune = false` are not `Prune=false`, and do nothing.",
    ),
    codes.NAMESPACE_METADATA: CodeDoc(
        "managedNamespaceMetadata without CreateNamespace=true",
        "Labels and annotations are set on the namespace only by a sync that may make it.",
    ),
    codes.BAD_HISTORY: CodeDoc(
        "the limit of the history is less than 0", "0 keeps no history; without a limit 10 syncs are kept."
    ),
    codes.IGNORES_NOTHING: CodeDoc(
        "an entry of ignoreDifferences that ignores nothing",
        "It needs `jsonPointers`, `jqPathExpressions` or `managedFieldsManagers`.",
    ),
    codes.BAD_POINTER: CodeDoc(
        "not a JSON pointer",
        "JSON pointers begin with `/`: `/spec/replicas`; a `/` inside of a key is written `~1`. Paths with dots are "
        "for `jqPathExpressions`.",
    ),
    codes.BAD_VALUES: CodeDoc(
        "options of Helm that cannot be used",
        "`values` is a text that holds a YAML mapping. `valuesObject` takes the mapping itself. Helm 2 is gone.",
    ),
    codes.TWO_VALUES: CodeDoc(
        "both values and valuesObject", "`valuesObject` wins, `values` has no effect. Remove one of them."
    ),
    codes.BAD_REPLICAS: CodeDoc(
        "a count of replicas that is no number",
        "Rendering fails: `count` is a whole number, or a text of one.",
    ),
    codes.UNKNOWN_ANNOTATION: CodeDoc(
        "an annotation that Argo CD nearly has",
        "Annotations that Argo CD does not know have no effect. The name looks like a misspelling of one that has.",
    ),
    codes.BAD_ANNOTATION: CodeDoc(
        "an annotation with a value that has no effect",
        "Argo CD ignores it: a sync wave that is no number counts as 0, a resource with an unknown hook is left out.",
    ),
    codes.BAD_MANAGED_BY_URL: CodeDoc(
        "a bad address of another Argo CD",
        "`managed-by-url` takes an address that begins with http or https.",
    ),
}
