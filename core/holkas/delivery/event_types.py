"""Types of a ledger's entries about deliveries, and the streams that they are in."""

from __future__ import annotations

REQUESTED = "delivery.requested"
REOPENED = "delivery.reopened"
FINISHED = "delivery.finished"
BUILD_STARTED = "build.started"
BUILD_RUNNING = "build.running"
BUILD_FINISHED = "build.finished"
PUBLISHED = "artifact.published"
ARRIVED = "environment.arrived"
APPROVED = "approval.given"
REJECTED = "approval.rejected"
APPROVAL_REFUSED = "approval.refused"
GATE_OPENED = "gate.opened"
DEPLOYMENT_STARTED = "deployment.started"
DEPLOYMENT_FINISHED = "deployment.finished"
DEPLOYMENT_REFUSED = "deployment.refused"
CHECK_STARTED = "check.started"
CHECK_FINISHED = "check.finished"
PASSED = "environment.passed"
ROLLBACK_STARTED = "rollback.started"
ROLLBACK_FINISHED = "rollback.finished"
QUARANTINE_LIFTED = "quarantine.lifted"
OPERATION_STARTED = "operation.started"
OPERATION_FINISHED = "operation.finished"
RELEASE_APPLIED = "release.applied"
RELEASE_FAILED = "release.failed"
NOTICE_DECIDED = "notice.decided"
NOTICE_SENT = "notice.sent"
NOTICE_FAILED = "notice.failed"

BUILD = "build"
"""The stage before the first environment, in messages and on the board."""


def delivery_stream(project: str, number: int) -> str:
    """The stream of one delivery."""
    return f"delivery/{project}/{number:08}"


def environment_stream(project: str, environment: str) -> str:
    """The stream of what is done to an environment outside of deliveries."""
    return f"environment/{project}/{environment}"
