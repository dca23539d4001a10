"""What executors without images make of a manifest: ``sandbox`` and ``process``."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.fidelity import Fidelity

from holkas_builtin.executors.fidelity.common import COMMON
from holkas_builtin.executors.fidelity.entries import emulated, fields, ignored

_IMAGE = emulated("Programs of this machine run; what an image starts by itself is known for common ones.")
_NOTHING_LIMITED = ignored(
    "Nothing is limited. A step that the kernel ends for want of memory has exit code 137, and is not OOMKilled: "
    "nothing here tells who ended it."
)
_NO_IMAGES = ignored("No image is fetched.")
_RIGHTS = ignored("A step has the rights that the executor gives it, and no others.")
_GROUPS = ignored("No groups are added.")


def _shared() -> Mapping[str, Fidelity]:
    found: dict[str, Fidelity] = {}
    for type_ in ("Step", "StepTemplate", "Sidecar"):
        found |= fields(type_, "image", _IMAGE)
        found |= fields(type_, "securityContext")
        found |= fields(type_, "computeResources resources", _NOTHING_LIMITED)
        found |= fields(type_, "imagePullPolicy", _NO_IMAGES)
    found |= fields("StepActionSpec", "image", _IMAGE)
    found |= fields("StepActionSpec", "securityContext")
    for type_ in ("TaskRunStepSpec", "TaskRunSidecarSpec", "TaskRunSpec", "PipelineTaskRunSpec"):
        found |= fields(type_, "computeResources", _NOTHING_LIMITED)
    for type_ in ("TaskRunStepOverride", "TaskRunSidecarOverride"):
        found |= fields(type_, "resources", _NOTHING_LIMITED)
    for type_ in ("SecurityContext", "PodSecurityContext"):
        found |= fields(
            type_, "runAsNonRoot seLinuxOptions windowsOptions seccompProfile appArmorProfile", _RIGHTS
        )
    found |= fields("SecurityContext", "capabilities allowPrivilegeEscalation procMount", _RIGHTS)
    found |= fields(
        "SecurityContext", "privileged", emulated("No rights are given: a sidecar that wants them fails.")
    )
    found |= fields("PodSecurityContext", "supplementalGroups supplementalGroupsPolicy fsGroup", _GROUPS)
    found |= fields("PodSecurityContext", "fsGroupChangePolicy sysctls seLinuxChangePolicy", _RIGHTS)
    found |= fields("Template", "imagePullSecrets", _NO_IMAGES)
    found |= fields("Template", "hostNetwork", emulated("The network is always this machine's."))
    return found


_USER = emulated(
    "Only where holkas runs as root; else the step is root of a world without rights outside of it."
)

SANDBOX: Mapping[str, Fidelity] = {
    **COMMON,
    **_shared(),
    **fields("VolumeMount", "readOnly mountPath"),
    **fields("WorkspaceDeclaration", "readOnly mountPath"),
    **fields("SecurityContext", "runAsUser runAsGroup", _USER),
    **fields("PodSecurityContext", "runAsUser runAsGroup", _USER),
    **fields(
        "SecurityContext", "readOnlyRootFilesystem", emulated("This machine's files are always read-only.")
    ),
}
"""By type and field."""

_PATHS = emulated("The path is replaced in scripts, arguments and variables.")
_WRITABLE = ignored("Nothing keeps a step from writing.")
_SAME_USER = ignored("Steps run as whoever runs holkas.")

PROCESS: Mapping[str, Fidelity] = {
    **COMMON,
    **_shared(),
    **fields("VolumeMount", "mountPath", _PATHS),
    **fields("VolumeMount", "readOnly", _WRITABLE),
    **fields("WorkspaceDeclaration", "mountPath", _PATHS),
    **fields("WorkspaceDeclaration", "readOnly", _WRITABLE),
    **fields("SecurityContext", "runAsUser runAsGroup", _SAME_USER),
    **fields("PodSecurityContext", "runAsUser runAsGroup", _SAME_USER),
    **fields("SecurityContext", "readOnlyRootFilesystem", _WRITABLE),
}
"""By type and field."""
