"""What the app's manifest asks for beyond the declaration: known before the app runs, and no behaviour."""

from collections.abc import Iterable
from typing import Final

from monitor.analysis.guarded import FAR_REACHING, permission_entry, short
from monitor.declaration import Declaration
from monitor.reasons import Code, Coverage, coverage_line, reason

_NAMED: Final = 40


def manifest_note(manifest: Iterable[str], declaration: Declaration) -> Coverage | None:
    """A note naming the permissions in the manifest that need the user's consent or reach far, and that the declaration
    does not list. None if there are none, or if the declaration has no list of permissions."""
    if declaration.permissions is None:
        return None
    declared = {short(permission.name) for permission in declaration.permissions}
    extra = sorted({short(name) for name in manifest if _matters(name)} - declared)
    if not extra:
        return None
    names = ", ".join(extra[:_NAMED]) + (" …" if len(extra) > _NAMED else "")
    detail = {"count": str(len(extra))}
    why = reason(Code.MANIFEST_PERMISSIONS, permissions=names)
    return coverage_line("note", "manifest_permissions", "note", why, detail=detail)


def _matters(name: str) -> bool:
    return bool(permission_entry(name)) or short(name) in FAR_REACHING
