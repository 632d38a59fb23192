"""Build hook: compiles the agent, so that a wheel brings it ready to use, and chooses the emulator's files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


def emulator_files(root: Path) -> dict[str, str]:
    """What the wheel takes of ``emulator/``: not the patches of the Android Runtime bed. Some are under GPL-2.0 with
    the Classpath Exception; a bed is built in the source tree."""
    inside = {path: path.relative_to(root) for path in sorted((root / "emulator").rglob("*")) if path.is_file()}
    left_out = ("__pycache__", "patches", "compiler")
    return {
        str(path): f"monitor/_bundled/{name.as_posix()}"
        for path, name in inside.items()
        if not any(part in left_out for part in name.parts)
    }


class AgentHook(BuildHookInterface[Any]):
    """Puts the compiled agent into ``hooks/agent/build``, from where the wheel takes it."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files are collected; an editable install compiles at first use instead."""
        if self.target_name != "wheel" or version == "editable":
            return
        build_data["force_include"].update(emulator_files(Path(self.root)))
        sys.path.insert(0, self.root)
        try:
            from monitor.collectors.agent_build import agent

            agent(Path(self.root) / "hooks" / "agent")
        finally:
            sys.path.remove(self.root)
