"""What the codes of rendering mean."""

from __future__ import annotations

from holkas.model.code import CodeDoc

CODES = {
    "R101": CodeDoc(
        "The Application cannot be rendered as it stands",
        "It has no name, neither `source` nor `sources`, a source without `repoURL`, or one with neither `path` nor "
        "`chart`. `holkas lint` shows the place.",
    ),
    "R102": CodeDoc(
        "A path leaves the source",
        "Paths of an Application are relative to the repository and stay inside of it; `..` may not lead out. "
        "Argo CD refuses this too.",
    ),
    "R103": CodeDoc(
        "A path does not exist",
        "There is nothing at the path, or it is a file where a directory is wanted. Look at the revision that is "
        "rendered: without `--revision` it is the working tree.",
    ),
    "R104": CodeDoc(
        "Rendering needs more than it may",
        "A render has a limit of time, of memory and of what it may give (90 seconds, 64 MiB of manifests), so that no "
        "repository can keep the machine busy for ever. Make the Application smaller.",
    ),
    "R105": CodeDoc(
        "More than one type is given",
        "A source has at most one of `helm`, `kustomize`, `directory`, `plugin`.",
    ),
    "R106": CodeDoc(
        "An override file cannot be read",
        "`.argocd-source.yaml` and `.argocd-source-<application>.yaml` beside the manifests hold a part of a source, "
        "as YAML.",
    ),
    "R107": CodeDoc(
        "A file or the output of a tool is no manifest",
        "YAML that looks like a manifest (apiVersion, kind, metadata) has to be one; a `.json` file holds one object.",
    ),
    "R108": CodeDoc(
        "A manifest has no kind, apiVersion or name",
        "No cluster would take it. Complete it, or exclude the file.",
    ),
    "R110": CodeDoc(
        "Jsonnet cannot be evaluated",
        "The message is the library's. Imports are looked for beside the file, at the application's path and in "
        "`libs`, and nowhere outside of the repository.",
    ),
    "R111": CodeDoc(
        "A value file is missing or no mapping",
        "`ignoreMissingValueFiles: true` leaves missing ones out.",
    ),
    "R112": CodeDoc("A helm parameter cannot be read", "Names are as `helm --set` takes them: `a.b[0].c`."),
    "R113": CodeDoc(
        "A reference names no file", "`$ref/path/to/values.yaml` names a file of the source with that ref."
    ),
    "R114": CodeDoc(
        "A value file is a URL",
        "It would not be the same file tomorrow. Put it into a repository and use a source with `ref`.",
    ),
    "R115": CodeDoc("A chart cannot be rendered", "The message is helm's."),
    "R116": CodeDoc(
        "A chart's dependencies are missing",
        "Charts that `Chart.yaml` names have to be in `charts/`, or be named by `file://` inside of the repository, or "
        "have an exact version, in `Chart.yaml` or in `Chart.lock`: then they are fetched. Run `helm dependency update` "
        "and commit `Chart.lock`.",
    ),
    "R117": CodeDoc(
        "There is no helm",
        "Install the library (`pip install 'holkas[helm]'`) or the program `helm`.",
    ),
    "R120": CodeDoc("A kustomization or its options cannot be read", "The message says which."),
    "R121": CodeDoc(
        "A kustomization builds upon something that is not in the source",
        "A base or file is missing, or lies elsewhere: remote ones are not fetched, because a render is made of files "
        "at fixed revisions. Vendor it.",
    ),
    "R122": CodeDoc(
        "A kustomization wants to run a program",
        "`helmCharts` runs helm. Make the chart a source of the Application.",
    ),
    "R123": CodeDoc("kustomize refuses the build", "The message is kustomize's."),
    "R124": CodeDoc(
        "There is no kustomize",
        "Install `kustomize` or `kubectl`, or `pip install 'holkas[kustomize]'`.",
    ),
    "R130": CodeDoc(
        "A config management plugin is not allowed, or failed",
        "A plugin is a program that a manifest asks for: it runs only where holkas.yaml names its command under "
        "`plugins.renderers.argocd.config_management_plugins`.",
    ),
    "R140": CodeDoc(
        "A source cannot be had",
        "The repository, the revision or the chart is not there, access is denied, or nothing fetches this kind.",
    ),
    "R141": CodeDoc(
        "No version satisfies the range", "`targetRevision` is a range, and no tag or chart lies in it."
    ),
    "R150": CodeDoc(
        "A resource comes more than once",
        "Two files or sources give the same resource. As with Argo CD the last one stays.",
    ),
    "R151": CodeDoc(
        "A chart may give something else tomorrow",
        "A template calls a function for the time or for a small random number, or R153 was allowed. Argo CD would show "
        "the Application out of sync whenever it differs. Give the value as a parameter.",
    ),
    "R152": CodeDoc(
        "The Application's name is too long for a label",
        "With `application.resourceTrackingMethod: label` every resource carries the name as a label, of which "
        "Kubernetes permits 63 characters. Choose a shorter name, or track by `annotation+label` or `annotation`.",
    ),
    "R153": CodeDoc(
        "A chart gives something else each time",
        "It was rendered twice, and the outcomes differ: a template makes up a password, a key or a certificate. Argo CD "
        "would show the Application out of sync after every render, and no difference between two revisions could be "
        "trusted. Give the value as a parameter, or make a Secret elsewhere and refer to it. `--allow-impure`, or "
        "`impure: allow` under `plugins.renderers.argocd` in holkas.yaml, renders it all the same and warns with R151.",
    ),
    "R160": CodeDoc(
        "The project does not permit the Application",
        "An AppProject of the same repository forbids its source, its destination or its namespace; Argo CD would not "
        "render it either. `holkas proj check` says what a project permits.",
    ),
    "R161": CodeDoc(
        "A sync would fail with a resource that the project does not permit",
        "An AppProject of the same repository denies the resource's kind, does not list it, or does not permit the "
        "namespace that the resource names. The manifests are right otherwise, so that they are rendered; Argo CD says "
        "the same as the result of the sync.",
    ),
}
"""Code → explanation."""
