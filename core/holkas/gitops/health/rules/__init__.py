"""Health of custom kinds, as data: short rules over conditions and fields.

:mod:`.language` says what a rule looks like, the YAML files beside it hold the rules, :mod:`.catalog` finds the
rules of a kind.
"""
