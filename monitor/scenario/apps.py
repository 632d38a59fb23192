"""The sample apps that come with the monitor, as files that can be installed."""

import re
import zipfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

from monitor.base import errors, paths, process

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
#: Libraries inside the sample apps that can be tested on their own: name to folder of their classes.
_LIBRARIES = {"beacon": "cn/beacon/analytics", "adnova": "com/adnova/sdk", "pushwave": "io/pushwave/client"}
_MANIFEST = re.compile(r"apps/[a-z0-9][a-z0-9-]*/AndroidManifest\.xml")


def _read(chosen: Callable[[str], bool]) -> dict[str, bytes]:
    """Files of the sample apps, by their names in the jar. Raises ``EnvironmentFault`` if it cannot be read."""
    jar = paths.bundled("emulator") / "java" / "standin.jar"
    try:
        with zipfile.ZipFile(jar) as archive:
            return {entry: archive.read(entry) for entry in archive.namelist() if chosen(entry) and entry[-1] != "/"}
    except (OSError, zipfile.BadZipFile) as error:
        hint = "reinstall the package, or run: python -m emulator.generate"
        raise errors.EnvironmentFault("the sample apps cannot be read", where=str(jar), hint=hint) from error


def bundled_apps() -> list[str]:
    """Names of the sample apps. Raises ``EnvironmentFault`` if the jar is missing or damaged."""
    return sorted(entry.split("/")[1] for entry in _read(lambda entry: _MANIFEST.fullmatch(entry) is not None))


def file_or_sample(named: str, stack: ExitStack) -> Path:
    """A file, or the sample app or library of this name, written to a directory that is there as long as the stack is
    open. Raises as ``bundled_app`` does."""
    if Path(named).exists() or (named not in _LIBRARIES and named not in bundled_apps()):
        return Path(named)
    make = bundled_library if named in _LIBRARIES else bundled_app
    return make(named, stack.enter_context(process.Scratch()).path)


def bundled_app(name: str, directory: Path) -> Path:
    """Writes the sample app ``name`` to ``directory`` and returns the file, ``<name>.apk``.

    It is a zip with ``AndroidManifest.xml`` (plain text) and ``classes/**``. Entries are sorted and have a fixed
    time: the same jar gives the same bytes, so that the app's digest can be compared between runs. Raises
    ``InputError`` for an unknown name, ``EnvironmentFault`` if the jar cannot be read or the file not written.
    """
    apps, root = bundled_apps(), f"apps/{name}/"
    if name not in apps:
        raise errors.InputError(f"no such sample app: {name!r}", hint=f"use one of: {', '.join(apps) or 'none'}")
    files = _read(lambda entry: entry.startswith(root))
    stripped = {entry.removeprefix(root): data for entry, data in files.items()}
    return zipped(directory / f"{name}.apk", stripped, zipfile.ZIP_STORED)


def bundled_library(name: str, directory: Path) -> Path:
    """Writes the sample library ``name`` (a key of ``_LIBRARIES``) to ``directory`` as ``<name>.jar``. Raises
    ``EnvironmentFault`` if the jar cannot be read or the file not written."""
    root = "apps/shop/classes/"
    files = _read(lambda entry: entry.startswith(f"{root}{_LIBRARIES[name]}/"))
    return zipped(directory / f"{name}.jar", {entry.removeprefix(root): data for entry, data in files.items()})


def zipped(target: Path, files: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write an archive whose entries are sorted and have a fixed time: the same files give the same bytes. Raises
    ``EnvironmentFault`` if it cannot be written."""
    with errors.writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(target, "w") as out:
            for name in sorted(files):
                info = zipfile.ZipInfo(name, _FIXED_TIME)
                info.create_system, info.external_attr = 3, 0o644 << 16
                out.writestr(info, files[name], how)
    return target
