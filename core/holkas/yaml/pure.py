"""Events without the C parser."""
from __future__ import annotations
from holkas.yaml.events import NextEvent
def events(text: str) -> NextEvent:
    import ruamel.yaml
    y=ruamel.yaml.YAML(typ='safe',pure=True); y.version=(1,1)
    it=iter(y.parse(text))
    return lambda: next(it,None)
