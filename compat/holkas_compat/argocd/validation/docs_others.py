"""What the codes of ApplicationSets, projects and configuration mean."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.code import CodeDoc

from holkas_compat.argocd.validation import codes

APPLICATION_SET_CODES: Mapping[str, CodeDoc] = {
    codes.NO_GENERATOR: CodeDoc(
        "an entry without a generator", "The entry makes no applications. A `selector` alone is no generator."
    ),
    codes.GENERATOR_EMPTY: CodeDoc(
        "a generator that has nothing to go by",
        "`git` needs `directories` or `files`, `list` needs `elements` or `elementsYaml`.",
    ),
    codes.CHILD_GENERATORS: CodeDoc(
        "a wrong number of inner generators",
        "`matrix` combines exactly two generators, `merge` two or more. For three dimensions put a matrix into a "
        "matrix.",
    ),
    codes.MERGE_KEYS: CodeDoc(
        "merge without keys",
        "`mergeKeys` names the parameters by which the generators' results belong together.",
    ),
    codes.BAD_TEMPLATE_OPTION: CodeDoc(
        "an option that templates do not take",
        "Go templates take `missingkey=error`, `missingkey=zero`, `missingkey=invalid` and `missingkey=default`, and "
        "only with `goTemplate: true`.",
    ),
    codes.TEMPLATE_NAME: CodeDoc(
        "the template gives no name",
        "Each generated application needs a name of its own: `metadata.name` of the template, with a placeholder.",
    ),
    codes.OTHER_TEMPLATE: CodeDoc(
        "a placeholder of the other template language",
        "With `goTemplate: true` placeholders are Go templates (`{{.cluster.name}}`), without it they are plain keys "
        "(`{{cluster.name}}`). The wrong ones fail, or stay in the text as they are.",
    ),
    codes.BAD_STRATEGY: CodeDoc(
        "a strategy that does not work",
        "`type: RollingSync` takes `rollingSync.steps`; each step chooses applications by labels with `In` and "
        "`NotIn`, and `maxUpdate` is a number or a percentage. `deletionOrder: Reverse` needs RollingSync.",
    ),
}

PROJECT_CODES: Mapping[str, CodeDoc] = {
    codes.TWICE: CodeDoc(
        "an entry that stands there twice",
        "Argo CD refuses projects that name a destination, repository, namespace, role, policy, group or window "
        "twice.",
    ),
    codes.BAD_PATTERN: CodeDoc(
        "a pattern that cannot be used",
        "`!*` denies everything and is refused. A pattern that cannot be read matches nothing: brackets and braces "
        "have to be closed.",
    ),
    codes.BAD_ACCOUNT: CodeDoc(
        "a service account of a destination that cannot be used",
        "`server` and `namespace` are patterns that cannot deny; `defaultServiceAccount` is a name, or "
        "`namespace:name`.",
    ),
    codes.BAD_ROLE: CodeDoc(
        "a bad name of a role",
        "Names are of letters, digits, `-` and `_`, with a letter or digit at both ends.",
    ),
    codes.BAD_POLICY: CodeDoc(
        "a bad policy of a role",
        "A policy is `p, proj:PROJECT:ROLE, RESOURCE, ACTION, PROJECT/OBJECT, allow|deny`.",
    ),
    codes.BAD_GROUP: CodeDoc(
        "a bad name of a group", "Names with commas are put into double quotes; line breaks are not possible."
    ),
    codes.BAD_WINDOW_KIND: CodeDoc("a window that neither allows nor denies", "`kind` is `allow` or `deny`."),
    codes.BAD_SCHEDULE: CodeDoc(
        "not a cron schedule",
        "Minute, hour, day of month, month, day of week (0 or `sun` to 6 or `sat`): `0 22 * * mon-fri`. Shorthands such "
        "as `@daily` are not accepted. With one bad window Argo CD syncs no application of the project.",
    ),
    codes.BAD_WINDOW_DURATION: CodeDoc(
        "not a duration of a window", "Numbers with units, such as `1h30m`; days do not exist, write `24h`."
    ),
    codes.WINDOW_FOR_NOBODY: CodeDoc(
        "a window that applies to nothing", "A window names `applications`, `namespaces` or `clusters`."
    ),
    codes.WINDOW_TEXT: CodeDoc("the description of a window is too long", "255 characters are allowed."),
    codes.UNKNOWN_ZONE: CodeDoc(
        "a time zone that does not exist", "Argo CD takes UTC then. Names are those of IANA: `Europe/Berlin`."
    ),
    codes.NEVER_OPENS: CodeDoc(
        "a window that is never open, or always",
        "A duration of nothing never opens a window. A schedule without any day (30 February) keeps it open for ever.",
    ),
}

CONFIGURATION_CODES: Mapping[str, CodeDoc] = {
    codes.SECRET_LABEL: CodeDoc(
        "a Secret of an unknown type",
        "The label `argocd.argoproj.io/secret-type` is `repository`, `repo-creds`, `repository-write`, "
        "`repo-write-creds`, `cluster` or `scm-creds`. Argo CD does not look at others.",
    ),
    codes.CONFIG_MISSING: CodeDoc(
        "a Secret lacks a key",
        "A repository has a `url`, a cluster a `server` and should have a `name`.",
    ),
    codes.CONFIG_VALUE: CodeDoc(
        "a Secret holds a value that cannot be used",
        "Flags are `true` or `false`, the type of a repository is `git`, `helm` or `oci`, the `config` of a cluster "
        "is a JSON object.",
    ),
    codes.CONFIG_KEY: CodeDoc(
        "a Secret holds a key that Argo CD nearly reads",
        "The key looks like a misspelling of one that it reads.",
    ),
    codes.BAD_SETTING: CodeDoc(
        "a setting of argocd-cm that cannot be used",
        "Argo CD ignores it, uses its default, or does not start.",
    ),
}
