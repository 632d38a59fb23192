"""Commands on the evidence itself: verify, recover, redact, timestamp, prove, key.

What only some of them need is loaded by them: ``verify`` loads no rules.
"""

import json
from pathlib import Path
from typing import Final

from monitor.base.errors import EvidenceDamaged, InputError, reading
from monitor.base.output import inert_json
from monitor.cli._common import existing_bundle, results_line, trusted_keys, whole_bundle
from monitor.evidence.attested import Results
from monitor.evidence.bundle import Bundle
from monitor.evidence.keeping import recover_bundle
from monitor.evidence.keys import Signer, load_public
from monitor.evidence.merkle import check_proof
from monitor.evidence.merkle import prove as prove_event
from monitor.evidence.standalone.verify import FINDINGS, ORIGINAL, SEAL, TOKEN
from monitor.evidence.timestamp import check_authority
from monitor.evidence.verify import Verified
from monitor.evidence.verify import verify as verify_bundle
from monitor.text import t


def _pem(files: list[Path] | None) -> list[bytes]:
    found = []
    for path in files or ():
        with reading(path):
            found.append(path.read_bytes()[:1_000_000])
        if b"-----BEGIN CERTIFICATE-----" not in found[-1]:
            raise InputError("not a PEM certificate", where=str(path))
    return found


def verify(
    bundle: Path,
    *,
    key: Path | None = None,
    tsa_root: list[Path] | None = None,
    results_key: list[str] | None = None,
    lang: str = "",
) -> None:
    """Verify a bundle. Exits 0 only if nothing was changed since the recording."""
    if not bundle.is_dir():
        raise InputError("no such bundle", where=str(bundle), hint="give the directory that monitor run created")
    try:
        found = verify_bundle(bundle, key, _pem(tsa_root), results_keys=trusted_keys(results_key))
    except EvidenceDamaged as damage:
        damage.hint = damage.hint or ORIGINAL
        raise
    print("\n".join(_account(found, lang)))


def _account(found: Verified, lang: str) -> list[str]:
    lines = [
        t("cli.verified", lang, events=found.events, files=len(found.listed), root=found.root),
        t(f"cli.verified.{'trusted' if found.sealers else 'untrusted'}", lang, key=found.seal.by),
    ]
    lines += [
        t("cli.verified.recovered", lang, events=one["events"], torn=one["torn_bytes"], key=one["by"])
        for one in found.recovered()
    ]
    results = found.results()
    lines.append(results_line(Results(results.whose, results.key) if results else Results(), lang))
    lines += [
        t(f"cli.verified.attested.{one.whose}", lang, file=one.file, key=one.key)
        for one in found.attested
        if one is not results
    ]
    if found.withheld:
        lines.append(t("cli.verified.withheld", lang, number=found.withheld))
    form = "first_format" if found.first else "custody"
    lines.append(t(f"cli.verified.{form}", lang, entries=len(found.entries)))
    if not found.private:
        lines.append(t("cli.verified.no_private", lang))
    time = "timestamp" if found.roots else "timestamp_untrusted"
    lines.append(t(f"cli.verified.{time if found.timestamp else 'no_time'}", lang, time=found.timestamp))
    return lines


def recover(bundle: Path, *, key: Path | None = None, lang: str = "") -> None:
    """Repair, seal and assess an interrupted recording. For example after a power failure or kill -9."""
    from monitor.assess.evaluate import reanalyse, seal_recovered
    from monitor.cli._show import show_written

    if (bundle / SEAL).is_file() and not (bundle / FINDINGS).is_file():
        again = reanalyse(bundle, lang=lang, key=key, log=whole_bundle(bundle, lang, results=False).log)
        print(t("cli.recovered.results", lang))
        show_written(again.written, bundle, lang, own=key is not None)
        return
    result = recover_bundle(existing_bundle(bundle), key)
    seal_recovered(bundle, result.signer)
    reanalyse(bundle, lang=lang, key=result.signer)
    print(t("cli.recovered", lang, events=result.size, torn=result.torn_bytes))
    if result.signer:
        print(t("cli.key.sealed", lang, key=result.signer.public.id))


def redact(
    bundle: Path, *, output: Path, key: Path | None = None, results_key: list[str] | None = None, lang: str = ""
) -> None:
    """Make a copy without the private part for others. It still verifies."""
    from monitor.assess.handover import redact as redact_bundle

    whole_bundle(bundle, lang, keys=results_key)
    used = redact_bundle(bundle, output, key)
    print(t("cli.done", lang, path=output))
    print(t("cli.key.handover", lang, key=used))


def timestamp(
    bundle: Path, *, url: str, tsa_root: list[Path] | None = None, key: Path | None = None, lang: str = ""
) -> None:
    """Obtain an RFC 3161 time-stamp for the recording. Only the digest of the seal's signature is sent."""
    check_authority(url)
    whole_bundle(bundle, lang, token=False, anyones=True)
    Bundle.open(bundle, key).timestamp(url)
    verify_bundle(bundle, roots=_pem(tsa_root), results_keys=None)
    print(t("cli.timestamped", lang, path=bundle / TOKEN))


def prove(bundle: Path, event: int = 0, *, root: str = "", lang: str = "") -> None:
    """Prove that an event is in a recording, or check a proof. The other events are not disclosed."""
    if bundle.is_dir():
        whole_bundle(bundle, lang, anyones=True)
        print(inert_json(json.dumps(prove_event(bundle, event), ensure_ascii=False, indent=1).encode()).decode())
        return
    with reading(bundle):
        data = bundle.read_bytes()[: 32 << 20]
    try:
        seq, found = check_proof(data)
    except EvidenceDamaged as damage:
        raise EvidenceDamaged(damage.message, where=str(bundle)) from None
    if root and root != found:
        raise EvidenceDamaged("the proof is for another recording", where=str(bundle), expected=root, actual=found)
    print(t("cli.proved", lang, seq=seq, root=found))


def new(path: Path, *, lang: str = "") -> None:
    """Create a key to seal with. Give the public half, or its ID, to those who verify."""
    signer, public = Signer.generate(), path.with_name(path.name + ".pub")
    try:
        signer.save(path)
        with public.open("xb") as file:
            file.write(signer.public.pem())
    except FileExistsError as error:
        raise InputError("the file exists already", where=str(error.filename), hint="choose another name") from None
    except OSError as error:
        raise InputError(error.strerror or "cannot be written", where=str(path)) from None
    print(t("cli.key.made", lang, key=signer.public.id, private=path, public=public))


def show(path: Path, *, lang: str = "") -> None:
    """Show the ID of a key. A run prints it, and monitor verify names it."""
    key = load_public(path)
    print(t("cli.key.shown", lang, key=key.id))
    print(key.pem().decode(), end="")


COMMANDS: Final = {
    "verify": verify, "recover": recover, "redact": redact, "timestamp": timestamp, "prove": prove,
    "key": {"new": new, "show": show},
}  # fmt: skip
