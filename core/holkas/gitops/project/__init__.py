"""What an AppProject permits, and when: sources, destinations, kinds of resources, namespaces, sync windows. Pure."""

from holkas.gitops.project.permission import Refusal, check_application
from holkas.gitops.project.resources import is_group_kind_permitted, is_resource_permitted
from holkas.gitops.project.windows import WindowState, can_sync, window_states, windows_of

__all__ = [
    "Refusal",
    "WindowState",
    "can_sync",
    "check_application",
    "is_group_kind_permitted",
    "is_resource_permitted",
    "window_states",
    "windows_of",
]
