"""The framework's source, unpacked: Java, AIDL, protocol buffers, and what names resources and permissions."""

from __future__ import annotations

from pathlib import Path

from emulator.art.android_source import archives
from emulator.art.place import Place

#: Folders of packages; the first that has a file is taken.
ROOTS = (
    *("core/java", "media/java", "telephony/java", "telephony/common", "location/java", "location/lib/java"),
    *("telecomm/java", "graphics/java", "keystore/java", "drm/java", "wifi/java/src", "identity/java", "omapi/java"),
    *("apex/jobscheduler/framework/java", "apex/blobstore/framework/java", "mms/java", "opengl/java", "sax/java"),
    *("mime/java", "rs/java", "nfc-extras/java"),
)
#: As `ROOTS`, for interfaces.
AIDL_ROOTS = (*ROOTS, "omapi/aidl")
PROTOS = "core/proto"
MANIFEST = "core/res/AndroidManifest.xml"
PUBLIC = ("core/res/res/values/public-final.xml", "core/res/res/values/public-staging.xml")


def run(place: Place) -> None:
    """To ``work/src``."""
    tree = place.work / "src"
    tree.mkdir()
    wanted = [f"./{root}/*.{kind}" for root in AIDL_ROOTS for kind in ("java", "aidl", "logtags")]
    wanted += [f"./{PROTOS}/*.proto", *(f"./{name}" for name in (MANIFEST, *PUBLIC))]
    archive = archives()[34]
    listed = place.work / "wanted"
    listed.write_text("\n".join(wanted) + "\n")
    # What no file matches (not every root has every kind) is an error for tar alone: it is checked below.
    command = f'tar -xJf "{archive}" -C "{tree}" --wildcards -T "{listed}" 2>/dev/null; true'
    place.run("source", ["sh", "-c", command])
    missing = [name for name in (*ROOTS[:1], PROTOS, MANIFEST, *PUBLIC) if not (tree / name).exists()]
    assert not missing, f"the source has no {missing[0]}"


def files(tree: Path, suffix: str, roots: tuple[str, ...] = ROOTS) -> dict[str, Path]:
    """The files of a kind by their path within a root."""
    found: dict[str, Path] = {}
    for root in roots:
        for path in sorted((tree / root).rglob(f"*{suffix}")):
            if "aidl_api" not in path.parts:
                found.setdefault(path.relative_to(tree / root).as_posix(), path)
    return found
