"""Build hook: compiles the agent, so that a wheel brings it ready to use."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AgentHook(BuildHookInterface[Any]):
    """Puts the compiled agent into ``hooks/agent/build``, from where the wheel takes it."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files are collected; an editable install compiles at first use instead."""
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from monitor.collectors.agent_build import agent

            agent(Path(self.root) / "hooks" / "agent")
        finally:
            sys.path.remove(self.root)
