"""One function a verb. Importing this package fills ``monitor.scenario.registry.VERBS``."""

from monitor.scenario.verbs import app, consent, flow, policy, touch, wait

__all__ = ["app", "consent", "flow", "policy", "touch", "wait"]
