"""What is done with a bundle after recording: repair after a crash, re-analysis, copies for others."""

import re
import shutil
from pathlib import Path
from typing import Final

from monitor.base.errors import EvidenceDamaged, InputError, writing
from monitor.base.output import folder
from monitor.evidence import bag, custody, dsse, seal
from monitor.evidence.attested import check_results
from monitor.evidence.bundle import Bundle, add_public, new_folder
from monitor.evidence.head import PUBLIC_KEY, public_keys, read_head
from monitor.evidence.keys import Signer
from monitor.evidence.log import Head
from monitor.evidence.recovery import Recovered, recover
from monitor.evidence.redaction import DISCLOSURES, KEY, Vault
from monitor.evidence.writer import TEMPORARY, synced, write_file

_LEFTOVER: Final = re.compile(rf"\.(.+)\.[0-9a-f]{{16}}{re.escape(TEMPORARY)}")
#: Files that are written again after sealing.
_REWRITTEN: Final = frozenset({*seal.DERIVED, seal.FINDINGS, seal.TOKEN, seal.HANDOVER, custody.FILE})


def set_aside(bundle: Path, head: Head) -> str:
    """Move the existing results to ``earlier``, completely or not at all, before an analysis writes its own; ``head``:
    that of the log. Returns the folder (``earlier/001``), empty if nothing was kept.

    Results that differ from what was attested are left over from an interrupted analysis, or were changed: they are not
    kept.
    """
    top = bundle / seal.EARLIER
    for leftover in top.glob(f".*{TEMPORARY}"):
        shutil.rmtree(leftover)
    if not _stand(bundle, head):
        return ""
    number = 1 + sum(1 for _ in top.iterdir()) if top.is_dir() else 1
    staging = top / f".{number:03}{TEMPORARY}"
    staging.mkdir(parents=True)
    for name in (*seal.DERIVED, seal.FINDINGS):
        if (bundle / name).is_file():
            write_file(staging / name, (bundle / name).read_bytes())
    staging.rename(top / f"{number:03}")
    for directory in (top, bundle):
        synced(directory)
    return f"{seal.EARLIER}/{number:03}"


def sweep(bundle: Path) -> None:
    """Remove what an interrupted assessment or time-stamp left half written: nobody attested it, and with it the bundle
    would be refused. Call before something is written anew; the bundle may be a hostile one."""
    for path in bundle.glob(f".*{TEMPORARY}"):
        written = _LEFTOVER.fullmatch(path.name)
        if written and written[1] in _REWRITTEN and path.is_file() and not path.is_symlink():
            path.unlink()
    earlier = bundle / seal.EARLIER
    if earlier.is_dir() and not earlier.is_symlink():
        for path in earlier.glob(f".[0-9][0-9][0-9]{TEMPORARY}"):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
        if not any(earlier.iterdir()):
            earlier.rmdir()
    custody.cut_torn(bundle)


def _stand(bundle: Path, head: Head) -> bool:
    """Whether there are results that match their attestation."""
    if not (bundle / seal.FINDINGS).is_file():
        return False
    try:
        return bool(check_results(bundle, "", head, custody.check(bundle), {}, version=1))
    except EvidenceDamaged:
        return False


def export(bundle: Bundle, out: Path) -> Signer:
    """Copy everything that belongs in a bundle, except the private part, to the new or empty directory ``out``.

    The copy verifies like the original and has its own attestation, by the signer that is returned. Raises
    ``EnvironmentFault``, ``InputError``.
    """
    new_folder(out)
    signer = bundle.signer()
    names = [name for name in sorted(bag.FILES - {seal.HANDOVER}) if (bundle.path / name).is_file()]
    for top in ("data", seal.EARLIER):
        names += bag.files(bundle.path, top) if (bundle.path / top).is_dir() else ()
    with writing(out):
        custody.note(bundle.path, signer, "exported", without="private")
        for name in names:
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(bundle.path / name, target, follow_symlinks=False)
        payload = seal.handover_statement(out, read_head(out).root)
        write_file(out / seal.HANDOVER, dsse.envelope(payload, signer, public=signer.public.pem().decode()))
    return signer


def recover_bundle(path: Path, key: Path | None = None) -> Recovered:
    """Repair the log of an interrupted recording; ``Bundle.open(path, found.signer).seal(session)`` comes next. Without
    ``key`` a new key signs: the recording's own existed only in its process.

    Raises ``InputError`` (no bundle, sealed), ``EnvironmentFault`` (still recording) or ``EvidenceDamaged``.
    """
    bundle = Bundle.open(path, key)
    if bundle.sealed:
        raise InputError("the bundle is sealed: nothing to recover", where=str(path))
    folder(path, empty=False)
    bundle.take_lock()
    try:
        signer = bundle.signer()
        for leftover in [*path.rglob(f".*{TEMPORARY}"), *path.glob("*/blobs/*/.*")]:
            leftover.unlink(missing_ok=True)
        (path / "private/seal.key").unlink(missing_ok=True)  # kept by earlier versions
        if not (path / PUBLIC_KEY).exists():
            write_file(path / PUBLIC_KEY, signer.public.pem())
        if not (path / "private" / KEY).exists() and not (path / "private" / DISCLOSURES).exists():
            Vault.create(path / "private").close()  # interrupted before there was any value
        add_public(path, signer.public)
        result = recover(path, signer, public_keys(path))
        custody.cut_torn(path)
        custody.note(path, signer, "recovered", torn_bytes=str(result.torn_bytes), events=str(result.size))
    finally:
        bundle.drop_lock()
    return result._replace(signer=signer)
