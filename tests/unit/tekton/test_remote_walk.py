"""References through resolvers are followed with the values that params have, and judged as documents of the user."""

import threading

import pytest
from holkas.extensions.importer import RunWish
from holkas.extensions.resolver import Resolver, ResolverRequest
from holkas.model.finding import Severity
from holkas.model.param import Param
from holkas.model.reference import Reference
from holkas.plugins import Context
from holkas.plugins.errors import PluginError
from holkas.roles.errors import Retryable
from holkas.testing.fakes.resolver import FakeResolver
from holkas.yaml import Source, load_documents
from holkas_compat.tekton.importer import TektonImporter
from holkas_compat.tekton.remote.late import reference
from holkas_compat.tekton.remote.remote import within

TASK = """\
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: found}
spec:
  params: [{name: p, default: d}]
  steps: [{name: s, image: i, script: "echo $(params.p)"}]
"""
PIPELINE = """\
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: outer}
spec:
  params: [{name: which, default: t}]
  tasks:
  - name: a
    taskRef: {resolver: fake, params: [{name: name, value: $(params.which)}]}
"""
ACTION = """\
apiVersion: tekton.dev/v1beta1
kind: StepAction
metadata: {name: act}
spec: {image: i, script: "true"}
"""
STEPPED = """\
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: stepped}
spec:
  params: [{name: action, default: none}]
  steps:
  - name: s
    ref: {resolver: fake, params: [{name: name, value: $(params.action)}]}
"""
DOCUMENTS = {"t": TASK, "p": PIPELINE, "act": ACTION, "stepped": STEPPED}
RUN = """\
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {name: r}
spec:
"""


class Plugins:
    """Hands over one resolver, and knows no other."""

    def __init__(self, resolver):
        self.resolver = resolver

    def providers(self, hook):
        return []

    def make(self, hook, name, options=None):
        assert hook == "resolvers"
        if name != "fake":
            raise PluginError(f"no plugin offers resolver {name!r}", code="P101")
        return self.resolver


@pytest.fixture
def fake():
    return FakeResolver({name: text.encode() for name, text in DOCUMENTS.items()})


@pytest.fixture
def importer(fake, tmp_path):
    return TektonImporter(Context(state=tmp_path, plugins=Plugins(fake)))


def load(importer, text, **wish):
    return importer.load(load_documents(Source("run.yaml", text.encode())), RunWish(**wish))


def asked(fake):
    return [request.fields["name"] for request in fake.asked]


def errors(found):
    return [one.message for one in found.findings if one.severity is Severity.ERROR]


def ref(name, resolver="fake"):
    return Reference(resolver=resolver, params=(Param(name="name", value=name),))


def task_ref(name, field="taskRef", resolver="fake"):
    return f"{field}: {{resolver: {resolver}, params: [{{name: name, value: {name}}}]}}"


def test_params_of_the_run_choose_what_is_followed(importer, fake):
    text = (
        RUN
        + f"""\
  params: [{{name: which, value: none}}]
  pipelineSpec:
    params: [{{name: which}}]
    tasks:
    - name: a
      {task_ref("$(params.which)")}
    - name: b
      {task_ref("$(params.which)")}
"""
    )
    found = load(importer, text, params={"which": "t"})
    assert errors(found) == []
    assert found.catalog.tasks[ref("t").key].name == "found"
    assert found.catalog.sources["Task", ref("t").key].uri == "memory:t"
    assert asked(fake) == ["t"]


def test_what_is_found_leads_on(importer, fake):
    found = load(
        importer, RUN + "  params: [{name: which, value: stepped}]\n  " + task_ref("p", "pipelineRef") + "\n"
    )
    assert asked(fake) == ["p", "stepped", "none"]
    assert found.catalog.pipelines[ref("p").key].name == "outer"
    assert errors(found) == [
        "spec.pipelineRef.resolver: TaskRunResolutionFailed: there is no document 'none'"
    ]


def test_wishes_know_the_params_of_what_is_found(importer):
    text = RUN + "  " + task_ref("p", "pipelineRef") + "\n"
    assert errors(load(importer, text, params={"which": "t"})) == []
    assert errors(load(importer, text, params={"whch": "t"})) == ['pipeline "outer" has no param "whch"']


def test_step_actions_are_followed_with_the_params_of_each_use(importer, fake):
    text = (
        STEPPED
        + "---\n"
        + RUN
        + """\
  pipelineSpec:
    tasks:
    - {name: a, taskRef: {name: stepped}, params: [{name: action, value: act}]}
    - {name: b, taskSpec: {steps: [{name: s, ref: {resolver: fake, params: [{name: name, value: act}]}}]}}
"""
    )
    found = load(importer, text)
    assert errors(found) == []
    assert found.catalog.step_actions[ref("act").key].name == "act"
    assert asked(fake) == ["act"]


def test_pipelines_in_pipelines_are_followed_and_never_for_ever(importer, fake):
    fake.documents["self"] = (
        PIPELINE.replace("taskRef:", "pipelineRef:").replace("default: t", "default: self").encode()
    )
    load(importer, RUN + "  " + task_ref("self", "pipelineRef") + "\n")
    assert asked(fake) == ["self"]
    text = (
        RUN
        + f"""\
  pipelineSpec:
    tasks:
    - name: inner
      pipelineSpec:
        tasks: [{{name: a, {task_ref("t")}}}]
"""
    )
    assert errors(load(importer, text)) == []


