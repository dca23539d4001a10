"""The codes of findings in documents of Triggers: T90x shape, T91x and T92x validity, T93x together, T94x events."""

from __future__ import annotations

from collections.abc import Mapping

from holkas.model.code import CodeDoc

UNKNOWN_KIND = "T901"
UNKNOWN_VERSION = "T902"
ANNOTATION = "T910"
LONG_NAME = "T911"
NO_TRIGGERS = "T912"
EXCLUSIVE = "T913"
MISSING = "T914"
INVALID = "T915"
POD_FIELD = "T916"
TRIGGER_NAME = "T917"
NO_TEMPLATES = "T920"
TEMPLATE_TYPE = "T921"
UNDECLARED_PARAM = "T922"
DUPLICATE_PARAM = "T923"
UNTERMINATED = "T924"
UNKNOWN_REFERENCE = "T930"
EXPRESSION = "T931"
UNBOUND_PARAM = "T932"
UNUSED_PARAM = "T933"
EVENT_IN_SCRIPT = "T934"
BOUND_TWICE = "T935"
NOT_CALLED = "T936"
BAD_JSON_PATH = "T937"
INTERCEPTOR_PARAM = "T938"

TRIGGER_CODES: Mapping[str, CodeDoc] = {
    UNKNOWN_KIND: CodeDoc(
        "Triggers has no such kind",
        "Known are EventListener, Trigger, TriggerBinding, ClusterTriggerBinding, TriggerTemplate, Interceptor and "
        "ClusterInterceptor.",
    ),
    UNKNOWN_VERSION: CodeDoc(
        "the kind does not exist in this apiVersion",
        "`triggers.tekton.dev/v1beta1` has all kinds but Interceptor, `triggers.tekton.dev/v1alpha1` has them all.",
    ),
    ANNOTATION: CodeDoc(
        "an annotation that Triggers reads has another value than it may have",
        '`tekton.dev/payload-validation` is `"true"` or `"false"`, in quotes.',
    ),
    LONG_NAME: CodeDoc(
        "the name of the listener is too long",
        "The service of a listener is called `el-` and its name, so that the name has 60 characters at most.",
    ),
    NO_TRIGGERS: CodeDoc(
        "the listener has nothing to trigger",
        "Give it `triggers`, `triggerGroups`, or a `labelSelector` or `namespaceSelector` that chooses Triggers.",
    ),
    EXCLUSIVE: CodeDoc(
        "things that exclude each other",
        "Only one of the named fields may be set: a template is a `ref` or a `spec`, a binding a `ref` or a `name` "
        "with a `value`, a trigger of a listener a `triggerRef` or the rest.",
    ),
    MISSING: CodeDoc("something required is missing", "The message says what, and where it belongs."),
    INVALID: CodeDoc(
        "a value that is not allowed here",
        "The message says which ones are. Kinds of bindings are TriggerBinding and ClusterTriggerBinding; names of "
        "headers are written as HTTP servers write them (`X-Hub-Signature`).",
    ),
    POD_FIELD: CodeDoc(
        "a field of the pod that a listener must not set",
        "A listener's pod may have tolerations, nodeSelector, affinity, serviceAccountName and one container with "
        "resources and with env from secrets. holkas itself reads none of these.",
    ),
    TRIGGER_NAME: CodeDoc(
        "the name of the trigger is no label value",
        "Runs are labelled with the name of their trigger: 63 letters, digits, `-`, `_` and `.` at most, with a "
        "letter or digit at both ends.",
    ),
    NO_TEMPLATES: CodeDoc(
        "the template has no resourcetemplates",
        "A TriggerTemplate says in `spec.resourcetemplates` what is to be created when an event comes.",
    ),
    TEMPLATE_TYPE: CodeDoc(
        "a resource template of a kind that Triggers does not take",
        "Resource templates are of Tekton's group: a PipelineRun or TaskRun, or a Pipeline, Task or CustomRun.",
    ),
    UNDECLARED_PARAM: CodeDoc(
        "a param that the template does not declare",
        "Every `$(tt.params.x)` in a resource template needs an `x` in `spec.params` of the template.",
    ),
    DUPLICATE_PARAM: CodeDoc("a binding has two params of one name", "Remove one of them, or rename it."),
    UNTERMINATED: CodeDoc(
        "an expression that does not end",
        "`$(` opens an expression that ends with `)`: `$(body.head_commit.id)`.",
    ),
    UNKNOWN_REFERENCE: CodeDoc(
        "a reference to something that is not there",
        "No document given to the command has this kind and name. On a cluster the event would be dropped with a line "
        "in the listener's log.",
    ),
    EXPRESSION: CodeDoc(
        "a CEL expression that cannot be evaluated",
        "A filter whose expression is broken lets no event pass. Expressions know `body`, `header`, `extensions` and "
        "`requestURL`, and the functions of Triggers and of cel-go's strings and encoders.",
    ),
    UNBOUND_PARAM: CodeDoc(
        "a param of the template that gets no value",
        "No binding gives it a value and it has no default, so that `$(tt.params.x)` stays in the manifest as it is.",
    ),
    UNUSED_PARAM: CodeDoc(
        "a binding gives a value that the template does not take",
        "Names are matched: the param of the binding and the one of the template must be spelt alike.",
    ),
    EVENT_IN_SCRIPT: CodeDoc(
        "a value of the event becomes part of a program",
        "Whoever sends the event writes this part of the script: a branch called `$(reboot)` is run. Hand the value "
        "to the task as a param, and to the script as an environment variable: `env: [{name: REF, value: "
        '$(params.ref)}]` and `"$REF"`.',
    ),
    BOUND_TWICE: CodeDoc(
        "two bindings of a trigger give one param",
        "Triggers drops every event of this trigger. Remove one of the two.",
    ),
    NOT_CALLED: CodeDoc(
        "an interceptor that only a cluster has",
        "Webhooks, custom interceptors, `addChangedFiles` and `githubOwners` ask a server. holkas renders events "
        "without asking anybody, so that the trigger fails here with this reason.",
    ),
    BAD_JSON_PATH: CodeDoc(
        "an expression that is no JSON path",
        "Expressions are paths such as `body.commits[0].id`, `header.X-GitHub-Event`, `extensions.branch` and "
        "`context.eventID`; a dot in a key is written `\\.`.",
    ),
    INTERCEPTOR_PARAM: CodeDoc(
        "an interceptor's param is not what the interceptor takes",
        "cel takes `filter` and `overlays`; github, gitlab and bitbucket `secretRef` and `eventTypes`; slack "
        "`requestedFields`. An unknown param is ignored, one of a wrong type lets no event pass.",
    ),
}
