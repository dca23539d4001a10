"""The abstract classes: every method is documented, every flag has methods, and those raise Unsupported."""

from __future__ import annotations

import inspect
import re
from importlib import import_module

import pytest
from holkas.plugins.hooks import HOOKS
from holkas.roles.errors import AccessDenied, Conflict, Corrupt, NotFound, Retryable, ToolError, Unsupported
from holkas.roles.role import Role
from holkas.testing.contracts import role as _role  # noqa: F401 - the contracts are importable without a tool


def class_of(hook):
    module, _, name = HOOKS[hook].interface.partition(":")
    return getattr(import_module(module), name)


ROLES = [class_of(hook) for hook, about in HOOKS.items() if about.role]
INTERFACES = [class_of(hook) for hook in HOOKS if hook != "commands"]


def own_methods(cls):
    return [
        (name, one) for name, one in vars(cls).items() if inspect.isfunction(one) and not name.startswith("_")
    ]


def test_there_are_six():
    assert len(ROLES) == 6
    assert all(issubclass(role, Role) for role in ROLES)


@pytest.mark.parametrize("interface", [Role, *INTERFACES], ids=lambda cls: cls.__name__)
def test_everything_is_documented(interface):
    assert inspect.getdoc(interface)
    for name, method in own_methods(interface):
        first = (inspect.getdoc(method) or "").partition("\n")[0]
        assert re.match(r"[A-Z]", first), f"{interface.__name__}.{name} has no docstring"
        signature = inspect.signature(method)
        assert signature.return_annotation is not signature.empty, f"{interface.__name__}.{name} is not typed"


@pytest.mark.parametrize("role", ROLES, ids=lambda cls: cls.__name__)
def test_the_class_tells_life_cycle_and_flags(role):
    text = inspect.getdoc(role)
    assert "Life cycle:" in text
    for flag in role.known_capabilities:
        assert f"``{flag}``" in text, f"{role.__name__} does not explain {flag!r}"


@pytest.mark.parametrize("role", ROLES, ids=lambda cls: cls.__name__)
def test_methods_that_are_not_abstract_are_behind_a_flag_and_say_so(role):
    bare = type("Bare", (role,), {name: lambda self: None for name in role.__abstractmethods__})()
    behind = [(name, method) for name, method in own_methods(role) if name not in role.__abstractmethods__]
    said = set()
    for name, method in behind:
        flags = re.findall(r"Capability\s+``([a-z-]+)``", inspect.getdoc(method))
        assert len(flags) == 1, f"{role.__name__}.{name} does not say which capability it is behind"
        words = [None] * sum(
            one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD
            for one in list(inspect.signature(method).parameters.values())[1:]
        )
        keywords = {
            one.name: None
            for one in inspect.signature(method).parameters.values()
            if one.default is one.empty and one.kind is one.KEYWORD_ONLY
        }
        with pytest.raises(Unsupported, match=flags[0]):
            getattr(bare, name)(*words, **keywords)
        said.update(flags)
    assert said == role.known_capabilities


def test_a_tool_is_closed_at_the_end_of_a_with_block_also_after_a_failure():
    closed = []

    class Tool(Role):
        def close(self):
            super().close()
            closed.append(1)

    with Tool() as tool:
        assert tool.fault() == ""
    with pytest.raises(ZeroDivisionError), Tool():
        _ = 1 / 0
    assert closed == [1, 1]


def test_unsupported_names_the_tool_or_its_class():
    class Nameless(Role):
        pass

    class Named(Role):
        name = "vault"

    assert "Nameless cannot" in str(Nameless().unsupported("x"))
    assert "vault cannot" in str(Named().unsupported("x"))


def test_errors_carry_what_the_core_needs():
    for error in (NotFound, AccessDenied, Unsupported, Conflict, Corrupt):
        assert issubclass(error, ToolError)
        assert not issubclass(error, Retryable)
        assert error("no", hint="do").hint == "do"
    late = Retryable("later", after=3.0)
    assert (str(late), late.after, late.hint) == ("later", 3.0, "")
