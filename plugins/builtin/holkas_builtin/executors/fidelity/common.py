"""Fields that no executor makes a difference to: the runner and the core see to them."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.fidelity import Fidelity

from holkas_builtin.executors.fidelity.entries import WHOLE, emulated, fields, ignored, refused

_ONE_MACHINE = "There is one machine, and nothing to choose from."
_NO_CLUSTER = "It needs a cluster."
_CUSTOM = emulated(
    "A plugin runs custom tasks, in the place of a controller; without one nothing is run.", whole=True
)
_REMOVED = "Tekton has removed PipelineResources, too."
_NO_RESTARTS = "Containers of a task are never started again."
_ACCOUNT = emulated(
    "Its secrets become credentials for git and registries; there are no rights in a cluster."
)
_CLAIM = emulated("It is a directory that lasts for the run; size and class mean nothing here.", whole=True)

_KINDS = ("Task", "Pipeline", "TaskRun", "PipelineRun", "StepAction")
_CONTAINERS = ("Step", "StepTemplate", "Sidecar")


def _roots() -> Mapping[str, Fidelity]:
    found: dict[str, Fidelity] = {}
    for kind in _KINDS:
        found |= fields(kind, "apiVersion kind metadata spec")
    for kind in ("TaskRun", "PipelineRun", "CustomRun"):
        found |= fields(kind, "status", ignored("It is what became of an earlier run."))
    found |= fields("CustomRun", "apiVersion kind metadata")
    found |= fields("CustomRun", "spec", _CUSTOM)
    found |= fields("VerificationPolicy", "apiVersion kind metadata")
    found |= fields("VerificationPolicy", "spec", emulated("It holds for what resolvers find.", whole=True))
    found |= fields("ObjectMeta", "name generateName labels annotations", WHOLE)
    found |= fields("ObjectMeta", "namespace", emulated("It is a name only."))
    found |= fields("ObjectMeta", "uid", emulated("The run has an id of its own."))
    found |= fields(
        "ObjectMeta",
        "selfLink resourceVersion generation creationTimestamp deletionTimestamp deletionGracePeriodSeconds "
        "ownerReferences finalizers managedFields",
        ignored("Only the server of a cluster keeps it."),
    )
    return found


def _containers() -> Mapping[str, Fidelity]:
    found: dict[str, Fidelity] = {}
    for type_ in _CONTAINERS:
        found |= fields(type_, "name command args workingDir envFrom env volumeMounts")
        found |= fields(type_, "volumeDevices", ignored("There are no block devices."))
        found |= fields(type_, "ports", ignored("It opens and closes nothing; what listens can be reached."))
        found |= fields(type_, "livenessProbe startupProbe", ignored(_NO_RESTARTS))
        found |= fields(type_, "lifecycle", ignored("No hooks are called."))
        found |= fields(
            type_,
            "terminationMessagePath terminationMessagePolicy",
            ignored("Results are read from their files."),
        )
        found |= fields(type_, "stdin stdinOnce tty", ignored("Nobody could type into it."))
    found |= fields(
        "Step", "displayName script timeout workspaces onError stdoutConfig stderrConfig ref params when"
    )
    found |= fields("Step", "results", WHOLE)
    found |= fields("Step", "readinessProbe", ignored("Only sidecars are waited for."))
    found |= fields("StepTemplate", "readinessProbe", ignored("Only sidecars are waited for."))
    found |= fields("Sidecar", "script workspaces readinessProbe")
    found |= fields(
        "Sidecar", "restartPolicy", emulated("It starts before the steps and ends after them anyway.")
    )
    found |= fields("StepAction", "apiVersion kind metadata spec")
    found |= fields("StepActionSpec", "description command args env script workingDir params volumeMounts")
    found |= fields("StepActionSpec", "results", WHOLE)
    found |= fields("WorkspaceUsage", "name mountPath")
    found |= fields("StepOutputConfig", "path")
    found |= fields("Ref", "name resolver params")
    return found


def _probes() -> Mapping[str, Fidelity]:
    return {
        **fields("Probe", "exec httpGet tcpSocket initialDelaySeconds timeoutSeconds"),
        **fields("Probe", "grpc", emulated("It holds when the port answers.", whole=True)),
        **fields(
            "Probe", "periodSeconds", emulated("At most a quarter of a second passes: asking is cheap here.")
        ),
        **fields("Probe", "successThreshold", ignored("Holding once is enough.")),
        **fields("Probe", "failureThreshold", ignored("It is asked until the task's time is over.")),
        **fields("Probe", "terminationGracePeriodSeconds", ignored(_NO_RESTARTS)),
        **fields("ExecAction", "command"),
        **fields("HTTPGetAction", "path port scheme httpHeaders", WHOLE),
        **fields("HTTPGetAction", "host", ignored("The sidecar itself is asked.")),
        **fields("TCPSocketAction", "port"),
        **fields("TCPSocketAction", "host", ignored("The sidecar itself is asked.")),
    }


def _variables() -> Mapping[str, Fidelity]:
    return {
        **fields("EnvVar", "name value valueFrom"),
        **fields("EnvFromSource", "prefix configMapRef secretRef", WHOLE),
        **fields("EnvVarSource", "configMapKeyRef secretKeyRef", WHOLE),
        **fields("EnvVarSource", "fieldRef", emulated("What only a cluster knows is empty.", whole=True)),
        **fields("EnvVarSource", "resourceFieldRef", emulated("It is always 0.", whole=True)),
        **fields("EnvVarSource", "fileKeyRef", refused(_NO_CLUSTER)),
    }


def _volumes() -> Mapping[str, Fidelity]:
    return {
        **fields("Volume", "name emptyDir secret configMap downwardAPI projected persistentVolumeClaim"),
        **fields("Volume", "hostPath", emulated("It is read-only, and has to be there.", whole=True)),
        **fields("Volume", "ephemeral", _CLAIM),
        "Volume.*": refused(_NO_CLUSTER),
        **fields("EmptyDirVolumeSource", "medium sizeLimit", ignored("It is a directory on the disk.")),
        "SecretVolumeSource.*": WHOLE,
        "ConfigMapVolumeSource.*": WHOLE,
        **fields("DownwardAPIVolumeSource", "items defaultMode"),
        **fields("DownwardAPIProjection", "items"),
        **fields("DownwardAPIVolumeFile", "path fieldRef mode", WHOLE),
        **fields("DownwardAPIVolumeFile", "resourceFieldRef", emulated("The file is empty.", whole=True)),
        **fields(
            "PersistentVolumeClaimVolumeSource",
            "claimName",
            emulated("It is a directory that lasts for the run."),
        ),
        **fields("PersistentVolumeClaimVolumeSource", "readOnly"),
        **fields("ProjectedVolumeSource", "sources defaultMode"),
        **fields("VolumeProjection", "secret configMap", WHOLE),
        **fields("VolumeProjection", "downwardAPI"),
        "VolumeProjection.*": refused(_NO_CLUSTER),
        **fields("VolumeMount", "name subPath"),
        **fields(
            "VolumeMount", "recursiveReadOnly mountPropagation", ignored("Nothing is mounted below a volume.")
        ),
        **fields(
            "VolumeMount",
            "subPathExpr",
            refused("subPath does the same where it needs no variable of the pod."),
        ),
        **fields("WorkspaceDeclaration", "name description optional"),
        **fields(
            "WorkspaceBinding", "name subPath emptyDir configMap secret projected persistentVolumeClaim"
        ),
        **fields("WorkspaceBinding", "volumeClaimTemplate", _CLAIM),
        **fields("WorkspaceBinding", "csi", refused(_NO_CLUSTER)),
    }


def _tasks() -> Mapping[str, Fidelity]:
    spec = "params displayName description steps volumes stepTemplate sidecars workspaces"
    return {
        **fields("TaskSpec", spec),
        **fields("TaskSpec", "results", WHOLE),
        **fields("TaskSpec", "resources", ignored(_REMOVED)),
        **fields("EmbeddedTask", f"{spec} metadata"),
        **fields("EmbeddedTask", "results", WHOLE),
        **fields("EmbeddedTask", "resources", ignored(_REMOVED)),
        **fields(
            "EmbeddedTask",
            "apiVersion kind spec",
            _CUSTOM,
        ),
        "ParamSpec.*": WHOLE,
        "Param.*": WHOLE,
        "WhenExpression.*": WHOLE,
    }


def _pipelines() -> Mapping[str, Fidelity]:
    return {
        **fields("PipelineSpec", "displayName description tasks params finally"),
        **fields("PipelineSpec", "workspaces results", WHOLE),
        **fields("PipelineSpec", "resources", ignored(_REMOVED)),
        **fields(
            "PipelineTask",
            "name displayName description taskRef taskSpec when retries runAfter params workspaces timeout "
            "pipelineRef pipelineSpec onError",
        ),
        **fields("PipelineTask", "matrix", WHOLE),
        **fields("PipelineTask", "resources", ignored(_REMOVED)),
        "PipelineTaskMetadata.*": WHOLE,
        "WorkspacePipelineTaskBinding.*": WHOLE,
        **fields("TaskRef", "name kind apiVersion bundle resolver params"),
        **fields("PipelineRef", "name apiVersion bundle resolver params"),
    }


def _runs() -> Mapping[str, Fidelity]:
    found: dict[str, Fidelity] = {
        **fields(
            "TaskRunSpec",
            "params taskRef taskSpec status statusMessage retries timeout podTemplate workspaces",
        ),
        **fields("TaskRunSpec", "stepSpecs sidecarSpecs stepOverrides sidecarOverrides"),
        **fields("TaskRunSpec", "serviceAccountName", _ACCOUNT),
        **fields("TaskRunSpec", "debug", ignored("holkas debug opens a shell in a step's place instead.")),
        **fields("TaskRunSpec", "resources", ignored(_REMOVED)),
        **fields(
            "PipelineRunSpec", "pipelineRef pipelineSpec params status timeout taskRunTemplate workspaces"
        ),
        **fields("PipelineRunSpec", "taskRunSpecs podTemplate"),
        **fields("PipelineRunSpec", "timeouts", WHOLE),
        **fields("PipelineRunSpec", "serviceAccountName", _ACCOUNT),
        **fields("PipelineRunSpec", "resources", ignored(_REMOVED)),
        **fields("PipelineTaskRunTemplate", "podTemplate"),
        **fields("PipelineTaskRunTemplate", "serviceAccountName", _ACCOUNT),
        **fields(
            "PipelineTaskRunSpec",
            "pipelineTaskName podTemplate taskPodTemplate timeout stepSpecs sidecarSpecs",
        ),
        **fields("PipelineTaskRunSpec", "stepOverrides sidecarOverrides"),
        **fields("PipelineTaskRunSpec", "metadata", WHOLE),
        **fields("PipelineTaskRunSpec", "serviceAccountName taskServiceAccountName", _ACCOUNT),
    }
    for type_ in ("TaskRunSpec", "PipelineRunSpec"):
        found |= fields(type_, "managedBy", ignored("It is run all the same."))
    for type_ in ("TaskRunStepSpec", "TaskRunSidecarSpec", "TaskRunStepOverride", "TaskRunSidecarOverride"):
        found |= fields(type_, "name")
    return found


def _pod_template() -> Mapping[str, Fidelity]:
    return {
        **fields("Template", "env volumes securityContext"),
        **fields(
            "Template",
            "nodeSelector tolerations affinity runtimeClassName priorityClassName schedulerName "
            "topologySpreadConstraints",
            ignored(_ONE_MACHINE),
        ),
        **fields(
            "Template",
            "automountServiceAccountToken enableServiceLinks",
            ignored("There is no cluster to reach."),
        ),
        **fields(
            "Template", "dnsPolicy dnsConfig hostAliases", ignored("Names are looked up as on this machine.")
        ),
        **fields("Template", "hostUsers", ignored("The executor decides who root is.")),
    }


COMMON: Mapping[str, Fidelity] = {
    **_roots(),
    **_containers(),
    **_probes(),
    **_variables(),
    **_volumes(),
    **_tasks(),
    **_pipelines(),
    **_runs(),
    **_pod_template(),
}
