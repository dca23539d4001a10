"""Explanations of the codes for pipelines."""

from __future__ import annotations

from holkas.model.code import CodeDoc

PIPELINE_CODES: dict[str, CodeDoc] = {
    "T401": CodeDoc("an empty pipeline", "The spec says nothing; add `tasks`."),
    "T402": CodeDoc(
        "the name of a task is not valid",
        "Names of a pipeline's tasks are DNS labels: lower case letters, digits and `-`, 63 characters at most.",
    ),
    "T403": CodeDoc(
        "two tasks of one name",
        "Names of tasks must differ within a pipeline, those under `finally` included.",
    ),
    "T404": CodeDoc(
        "a task says more than once what to run",
        "Keep one of `taskRef`, `taskSpec`, `pipelineRef` and `pipelineSpec`.",
    ),
    "T405": CodeDoc(
        "a task does not say what to run",
        "Name a task with `taskRef` or write it down under `taskSpec`; at alpha a pipeline may stand there too.",
    ),
    "T406": CodeDoc(
        "a taskSpec that is a task and a custom task",
        "`apiVersion` and `kind` in a `taskSpec` mean a custom task, which has a `spec` of its own and no `steps`.",
    ),
    "T407": CodeDoc(
        "a custom task without kind or apiVersion",
        "A custom task is named by both: `apiVersion: group/version` and `kind`. A reference to a plain task has "
        "no apiVersion, and `kind: Task` or none.",
    ),
    "T408": CodeDoc(
        "onError of a task is neither continue nor stopAndFail",
        "`continue` lets the pipeline go on when the task fails, `stopAndFail` (the default) does not.",
    ),
    "T409": CodeDoc(
        "onError: continue and retries together",
        "A failure is either tried again or passed over.",
    ),
    "T410": CodeDoc(
        "tasks that wait for each other in a circle",
        "A task waits for those in `runAfter` and for those whose results it uses. None in the circle could start.",
    ),
    "T411": CodeDoc(
        "a task waits for one that does not exist",
        "`runAfter` and `$(tasks.<task>.results.…)` name tasks under `tasks` of the same pipeline. Tasks under "
        "`finally` cannot be waited for.",
    ),
    "T413": CodeDoc(
        "a task wants a workspace that the pipeline does not have",
        "A task gets the workspace that `workspace` names, or the one of its own name. The pipeline declares it "
        "under `workspaces`.",
    ),
    "T414": CodeDoc("a workspace of a task bound twice", "Each workspace of a task is bound once."),
    "T415": CodeDoc(
        "workspaces of a pipeline without a name of their own", "Each has a name, and each another."
    ),
    "T416": CodeDoc(
        "a pipeline result that is not the result of a task",
        "The value is made of `$(tasks.<task>.results.<result>)` or `$(finally.<task>.results.<result>)`; "
        "text may follow such a reference, but not stand before the first one.",
    ),
    "T417": CodeDoc(
        "too many dots in a task's result",
        "After `results` come the result and at most one key of an object.",
    ),
    "T418": CodeDoc(
        "a pipeline result from a task that does not exist",
        "`$(tasks.…)` names a task under `tasks`, `$(finally.…)` one under `finally`.",
    ),
    "T419": CodeDoc(
        "finally without tasks", "What is under `finally` runs after the tasks; there must be some."
    ),
    "T420": CodeDoc(
        "runAfter under finally",
        "All tasks under `finally` start together, when the others are done.",
    ),
    "T421": CodeDoc(
        "a result that a task under finally cannot get",
        "Tasks under `finally` can use results of those under `tasks` only, not of each other.",
    ),
    "T422": CodeDoc(
        "the status of a task outside finally",
        "`$(tasks.<task>.status)`, `$(tasks.<task>.reason)` and `$(tasks.status)` are known when all tasks are "
        "done, so only tasks under `finally` can use them.",
    ),
    "T423": CodeDoc(
        "the status of a task that does not exist",
        "`$(tasks.<task>.status)` names a task under `tasks` of the pipeline.",
    ),
    "T424": CodeDoc("an empty when expression", "It has `input`, `operator` and `values`, or `cel`."),
    "T425": CodeDoc("an unknown operator", "When expressions know `in` and `notin`."),
    "T426": CodeDoc("a when expression without values", "`values` lists at least one value to compare with."),
    "T427": CodeDoc("CEL and input in one when expression", "Write two expressions: all of them must hold."),
    "T428": CodeDoc(
        "a CEL expression that cannot be compiled",
        "Tekton fills its variables in as text before CEL sees them, so they stand in quotes: "
        "`'$(params.branch)' == 'main'`. CEL itself knows no variables here, and never mixes types.",
    ),
    "T429": CodeDoc(
        "a matrix with too many runs",
        "The runs are the product of the arrays' lengths, plus those that `include` adds. Clusters allow 256 "
        "unless `default-max-matrix-combinations-count` says otherwise.",
    ),
    "T431": CodeDoc(
        "a parameter from params and from the matrix",
        "A parameter is the same for all runs of the matrix (`params`) or different (`matrix`), not both.",
    ),
    "T432": CodeDoc(
        "one result out of a matrix",
        "Every run of a matrix gives a result, so a later task gets the array of all of them: "
        "`$(tasks.<task>.results.<result>[*])`.",
    ),
    "T433": CodeDoc(
        "a matrix whose results are not strings",
        "The results of all runs become an array of strings, so each must be of type string.",
    ),
}
