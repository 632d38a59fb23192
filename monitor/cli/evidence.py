"""Commands on the evidence itself: verify, recover, redact, timestamp, prove, key.

What only some of them need is loaded by them: ``verify`` loads no rules.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from monitor.base.errors import EvidenceDamaged, InputError, reading, writing
from monitor.base.output import inert_json
from monitor.cli._common import File, Files, Words, existing_bundle, results_line, trusted_keys, whole_bundle
from monitor.cli._words import current_lang, t
from monitor.evidence import keeping, keys, merkle
from monitor.evidence.attested import Results
from monitor.evidence.bundle import Bundle
from monitor.evidence.standalone.verify import FINDINGS, ORIGINAL, SEAL, TOKEN
from monitor.evidence.timestamp import check_authority
from monitor.evidence.verify import Verified
from monitor.evidence.verify import verify as verify_bundle


def _pem(files: list[Path] | None) -> list[bytes]:
    found = []
    for path in files or ():
        with reading(path):
            found.append(path.read_bytes()[:1_000_000])
        if b"-----BEGIN CERTIFICATE-----" not in found[-1]:
            raise InputError("not a PEM certificate", where=str(path))
    return found


def verify(bundle: Path, *, key: str = "", tsa_root: Files = None, results_key: Words = None) -> None:
    """Verify a bundle. Exits 0 only if nothing was changed since the recording."""
    if not bundle.is_dir():
        raise InputError("no such bundle", where=str(bundle), hint="give the directory that monitor run created")
    try:
        found = verify_bundle(bundle, key, _pem(tsa_root), results_keys=trusted_keys(results_key))
    except EvidenceDamaged as damage:
        damage.hint = damage.hint or ORIGINAL
        raise
    print("\n".join(_account(found)))
    from monitor.cli._show import warn_tables  # compares tables, of which the check of the bytes needs none

    warn_tables(bundle, found.log)


def _account(found: Verified) -> Iterator[str]:
    yield t("cli.verified", events=found.events, files=len(found.listed), root=found.root)
    yield t(f"cli.verified.{'trusted' if found.sealers else 'untrusted'}", key=found.seal.by)
    for one in found.recovered():
        yield t("cli.verified.recovered", events=one["events"], torn=one["torn_bytes"], key=one["by"])
    results = found.results()
    yield results_line(Results(results.whose, results.key) if results else Results())
    for attested in found.attested:
        if attested is not results:
            yield t(f"cli.verified.attested.{attested.whose}", file=attested.file, key=attested.key)
    if found.withheld:
        yield t("cli.verified.withheld", number=found.withheld)
    yield t(f"cli.verified.{'first_format' if found.first else 'custody'}", entries=len(found.entries))
    if not found.private:
        yield t("cli.verified.no_private")
    if ahead := found.clock_ahead():
        yield t("cli.verified.clock_ahead", seconds=ahead)
    time = "timestamp" if found.roots else "timestamp_untrusted"
    yield t(f"cli.verified.{time if found.timestamp else 'no_time'}", time=found.timestamp)


def recover(bundle: Path, *, key: File = None) -> None:
    """Repair, seal and assess an interrupted recording. For example after a power failure or kill -9."""
    from monitor.assess.evaluate import reanalyse, seal_recovered
    from monitor.cli._show import show_written

    if (bundle / SEAL).is_file() and not (bundle / FINDINGS).is_file():
        log = whole_bundle(bundle, results=False).log
        again = reanalyse(bundle, lang=current_lang(), key=key, recorded=True, log=log)
        print(t("cli.recovered.results"))
        show_written(again.written, bundle, own=key is not None)
        return
    result = keeping.recover_bundle(existing_bundle(bundle), key)
    seal_recovered(bundle, result.signer)
    reanalyse(bundle, lang=current_lang(), key=result.signer, recorded=True)
    print(t("cli.recovered", events=result.size, torn=result.torn_bytes))
    if result.signer:
        print(t("cli.key.sealed", key=result.signer.public.id))


def redact(bundle: Path, *, output: Path, key: File = None, results_key: Words = None) -> None:
    """Make a copy without the private part for others. It still verifies."""
    from monitor.assess.handover import redact as redact_bundle

    whole_bundle(bundle, keys=results_key)
    used = redact_bundle(bundle, output, key)
    print(t("cli.done", path=output))
    print(t("cli.key.handover", key=used))


def timestamp(bundle: Path, *, url: str, tsa_root: Files = None, key: File = None) -> None:
    """Obtain an RFC 3161 time-stamp for the recording. Only the digest of the seal's signature is sent."""
    check_authority(url)
    keeping.sweep(existing_bundle(bundle))
    verify_bundle(bundle, token=False, results_keys=None)  # an earlier token is replaced
    Bundle.open(bundle, key).timestamp(url)
    verify_bundle(bundle, roots=_pem(tsa_root), results_keys=None)
    print(t("cli.timestamped", path=bundle / TOKEN))


def prove(bundle: Path, event: int = 0, *, root: str = "") -> None:
    """Prove that an event is in a recording, or check a proof. The other events are not disclosed."""
    if bundle.is_dir():
        if not event:
            raise InputError("EVENT is missing", where=str(bundle), hint="the number that monitor events BUNDLE shows")
        whole_bundle(bundle, anyones=True)
        print(inert_json(json.dumps(merkle.prove(bundle, event), ensure_ascii=False, indent=1).encode()).decode())
        return
    with reading(bundle):
        data = bundle.read_bytes()[: 32 << 20]
    try:
        seq, found = merkle.check_proof(data)
    except EvidenceDamaged as damage:
        raise EvidenceDamaged(damage.message, where=str(bundle)) from None
    if root and root != found:
        raise EvidenceDamaged("the proof is for another recording", where=str(bundle), expected=root, actual=found)
    print(t("cli.proved", seq=seq, root=found))


def new(path: Path) -> None:
    """Create a key to seal with. Give the public half, or its ID, to those who verify."""
    signer, public = keys.Signer.generate(), path.with_name(path.name + ".pub")
    with writing(path):
        signer.save(path)
    with writing(public), public.open("xb") as file:
        file.write(signer.public.pem())
    print(t("cli.key.made", key=signer.public.id, private=path, public=public))


def show(path: Path) -> None:
    """Show the ID of a key. A run prints it, and monitor verify names it."""
    key = keys.load_public(path)
    print(t("cli.key.shown", key=key.id))
    print(key.pem().decode(), end="")


COMMANDS: Final = {
    "verify": verify, "recover": recover, "redact": redact, "timestamp": timestamp, "prove": prove,
    "key": {"new": new, "show": show},
}  # fmt: skip
