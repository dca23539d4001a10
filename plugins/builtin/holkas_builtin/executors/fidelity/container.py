"""What containers make of a manifest."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.fidelity import Fidelity

from holkas_builtin.executors.fidelity.common import COMMON
from holkas_builtin.executors.fidelity.entries import emulated, fields, ignored

_RESOURCES = emulated("Memory and CPU are limited; other resources are not.", whole=True)
_ENGINE = ignored("The engine's own profile is in force.")
_ALLOWED = emulated("Only where holkas.yaml allows it; else the task fails.", whole=True)


def _containers() -> Mapping[str, Fidelity]:
    found: dict[str, Fidelity] = {}
    for type_ in ("Step", "StepTemplate", "Sidecar"):
        found |= fields(type_, "image securityContext")
        found |= fields(type_, "computeResources resources", _RESOURCES)
        found |= fields(type_, "imagePullPolicy", ignored("--pull and the setting pull decide."))
    return found


CONTAINER: Mapping[str, Fidelity] = {
    **COMMON,
    **_containers(),
    **fields("StepActionSpec", "image securityContext"),
    **fields("TaskRunStepSpec", "computeResources", _RESOURCES),
    **fields("TaskRunSidecarSpec", "computeResources", _RESOURCES),
    **fields("TaskRunStepOverride", "resources", _RESOURCES),
    **fields("TaskRunSidecarOverride", "resources", _RESOURCES),
    **fields("TaskRunSpec", "computeResources", _RESOURCES),
    **fields("PipelineTaskRunSpec", "computeResources", _RESOURCES),
    **fields("VolumeMount", "readOnly mountPath"),
    **fields("WorkspaceDeclaration", "readOnly mountPath"),
    **fields(
        "SecurityContext", "runAsUser runAsGroup runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation"
    ),
    **fields("SecurityContext", "capabilities"),
    **fields("SecurityContext", "privileged", _ALLOWED),
    **fields("SecurityContext", "seLinuxOptions procMount seccompProfile appArmorProfile", _ENGINE),
    **fields("SecurityContext", "windowsOptions", ignored("Containers are Linux.")),
    **fields("Capabilities", "drop"),
    **fields("Capabilities", "add", _ALLOWED),
    **fields("PodSecurityContext", "runAsUser runAsGroup runAsNonRoot supplementalGroups"),
    **fields("PodSecurityContext", "fsGroup", emulated("Processes have the group; files keep theirs.")),
    **fields("PodSecurityContext", "fsGroupChangePolicy", ignored("Files keep their groups.")),
    **fields(
        "PodSecurityContext", "supplementalGroupsPolicy", ignored("Groups are added to those of the image.")
    ),
    **fields("PodSecurityContext", "sysctls", ignored("The kernel's settings stay as they are.")),
    **fields(
        "PodSecurityContext", "seLinuxOptions seLinuxChangePolicy seccompProfile appArmorProfile", _ENGINE
    ),
    **fields("PodSecurityContext", "windowsOptions", ignored("Containers are Linux.")),
    **fields("Template", "imagePullSecrets"),
    **fields("Template", "hostNetwork", ignored("The setting network decides.")),
    "LocalObjectReference.name": emulated("It is looked for in the files that were given."),
}
"""By type and field."""
