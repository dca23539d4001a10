"""Users' health checks and actions in Lua: as Argo CD runs them, and harmless whatever they try."""

from __future__ import annotations

import pytest

pytest.importorskip("lupa.luajit21", reason="the extra 'lua' is not installed")

from holkas.gitops.health import judge
from holkas.model.health import Health, HealthStatus
from holkas_compat.argocd.lua import (
    Action,
    Impact,
    LuaError,
    Script,
    Scripts,
    discover_actions,
    health_override,
    load_scripts,
    read_customizations,
    run_action,
    run_lua,
)
from holkas_compat.argocd.lua import sandbox as lua_sandbox

TOY = {
    "apiVersion": "example.com/v1",
    "kind": "Toy",
    "metadata": {"name": "t", "labels": {}},
    "spec": {"size": 3, "parts": [], "nothing": None},
    "status": {"conditions": [{"type": "Ready", "status": "True", "message": "runs"}]},
}
CHECK = """
local hs = { status = "Progressing", message = "waiting" }
if obj.status ~= nil and obj.status.conditions ~= nil then
  for i, condition in ipairs(obj.status.conditions) do
    if condition.type == "Ready" and condition.status == "True" then
      hs.status, hs.message = "Healthy", string.format("%s %d", condition.message, table.getn(obj.spec.parts))
    end
  end
end
return hs
"""


def script(text, open_libs=True):
    return Script(text=text, name="check", open_libs=open_libs)


def test_a_check_sees_the_manifest_and_says_the_health():
    override = health_override(Scripts(health={"example.com/Toy": script(CHECK)}))
    assert judge(TOY, override) == Health(status=HealthStatus.HEALTHY, message="runs 0")
    assert override({"apiVersion": "v1", "kind": "Other"}) is None


@pytest.mark.parametrize(
    "text",
    [
        CHECK,
        'return {status="Healthy"}',
        "return {a={1,2,{b=obj.spec.size/2}}, c={}, d=obj.spec.nothing == nil}",
    ],
)
def test_results_are_those_of_a_direct_run(text):
    import lupa.luajit21 as lupa

    def plain(value):
        if lupa.lua_type(value) != "table":
            return value
        items = dict(value.items())
        if all(isinstance(key, str) for key in items) and items:
            return {key: plain(item) for key, item in items.items()}
        return [plain(items[number + 1]) for number in range(len(items))]

    def table(machine, value):
        if isinstance(value, dict):
            return machine.table_from({k: table(machine, v) for k, v in value.items() if v is not None})
        return machine.table_from([table(machine, v) for v in value]) if isinstance(value, list) else value

    machine = lupa.LuaRuntime()
    machine.globals().obj = table(machine, TOY)
    assert run_lua(text, TOY, open_libs=True) == plain(machine.execute(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("return obj.nothing.more", "attempt to index"),
        ("not lua", "check:1:"),
        ("error('mine')", "mine"),
        ("return 5", "no table with a status"),
        ("return {status='Good'}", "Lua returned an invalid health status"),
        ("return {status=function() end}", "function"),
        ("return {[1]=1, a=2}", "neither a list nor a mapping"),
        ("return '\\255'", "check"),
    ],
)
def test_a_check_that_fails_makes_the_health_unknown_and_says_why(text, message):
    health = health_override(Scripts(health={"example.com/Toy": script(text)}))(TOY)
    assert health.status is HealthStatus.UNKNOWN and message in health.message and "\n" not in health.message


@pytest.mark.parametrize(
    "name",
    [
        "io",
        "debug",
        "package",
        "jit",
        "ffi",
        "load",
        "loadstring",
        "loadfile",
        "dofile",
        "module",
        "python",
        "getfenv",
        "setfenv",
        "collectgarbage",
        "newproxy",
        "bit",
        "string.dump",
        "os.execute",
        "os.getenv",
        "os.remove",
        "_G.io",
        "_G._G.debug",
        "obj.__class__",
        "obj.metadata.__init__",
    ],
)
def test_there_is_no_way_out(name):
    assert run_lua(f"return {{there = {name} ~= nil}}", TOY, open_libs=True) == {"there": False}


