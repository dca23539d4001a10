"""The six kinds of tool that take software from a commit to production, one abstract class a file.

What holds for all of them:

*Life cycle.* A provider makes the tool when it is first needed; the tool is used, then closed once. Making one
does not connect: the first method that needs the server does.

*Threads.* Every method may be called from several threads at once, unless its class says otherwise.

*Errors.* :mod:`holkas.roles.errors`: ``Retryable`` for what may work later, ``NotFound``, ``AccessDenied``,
``Unsupported``, ``Conflict``, ``Corrupt``, and ``ToolError`` for everything else. No other exception leaves
a tool. No message holds a secret.

*Units.* Times are seconds since the epoch, durations seconds, sizes bytes; digests are ``sha256:`` and hex
digits.

*Capabilities.* A tool lists its flags in ``capabilities``; a method behind a flag that it has not got raises
``Unsupported``, as the methods of the abstract class do.

*Once or twice.* The core repeats a call after a crash or a ``Retryable``. Every method that changes
something is therefore harmless when it is repeated with the same arguments.
"""
