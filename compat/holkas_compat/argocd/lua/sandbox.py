"""One run of one script in a fresh Lua machine that can do nothing but compute.

A script sees what Argo CD gives it: the manifest as ``obj``, Lua's basic functions, ``table``, and of ``os`` the time;
with open libraries also ``string``, ``math`` and ``coroutine``. It has no way to files, processes, other code or Python,
a second or two, and a bounded memory. Source: Argo CD, "Custom Health Checks" (Lua), "useOpenLibs".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from holkas_compat.argocd.lua.values import ConversionError, from_lua, to_lua

SECONDS = 1.0
MEMORY = 64 * 1024 * 1024
SCRIPT_SIZE = 1024 * 1024

_PREPARE = r"""
local seconds, open_libs = ...
local sethook, clock, error, type, select = debug.sethook, os.clock, error, type, select
jit.off()
jit.flush()
local time, date = os.time, os.date
local safe_os = { time = time, date = date, clock = clock }
local find, match, gmatch, gsub = string.find, string.match, string.gmatch, string.gsub
local log, rep, unpack, pcall = math.log, string.rep, unpack, pcall
local function keep(library, names)
  local kept = {}
  for name in gmatch(names, "%w+") do kept[name] = library[name] end
  return kept
end
-- Matching is C code that no hook can stop, and its time is a power of the number of repetitions in the pattern.
local function bounded(subject, pattern)
  if type(subject) == "number" then subject = subject .. "" end
  if type(pattern) == "number" then pattern = pattern .. "" end
  if type(subject) ~= "string" or type(pattern) ~= "string" then return end
  local _, repeats = gsub(pattern, "[%*%+%-%?]", "")
  if repeats > 0 and repeats * log(#subject + 2) > 24 then
    error("the pattern could take too long for this text", 3)
  end
end
local bounded_string = keep(string, "byte char format len lower upper reverse sub")
function bounded_string.rep(s, n)
  if type(s) == "string" and type(n) == "number" and #s * n > 1e6 then error("the text would be too long", 2) end
  return rep(s, n)
end
function bounded_string.find(s, p, init, plain)
  if not plain then bounded(s, p) end
  return find(s, p, init, plain)
end
function bounded_string.match(s, p, ...) bounded(s, p) return match(s, p, ...) end
function bounded_string.gmatch(s, p) bounded(s, p) return gmatch(s, p) end
function bounded_string.gsub(s, p, ...) bounded(s, p) return gsub(s, p, ...) end
local libraries = { table = table, os = safe_os }
local string_metatable = getmetatable("")
string_metatable.__index, string_metatable.__metatable = {}, false
if open_libs then
  string_metatable.__index = bounded_string
  libraries.string = bounded_string
  libraries.math = keep(math, "abs acos asin atan atan2 ceil cos cosh deg exp floor fmod frexp huge ldexp log log10 "
    .. "max min mod modf pi pow rad random randomseed sin sinh sqrt tan tanh")
  libraries.coroutine = coroutine
end
local environment = keep(_G, "assert error ipairs next pairs pcall rawequal rawget rawset select setmetatable "
  .. "tonumber tostring type unpack")
-- Lua's own would run the handler while hooks are off.
local function handled(handler, ok, ...)
  if ok then return true, ... end
  return false, handler(...)
end
environment.xpcall = function(f, handler, ...) return handled(handler, pcall(f, ...)) end
environment.getmetatable = function(value)
  if type(value) == "string" then return nil end
  return getmetatable(value)
end
environment._VERSION = _VERSION
environment._G = environment
environment.print = function() end
for name, library in pairs(libraries) do environment[name] = library end
environment.require = function(name)
  return libraries[name] or error("module '" .. tostring(name) .. "' is not there for health checks and actions", 2)
end
local load = loadstring
return function(source, name, obj, params)
  local chunk, problem = load(source, name)
  if not chunk then error(problem, 0) end
  environment.obj, environment.actionParams = obj, params
  setfenv(chunk, environment)
  -- Processor time counts other threads too, and the clock on the wall has whole seconds only: both must be over.
  local ends, ends_on_wall = clock() + seconds, time() + seconds
  local function too_long()
    if clock() > ends and time() > ends_on_wall then
      -- From here on at every instruction, so that no pcall of the script can live on.
      sethook(too_long, "", 1)
      error("the script ran longer than " .. seconds .. " s", 0)
    end
  end
  sethook(too_long, "", 200)
  local result = chunk()
  sethook()
  return result
end
"""


class LuaError(Exception):
    """A script could not be run, or what it gave back is not what was asked for; the text is one sentence."""


def run_lua(
    script: str,
    manifest: Mapping[str, Any],
    *,
    name: str = "script",
    open_libs: bool = False,
    params: Mapping[str, str] | None = None,
) -> Any:
    """What a script returns for a manifest, as plain values; a table that is a list is a list, an empty one too.

    name: for messages. params: ``actionParams`` in Lua. Raises LuaError, also when ``lupa`` is not installed.
    """
    if len(script) > SCRIPT_SIZE:
        raise LuaError(f"{name} is larger than {SCRIPT_SIZE} characters")
    lupa = _library()
    machine = lupa.LuaRuntime(
        register_eval=False,
        register_builtins=False,
        attribute_filter=_nothing,
        max_memory=MEMORY,
    )
    try:
        call = machine.compile(_PREPARE)(SECONDS, open_libs)
        given = to_lua(machine, params or {})
        return from_lua(call(script, f"={name}", to_lua(machine, manifest), given), lupa)
    except lupa.LuaMemoryError:
        raise LuaError(f"{name} needs more than {MEMORY // 1024 // 1024} MiB") from None
    except (lupa.LuaError, ConversionError, UnicodeDecodeError) as error:
        raise LuaError(_one_line(str(error), name)) from None


def _nothing(target: object, attribute: object, setting: bool) -> str:
    raise AttributeError("Lua has no access to Python")


def _one_line(text: str, name: str) -> str:
    line = text.partition("\nstack traceback")[0].replace("\n", " ").strip()
    return line if line.startswith(name) else f"{name}: {line}"


def _library() -> Any:
    try:
        import lupa.luajit21 as library
    except ImportError:
        raise LuaError("Lua scripts need the library lupa: pip install 'holkas[lua]'") from None
    return library
