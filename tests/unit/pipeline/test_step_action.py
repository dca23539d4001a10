from __future__ import annotations

import pytest
from holkas.model.param import Param, ParamSpec, ResultSpec
from holkas.model.reference import Reference
from holkas.model.step import Env, Step, StepAction, VolumeMount
from holkas.model.value import Value, ValueType
from holkas.pipeline.param_values import param_replacements
from holkas.pipeline.step_action import StepActionError, resolve_step_action
from holkas.pipeline.substitution import Replacements

NOTHING = Replacements()


def params(**values: Value) -> tuple[Param, ...]:
    return tuple(Param(name=name, value=value) for name, value in values.items())


def step(**values: Value) -> Step:
    return Step(name="use", ref=Reference(name="action"), params=params(**values))


def action(*specs: ParamSpec, **fields: object) -> StepAction:
    return StepAction(name="action", params=specs, step=Step(image="img", **fields))


def resolved(use: Step, what: StepAction, task: Replacements = NOTHING) -> Step:
    out = resolve_step_action(use, what, task)
    assert isinstance(out, Step), out
    return out


def test_what_stays_and_what_comes_from_the_action() -> None:
    use = Step(
        name="use",
        ref=Reference(name="action"),
        timeout=5,
        on_error="continue",
        working_dir="/ignored",
        env=(Env(name="KEPT", value="1"),),
        volume_mounts=(VolumeMount(name="kept", mount_path="/kept"),),
        security_context={"runAsUser": 1},
    )
    what = action(
        script="echo",
        working_dir="/own",
        results=(ResultSpec(name="r"),),
        security_context={"runAsUser": 2},
    )
    out = resolved(use, what)
    assert (out.name, out.timeout, out.on_error) == ("use", 5, "continue")
    assert (out.image, out.script, out.working_dir) == ("img", "echo", "/own")
    assert out.security_context == {"runAsUser": 2}
    assert out.results == (ResultSpec(name="r"),)
    assert (out.env, out.volume_mounts) == (use.env, use.volume_mounts)
    assert out.ref is None
    assert out.params == ()


def test_params_of_the_step_and_defaults_of_the_action() -> None:
    what = action(
        ParamSpec(name="a"),
        ParamSpec(name="b", default="B"),
        ParamSpec(name="l", type=ValueType.ARRAY, default=("x", "y")),
        ParamSpec(name="o", type=ValueType.OBJECT, default={"k": "K", "m": "M"}),
        args=("$(params.a)", "$(params.b)", "$(params.l[*])", "$(params.l[1])", "$(params.o.k)$(params.o.m)"),
        env=(Env(name="E", value="$(params['a'])"),),
    )
    out = resolved(step(a="$(params.t)", o={"k": "own"}), what, param_replacements(params(t="task")))
    assert out.args == ("task", "B", "x", "y", "y", "ownM")
    assert out.env == (Env(name="E", value="task"),)


def test_defaults_refer_to_other_params() -> None:
    what = action(
        ParamSpec(name="url", default="$(params.host):$(params.port)"),
        ParamSpec(name="host", default="h.$(params.domain)"),
        ParamSpec(name="domain"),
        ParamSpec(name="port", default="80"),
        args=("$(params.url)",),
    )
    assert resolved(step(domain="d"), what).args == ("h.d:80",)


def test_results_of_earlier_steps_are_passed_on_as_references() -> None:
    what = action(
        ParamSpec(name="s"),
        ParamSpec(name="l", type=ValueType.ARRAY),
        ParamSpec(name="o", type=ValueType.OBJECT, properties={"k": ValueType.STRING}),
        args=("$(params.s)", "$(params.l[*])", '$(params["l"][1])', "$(params.o.k)", "$(params.other[0])"),
    )
    use = step(s="$(steps.one.results.r)", l="$(steps.one.results.list)", o="$(steps.one.results.obj)")
    assert resolved(use, what).args == (
        "$(steps.one.results.r)",
        "$(steps.one.results.list[*])",
        "$(steps.one.results.list[1])",
        "$(steps.one.results.obj.k)",
        "$(params.other[0])",
    )


@pytest.mark.parametrize(
    ("use", "specs", "message"),
    [
        (step(a="1", b="2"), [ParamSpec(name="a")], "extra params passed by Step to StepAction: [b]"),
        (step(), [ParamSpec(name="a"), ParamSpec(name="b")], "non-existent params in Step: [a b]"),
        (
            step(),
            [ParamSpec(name="a", default="$(params.nope)")],
            'parameter "a" references non-existent parameter "nope"',
        ),
        (
            step(),
            [ParamSpec(name="a", default="$(params.b)"), ParamSpec(name="b", default="$(params.a)")],
            "circular dependency detected in parameter references",
        ),
        (
            step(a="text"),
            [ParamSpec(name="a", type=ValueType.ARRAY, default=("x",))],
            "invalid parameter substitution: a. Please check the types of the default value and the passed value",
        ),
        (step(a="$(steps.one.outputs.x)"), [ParamSpec(name="a")], "must be one of the form"),
    ],
)
def test_steps_that_do_not_fit(use: Step, specs: list[ParamSpec], message: str) -> None:
    out = resolve_step_action(use, action(*specs), NOTHING)
    assert isinstance(out, StepActionError)
    assert message in out.message