@pytest.mark.parametrize("module", ["ffi", "io", "jit", "debug", "os.path", "socket"])
def test_other_code_cannot_be_required(module):
    with pytest.raises(LuaError, match="is not there"):
        run_lua(f"return require('{module}')", TOY, open_libs=True)


@pytest.mark.parametrize(
    "text",
    [
        "local s = {} while true do s[#s + 1] = ('x'):rep(1000) .. #s end",
        "return ('x'):rep(1e9)",
        "local t = {} t.t = t return t",
        "local function f() return 1 + f() end return f()",
        "return (('a'):rep(40)):find((('a*'):rep(30)) .. 'b')",
        "return getmetatable('').__index.dump",
        "return setmetatable(string, nil)",
    ],
)
def test_scripts_that_never_end_or_take_everything_are_stopped(text):
    with pytest.raises(LuaError):
        run_lua(text, TOY, open_libs=True)


@pytest.mark.parametrize(
    "text",
    [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "xpcall(function() while true do end end, function() while true do end end) while true do end",
        "local c = coroutine.wrap(function() while true do end end) c()",
        "table.sort({3, 2, 1}, function() while true do end end)",
        "return (('x'):gsub('.', function() while true do end end))",
    ],
)
def test_endless_scripts_are_stopped(text, monkeypatch):
    monkeypatch.setattr(lua_sandbox, "SECONDS", 0.05)
    with pytest.raises(LuaError, match="longer than"):
        run_lua(text, TOY, open_libs=True)


def test_without_open_libraries_there_is_what_argo_cd_gives():
    text = (
        "return {s = string == nil, m = math == nil, t = table.concat({'a', 'b'}), o = os.time() > 0, r = R}"
    )
    text = text.replace("R}", "require('os') == os}")
    assert run_lua(text, TOY) == {"s": True, "m": True, "t": "ab", "o": True, "r": True}
    with pytest.raises(LuaError):
        run_lua("return ('x'):rep(3)", TOY)


def test_numbers_and_long_lists_arrive():
    manifest = {"big": 2**60, "small": 7, "half": 0.5, "list": list(range(300))}
    result = run_lua("return {obj.big > 2^59, obj.small, obj.half, #obj.list, obj.list[300]}", manifest)
    assert result == [True, 7, 0.5, 300, 299]


def test_a_manifest_that_is_too_deep_and_a_script_that_is_too_long_are_refused():
    deep = {}
    for _ in range(100):
        deep = {"a": deep}
    with pytest.raises(LuaError, match="too deeply"):
        run_lua("return {}", deep)
    with pytest.raises(LuaError, match="larger"):
        run_lua("-" * 1_100_000, TOY)


