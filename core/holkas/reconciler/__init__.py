"""The one loop of GitOps: render, compare, decide, record, apply through a target, look at the health, again."""
