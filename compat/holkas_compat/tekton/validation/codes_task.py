"""Explanations of the codes for tasks, steps, sidecars and StepActions."""

from __future__ import annotations

from holkas.model.code import CodeDoc

TASK_CODES: dict[str, CodeDoc] = {
    "T201": CodeDoc("the task has no steps", "A task does its work in `steps`; there must be at least one."),
    "T202": CodeDoc(
        "no image",
        "Every step, StepAction and sidecar names the image it runs in. A step gets it from its own `image`, from "
        "`stepTemplate`, or from the StepAction that `ref` names.",
    ),
    "T203": CodeDoc(
        "script and command together",
        "A script is the command. `args` are passed to the script; `command` must go.",
    ),
    "T204": CodeDoc(
        "a field that the StepAction brings itself",
        "Beside `ref` a step may have params, a time-out, `onError` and the like, but not what the StepAction "
        "defines: image, command, args, script, workingDir, env, volumeMounts and results.",
    ),
    "T205": CodeDoc(
        "params on a step without a StepAction",
        "`params` of a step are given to the StepAction in `ref`. A plain step uses the parameters of its task.",
    ),
    "T206": CodeDoc(
        "the name of a step is not valid",
        "The step becomes a container, so its name is a DNS label: lower case letters, digits and `-`.",
    ),
    "T207": CodeDoc(
        "two steps of one name", "Names of steps must differ within a task; steps may be nameless."
    ),
    "T208": CodeDoc(
        "onError of a step is neither continue nor stopAndFail",
        "`continue` goes on with the next step after a non-zero exit code, `stopAndFail` (the default) ends the "
        "task. A parameter may stand for the word.",
    ),
    "T209": CodeDoc(
        "a mount under /tekton",
        "Tekton keeps its own files under `/tekton`; only `/tekton/home` may be mounted over. Mount elsewhere.",
    ),
    "T210": CodeDoc(
        "the name of a volume belongs to Tekton",
        "Names that start with `tekton-internal-` are those of Tekton's own volumes.",
    ),
    "T211": CodeDoc("two volumes of one name", "Names of volumes must differ within a task."),
    "T212": CodeDoc("two workspaces of one name", "Names of workspaces must differ within a task."),
    "T213": CodeDoc(
        "a workspace is mounted where something else is",
        "A workspace is mounted at `mountPath`, by default `/workspace/<name>`. Another workspace or a volumeMount "
        "of a step uses the same path.",
    ),
    "T214": CodeDoc(
        "a step or sidecar uses a workspace that the task does not declare",
        "What a step or sidecar lists under `workspaces` must be declared under `workspaces` of the task.",
    ),
    "T215": CodeDoc(
        "the name of a sidecar belongs to Tekton",
        "`tekton-log-results` is the sidecar that reads large results.",
    ),
    "T216": CodeDoc(
        "the name of a result is not valid",
        "Letters, digits, `-`, `_` and `.`; the first and the last one a letter or digit.",
    ),
    "T217": CodeDoc(
        "a result of an unknown type", "Results are of type `string` (the default), `array` or `object`."
    ),
    "T218": CodeDoc(
        "an object result without properties",
        "List the keys that the object has: `properties: {digest: {type: string}}`.",
    ),
    "T219": CodeDoc("a key of an object result is not a string", "Keys of objects can hold strings only."),
    "T220": CodeDoc(
        "the value of a task's result is not the result of a step",
        "`value` of a task's result takes over the result of a step, as `$(steps.<step>.results.<result>)`. "
        "A result that a script writes has no `value`.",
    ),
    "T221": CodeDoc(
        "a step's result where it cannot be filled in",
        "`$(steps.<step>.results.<result>)` is known only after that step ran. It is filled in in `env`, `command` "
        "and `args` (and in `when`), not in the script, the image or mounts. Pass it through `env`.",
    ),
    "T222": CodeDoc(
        "a step's artifact where it cannot be filled in",
        "`$(steps.<step>.outputs.<artifact>)` is filled in in `env`, `command`, `args` and `script` only.",
    ),
    "T223": CodeDoc(
        "parameters in the script of a StepAction",
        "Text put into a script could be run as code, so StepActions must not do it. Pass the parameter through "
        "`env` and use the variable of the environment, quoted.",
    ),
    "T224": CodeDoc(
        "a volume of a StepAction that no parameter names",
        "A StepAction has no volumes of its own: the name in `volumeMounts` is given by a parameter, and by "
        "nothing else: `name: $(params.volume)`.",
    ),
    "T225": CodeDoc(
        "the default of a parameter uses one that does not exist",
        "The default of a StepAction's parameter may refer to its other parameters only.",
    ),
    "T226": CodeDoc(
        "defaults that use each other in a circle",
        "The message names the circle. Give one of the parameters a default of its own, or none.",
    ),
}