def test_what_holds_results_is_followed_once_they_are_known(importer, fake):
    text = (
        RUN
        + f"""\
  pipelineSpec:
    tasks:
    - {{name: first, taskSpec: {{results: [{{name: r}}], steps: [{{image: i, script: x}}]}}}}
    - name: a
      {task_ref("$(tasks.first.results.r)")}
"""
    )
    found = load(importer, text)
    assert (errors(found), asked(fake)) == ([], [])
    catalog = found.catalog
    assert catalog.tasks.get(ref("$(tasks.first.results.r)").key) is None
    assert catalog.tasks.get("unknown") is None
    assert catalog.tasks[ref("t").key].name == "found"
    assert catalog.sources["Task", ref("t").key].uri == "memory:t"
    assert catalog.tasks.get(ref("none").key) is None
    assert catalog.unresolved["Task", ref("none").key] == "there is no document 'none'"
    assert asked(fake) == ["t", "none"]
    assert (len(catalog.tasks), list(catalog.tasks), len(catalog.sources)) == (0, [], 1)
    assert list(catalog.sources) == [("Task", ref("t").key)]


def test_a_key_says_all_of_a_reference():
    given = Reference(
        resolver="git", params=(Param(name="a", value=["x"]), Param(name="b", value={"k": "v"}))
    )
    assert reference(given.key) == given
    assert Reference(name="n").key == "n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "memory:x is empty"),
        (b"a: [", "memory:x is no YAML"),
        (b"kind: ConfigMap\napiVersion: v1\n", "holds a ConfigMap, and a Task is wanted"),
        (b"just text", "memory:x holds an invalid document"),
        (PIPELINE.encode(), "holds a Pipeline, and a Task is wanted"),
        (TASK.replace("image: i", "imag: i").encode(), "memory:x holds an invalid Task"),
        (b"\x80\x00\xff", "memory:x"),
    ],
)
def test_what_is_found_is_judged(content, message, importer, fake):
    fake.documents["x"] = content
    text = "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: r}\nspec:\n  " + task_ref("x") + "\n"
    (told,) = errors(load(importer, text))
    assert told.startswith("spec.taskRef.resolver: TaskRunResolutionFailed: ")
    assert message in told


def test_of_several_documents_the_first_counts(importer, fake):
    fake.documents["x"] = (TASK + "---\n" + PIPELINE).encode()
    text = "apiVersion: tekton.dev/v1\nkind: TaskRun\nmetadata: {name: r}\nspec:\n  " + task_ref("x") + "\n"
    assert errors(load(importer, text)) == []


def test_offline_has_what_was_found_before(importer, fake):
    text = RUN + "  pipelineSpec: {tasks: [{name: a, " + task_ref("t") + "}]}\n"
    (told,) = errors(load(importer, text, offline=True))
    assert "CouldntGetTask: it was never resolved here before, and this is offline: fake (name t)" in told
    load(importer, text)
    found = load(importer, text, offline=True)
    assert (errors(found), asked(fake)) == ([], ["t"])
    assert found.catalog.sources["Task", ref("t").key].uri == "memory:t"


def test_what_never_changes_is_asked_once(importer, fake):
    text = RUN + "  pipelineSpec: {tasks: [{name: a, " + task_ref("t") + "}]}\n"
    load(importer, text)
    load(importer, text)
    assert asked(fake) == ["t", "t"]
    fake.always = True
    load(importer, text)
    assert asked(fake) == ["t", "t"]


def test_a_resolver_that_is_not_installed_is_told_with_what_to_do(importer):
    text = RUN + "  pipelineSpec: {tasks: [{name: a, " + task_ref("t", resolver="cluster") + "}]}\n"
    (finding,) = load(importer, text).findings
    assert finding.code == "T503"
    assert "no plugin offers resolver 'cluster'" in finding.message
    assert "Kubernetes" in finding.hint
    assert finding.place.path == ("spec", "pipelineSpec", "tasks", 0, "taskRef", "resolver")


def test_lint_follows_only_when_it_is_asked_to(importer, fake):
    run = RUN + "  pipelineSpec: {tasks: [{name: a, " + task_ref("t") + ", params: [{name: q, value: v}]}]}\n"
    bad = RUN.replace("name: r", "name: s") + "  " + task_ref("none", "pipelineRef") + "\n"
    documents = load_documents(Source("f.yaml", f"{run}---\n{bad}---\n{PIPELINE}---\n{STEPPED}".encode()))
    before = {finding.message for finding in importer.lint(documents)}
    assert fake.asked == []
    after = {finding.message for finding in importer.lint_resolved(documents)}
    assert after - before == {
        'task "a" passes param "q", which task "found" does not declare',
        "spec.pipelineRef.resolver: CouldntGetPipeline: there is no document 'none'",
    }


class Slow(Resolver):
    name = "slow"
    timeout = 0.01

    def __init__(self):
        self.go = threading.Event()

    def pinned(self, request):
        return False

    def resolve(self, request):
        self.go.wait(30)
        raise Retryable("it is down")


def test_a_resolver_has_its_time(importer, fake):
    slow = Slow()
    with pytest.raises(Exception, match=r"found nothing within 0\.01 s"):
        within(slow, ResolverRequest(resolver="slow"))
    slow.go.set()
    slow.timeout = 30
    with pytest.raises(Retryable):
        within(slow, ResolverRequest(resolver="slow"))
