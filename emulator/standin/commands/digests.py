"""Digests of files: md5sum, sha1sum, sha256sum."""

from __future__ import annotations

import hashlib

from emulator.standin.shell.context import CommandFunction, Context

from .options import Usage, bad_usage, options
from .paths import inputs


def _hasher(kind: str) -> CommandFunction:
    async def run(ctx: Context, args: list[str]) -> int:
        try:
            given, paths = options(args, "b")
        except Usage as bad:
            return await bad_usage(ctx, kind, str(bad))
        found = await inputs(ctx, kind, paths)
        for path, data in found:
            digest = hashlib.new(kind.removesuffix("sum"), data, usedforsecurity=False).hexdigest()
            await ctx.say(digest if "b" in given else f"{digest}  {path}")
        return 0 if len(found) >= len(paths) else 1

    return run


COMMANDS = {kind: _hasher(kind) for kind in ("md5sum", "sha1sum", "sha256sum")}
