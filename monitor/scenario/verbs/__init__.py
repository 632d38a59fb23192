"""One function a verb. Importing this package fills ``monitor.scenario.registry.VERBS``."""

from monitor.scenario.verbs import app, consent, flow, touch, wait

__all__ = ["app", "consent", "flow", "touch", "wait"]
