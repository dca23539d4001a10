"""Explanations of the codes for parameters and the use of variables."""

from __future__ import annotations

from holkas.model.code import CodeDoc

PARAM_CODES: dict[str, CodeDoc] = {
    "T301": CodeDoc(
        "a parameter of an unknown type",
        "Parameters are of type `string` (the default), `array` or `object`, in lower case.",
    ),
    "T302": CodeDoc(
        "the default is of another type than the parameter",
        "A default of a parameter of type array is a list, of type object a mapping. Without `type` the default "
        "decides.",
    ),
    "T303": CodeDoc("a key of an object parameter is not a string", "Keys of objects can hold strings only."),
    "T304": CodeDoc("two parameters of one name", "Each parameter is declared once."),
    "T305": CodeDoc("enum on a parameter that is no string", "`enum` lists the values a string may have."),
    "T306": CodeDoc("a value twice in enum", "Each allowed value is listed once."),
    "T307": CodeDoc(
        "the default is not among the allowed values", "Add it to `enum`, or choose another default."
    ),
    "T308": CodeDoc(
        "the name of a parameter is not valid",
        "Letters, digits, `-`, `_` and `.`, starting with a letter or `_`.",
    ),
    "T309": CodeDoc(
        "the name or a key of an object parameter is not valid",
        "Letters, digits, `-` and `_`, starting with a letter or `_`. A dot separates the object from its key.",
    ),
    "T310": CodeDoc(
        "an object parameter without properties",
        "List the keys that the object has: `properties: {url: {type: string}}`.",
    ),
    "T311": CodeDoc(
        "a variable that does not exist",
        "The text refers to a parameter, result, key or context variable that nothing declares, so it would stay "
        "as it is. Usually the name is misspelt or the declaration is missing.",
    ),
    "T312": CodeDoc(
        "an array or object where a string is needed",
        "Images, scripts, names and the like are strings. Use one element (`$(params.list[0])`) or one key "
        "(`$(params.repo.url)`); a whole array may stand in `command` and `args`.",
    ),
    "T313": CodeDoc(
        "a whole array with text beside it",
        "`$(params.list[*])` becomes several elements, so it must be the only thing in its element of `command`, "
        "`args` or an array.",
    ),
    "T314": CodeDoc(
        "too many dots in a reference",
        'After `params` come a name and at most one key. A name with dots is written `$(params["a.b"])`.',
    ),
    "T315": CodeDoc(
        "a reference that starts with an unknown word",
        "What a pipeline gives to its tasks may refer to params, tasks, finally, context, workspaces and results. "
        "Variables and commands of the shell look alike but are not meant here: write `${VAR}`, or put the command "
        "into the script.",
    ),
    "T316": CodeDoc(
        "a task's result in the params of a run",
        "Params are given before the first task runs. Results are used in the pipeline, between its tasks.",
    ),
}