def put(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_folder_in_argo_cds_layout(tmp_path):
    put(tmp_path, "example.com/Toy/health.lua", CHECK)
    put(tmp_path, "Pod/health.lua", "return {status='Suspended'}")
    put(tmp_path, "_.cloud.example/_/health.lua", "return {status='Missing'}")
    put(tmp_path, "example.com/Toy/actions/discovery.lua", "return {grow = {}}")
    put(tmp_path, "example.com/Toy/actions/grow/action.lua", "obj.spec.size = obj.spec.size + 1 return obj")
    put(tmp_path, "example.com/Toy/testdata/x.yaml", "a: 1")
    scripts = load_scripts(tmp_path)
    judged = health_override(scripts)
    assert judged(TOY).status is HealthStatus.HEALTHY
    assert judged({"apiVersion": "v1", "kind": "Pod"}).status is HealthStatus.SUSPENDED
    assert judged({"apiVersion": "db.cloud.example/v1", "kind": "Any"}).status is HealthStatus.MISSING
    found = scripts.actions_of("example.com", "Toy")
    assert discover_actions(found.discovery, TOY) == [Action(name="grow")]
    [impact] = run_action(found.actions["grow"], TOY)
    assert impact.manifest["spec"] == {"size": 4, "parts": []}
    assert impact.manifest["metadata"] == TOY["metadata"]


def test_folders_that_are_none_or_lead_out_are_refused(tmp_path):
    with pytest.raises(LuaError, match="no folder"):
        load_scripts(tmp_path / "none")
    put(tmp_path, "outside.txt", "secret")
    inside = tmp_path / "scripts" / "a" / "B"
    inside.mkdir(parents=True)
    (inside / "health.lua").symlink_to(tmp_path / "outside.txt")
    with pytest.raises(LuaError, match="leads out"):
        load_scripts(tmp_path / "scripts")
    (inside / "health.lua").unlink()
    (inside / "health.lua").write_bytes(b"\xff\xfe")
    with pytest.raises(LuaError, match="UTF-8"):
        load_scripts(tmp_path / "scripts")


def test_customizations_of_the_config_map():
    scripts = read_customizations(
        {
            "resource.customizations": (
                "old.com/Kind:\n  health.lua: return {status='Healthy'}\n  health.lua.useOpenLibs: true\n"
            ),
            "resource.customizations.health.example.com_Toy": "return {status='Degraded'}",
            "resource.customizations.useOpenLibs.example.com_Toy": "true",
            "resource.customizations.health.ConfigMap": "return {status='Healthy'}",
            "resource.customizations.actions.example.com_Toy": (
                "discovery.lua: return {a={disabled=true, displayName='A', iconClass='i', params={{name='n'}}}}\n"
                "definitions:\n- name: a\n  action.lua: obj.spec.size = tonumber(actionParams.n) return obj\n"
            ),
            "other": "x",
        }
    )
    assert (
        scripts.health_of("old.com", "Kind").open_libs and scripts.health_of("example.com", "Toy").open_libs
    )
    assert not scripts.health_of("", "ConfigMap").open_libs
    actions = scripts.actions_of("example.com", "Toy")
    expected = Action(name="a", disabled=True, display_name="A", icon="i", params=({"name": "n"},))
    assert discover_actions(actions.discovery, TOY) == [expected]
    assert run_action(actions.actions["a"], TOY, {"n": "9"})[0].manifest["spec"]["size"] == 9


@pytest.mark.parametrize("text", ["[", "- list"])
def test_customizations_that_are_no_mapping_are_refused(text):
    with pytest.raises(LuaError, match="argocd-cm"):
        read_customizations({"resource.customizations": text})


def test_users_own_scripts_come_before_a_folders():
    mine = Scripts(health={"a/B": script("return {status='Degraded'}")})
    shipped = Scripts(
        health={"a/B": script("return {status='Healthy'}"), "a/*": script("return {status='Missing'}")}
    )
    both = mine.over(shipped)
    assert both.health_of("a", "B").text == mine.health["a/B"].text
    assert both.health_of("a", "C") is not None and both.health_of("b", "C") is None


def test_actions_that_create_and_patch():
    text = "return {{operation='create', resource={kind='Job', spec={}}}, {operation='patch', resource=obj}}"
    created, patched = run_action(script(text), TOY)
    assert created == Impact(operation="create", manifest={"kind": "Job", "spec": []})
    assert patched.operation == "patch" and patched.manifest["metadata"]["labels"] == {}


@pytest.mark.parametrize(
    "text", ["return {}", "return 1", "return {{operation='drop', resource={}}}", "return {1}"]
)
def test_actions_that_return_something_else_are_refused(text):
    with pytest.raises(LuaError):
        run_action(script(text), TOY)


def test_discovery_of_nothing_and_of_nonsense():
    assert discover_actions(script("return {}"), TOY) == []
    with pytest.raises(LuaError):
        discover_actions(script("return {1, 2}"), TOY)
