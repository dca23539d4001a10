"""Codes of findings that need more than one document: T50x and T51x of linting, T52x of loading for a run."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.code import CodeDoc

DUPLICATE = "T501"
UNKNOWN_REFERENCE = "T502"
RESOLVER = "T503"
MISSING_PARAM = "T504"
PARAM_TYPE = "T505"
EXTRA_PARAM = "T506"
UNKNOWN_RESULT = "T507"
UNDECLARED_WORKSPACE = "T508"
MISSING_WORKSPACE = "T509"
OPTIONAL_WORKSPACE = "T510"
MISSING_KEYS = "T511"
UNKNOWN_TASK_RUN_SPEC = "T512"
CUSTOM_TASK = "T513"
BAD_KUBERNETES_DATA = "T514"
NO_V1_FORM = "T515"
NOTHING_TO_RUN = "T520"
SEVERAL_TO_RUN = "T521"
UNKNOWN_PARAM = "T522"
PARAM_VALUE = "T523"
UNKNOWN_WORKSPACE = "T524"
EMPTY_WORKSPACE = "T525"
PARAM_WITHOUT_VALUE = "T526"
IGNORED_DOCUMENT = "T527"

LINT_CODES: Mapping[str, CodeDoc] = {
    DUPLICATE: CodeDoc(
        "Two documents have the same kind and name",
        "Applied to a cluster the later one would replace the earlier one, and two runs of one "
        "name cannot be created. holkas uses the first. Rename one of them, or give runs a "
        "`generateName`.",
    ),
    UNKNOWN_REFERENCE: CodeDoc(
        "A reference names a document that is not there",
        "A `taskRef`, `pipelineRef` or a step's `ref` is looked up among the documents given to "
        "holkas: those of the same file, or of all files on the command line. Correct the name, "
        "or give the file that has the document too. On a cluster the run would end with "
        "`CouldntGetTask` or `CouldntGetPipeline`.",
    ),
    RESOLVER: CodeDoc(
        "A resolver does not find what a reference means",
        "Resolvers (git, bundles, hub, http, cluster) fetch the task or pipeline from elsewhere. "
        "The message says what went wrong, and begins with the reason with which Tekton would end "
        "the run. With `--offline` only what was found before can be used. Correct the params, or "
        "put the document into the same file and refer to it by name.",
    ),
    MISSING_PARAM: CodeDoc(
        "A param without a default is not given",
        "The task or pipeline declares the param without a `default`, so whoever uses it must "
        "pass a value. Tekton accepts the documents one by one and fails the run "
        "(`ParameterMissing`, `PipelineValidationFailed`). Pass the param, or declare a default.",
    ),
    PARAM_TYPE: CodeDoc(
        "A param's value has another type than the param",
        "Params are strings, arrays of strings or objects with string values. Tekton does not "
        "convert between them and fails the run (`ParameterTypeMismatch`). A whole array is "
        "passed on as `$(params.name[*])`; a matrix gives each run one string.",
    ),
    EXTRA_PARAM: CodeDoc(
        "A param is passed that is not declared",
        "Tekton allows it and ignores the value unless it is used as a propagated param. Often it "
        "is a misspelling.",
    ),
    UNKNOWN_RESULT: CodeDoc(
        "A result is used that its task does not declare",
        "`$(tasks.NAME.results.RESULT)` can only work if the task has RESULT among its `results`. "
        "Tekton refuses the run with `InvalidTaskResultReference` or "
        "`InvalidPipelineResultReference`.",
    ),
    UNDECLARED_WORKSPACE: CodeDoc(
        "A workspace is passed to a task that does not declare it",
        "The names under a pipeline task's `workspaces` are those of the task's own declaration. "
        "Tekton fails the TaskRun with `TaskRunValidationFailed`.",
    ),
    MISSING_WORKSPACE: CodeDoc(
        "A required workspace is not given",
        "A task or pipeline declares the workspace without `optional: true`, and nothing is bound "
        "to it. Tekton refuses the run (`InvalidWorkspaceBindings`, `TaskRunValidationFailed`).",
    ),
    OPTIONAL_WORKSPACE: CodeDoc(
        "An optional workspace of the pipeline is required by a task",
        "The run may leave the pipeline's workspace out, but the task cannot do without. Tekton "
        "refuses the run with `RequiredWorkspaceMarkedOptional`. Make both optional, or neither.",
    ),
    MISSING_KEYS: CodeDoc(
        "An object lacks keys that are declared",
        "A param of type object names its keys under `properties`. Every key needs a value, given "
        "or in the default; Tekton fails the run with `ObjectParameterMissKeys`.",
    ),
    UNKNOWN_TASK_RUN_SPEC: CodeDoc(
        "taskRunSpecs names a task that the pipeline does not have",
        "Tekton refuses the run with `InvalidTaskRunSpecs`.",
    ),
    CUSTOM_TASK: CodeDoc(
        "A custom task that nobody serves",
        "A reference with `apiVersion` and `kind` makes Tekton create a CustomRun, which a "
        "controller on the cluster carries out. Here a plugin does, which offers the kind through the hook "
        "`holkas_custom_tasks`; none of the installed ones does.",
    ),
    BAD_KUBERNETES_DATA: CodeDoc(
        "The data of a ConfigMap or Secret cannot be read",
        "`data` of a ConfigMap and `stringData` of a Secret hold strings, `binaryData` and a "
        "Secret's `data` strings in base64. Kubernetes refuses anything else.",
    ),
    NO_V1_FORM: CodeDoc(
        "A document of an older version has no v1 form",
        "Tekton stores every object in v1 and refuses one that it cannot convert. The message names "
        "what stands in the way.",
    ),
    NOTHING_TO_RUN: CodeDoc(
        "There is nothing to run in these documents",
        "holkas runs every PipelineRun and TaskRun of a file, or the one Pipeline or Task in it.",
    ),
    SEVERAL_TO_RUN: CodeDoc(
        "Several pipelines or tasks could be run",
        "The file has no PipelineRun or TaskRun, and more than one Pipeline (or Task) that "
        "nothing in it refers to. Name the one to run.",
    ),
    UNKNOWN_PARAM: CodeDoc(
        "A param given on the command line is not known",
        "What is run neither declares a param of this name nor is given one in the file.",
    ),
    PARAM_VALUE: CodeDoc(
        "A param given on the command line does not fit its type",
        'An array is given as a JSON list (`-p names=\'["a","b"]\'`) or with commas (`-p '
        "names=a,b`), an object as a JSON object.",
    ),
    UNKNOWN_WORKSPACE: CodeDoc(
        "A workspace given on the command line is not known",
        "What is run neither declares a workspace of this name nor binds one in the file.",
    ),
    EMPTY_WORKSPACE: CodeDoc(
        "A workspace was given an empty directory",
        "A Pipeline or Task that is run without a run document gets an empty directory "
        "(`emptyDir`) for each required workspace that the command line does not bind. Bind it "
        "with `-w name=NAME,…` to use another.",
    ),
    PARAM_WITHOUT_VALUE: CodeDoc(
        "A param needs a value to run this",
        "The Pipeline or Task declares the param without a default. Give it with `-p NAME=VALUE`.",
    ),
    IGNORED_DOCUMENT: CodeDoc(
        "A document that the run refers to is ignored",
        "Of Kubernetes' own kinds holkas uses ConfigMaps, Secrets, PersistentVolumeClaims and "
        "ServiceAccounts. Other kinds have no effect on a local run.",
    ),
}
