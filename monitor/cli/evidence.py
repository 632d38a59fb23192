"""Commands on the evidence itself: verify, recover, redact, timestamp, prove, key.

What only some of them need is loaded by them: ``verify`` loads no rules.
"""

import json
from pathlib import Path
from typing import Annotated, Final

import typer

from monitor.base.errors import EvidenceDamaged, InputError, reading
from monitor.base.output import inert_json
from monitor.cli._common import (
    BundlePath,
    Lang,
    ResultsKey,
    existing_bundle,
    named_keys,
    whole_bundle,
    whose,
)
from monitor.evidence import seal
from monitor.evidence.attested import Results
from monitor.evidence.bundle import Bundle
from monitor.evidence.keeping import recover_bundle
from monitor.evidence.keys import Signer, load_public
from monitor.evidence.lines import ORIGINAL
from monitor.evidence.verify import Verified, check_proof
from monitor.evidence.verify import prove as prove_event
from monitor.evidence.verify import verify as verify_bundle
from monitor.text import t

Key = Annotated[Path | None, typer.Option("--key", help="Ed25519 private key (PEM) to sign with.")]
Roots = Annotated[
    list[Path] | None, typer.Option("--tsa-root", help="Root certificate (PEM) of a time-stamp authority you trust.")
]


def _pem(files: list[Path] | None) -> list[bytes]:
    found = []
    for path in files or ():
        with reading(path):
            found.append(path.read_bytes()[:1_000_000])
        if b"-----BEGIN CERTIFICATE-----" not in found[-1]:
            raise InputError("not a PEM certificate", where=str(path))
    return found


def verify(
    bundle: BundlePath,
    key: Annotated[Path | None, typer.Option("--key", help="Public key (PEM) that must have signed the seal.")] = None,
    tsa_root: Roots = None,
    results_key: ResultsKey = None,
    lang: Lang = "",
) -> None:
    """Verify a bundle. Exits 0 only if nothing was changed since the recording."""
    if not bundle.is_dir():
        raise InputError("no such bundle", where=str(bundle), hint="give the directory that monitor run created")
    try:
        found = verify_bundle(bundle, key, _pem(tsa_root), results_keys=named_keys(results_key))
    except EvidenceDamaged as damage:
        damage.hint = damage.hint or ORIGINAL
        raise
    for line in _said(found, lang):
        print(line)


def _said(found: Verified, lang: str) -> list[str]:
    trusted = "cli.verified.trusted" if found.trusted else "cli.verified.untrusted"
    lines = [
        t("cli.verified", lang, events=found.events, files=found.files, root=found.root),
        t(trusted, lang, key=found.key),
    ]
    for recovery in found.recovered:
        details = {"events": recovery["events"], "torn": recovery["torn_bytes"], "key": recovery["by"]}
        lines.append(t("cli.verified.recovered", lang, **details))
    results = next((one for one in found.attested if one.file == seal.FINDINGS), None)
    lines.append(whose(Results(results.whose, results.key) if results else Results(), lang))
    for one in found.attested:
        if one is not results:
            lines.append(t(f"cli.verified.attested.{one.whose}", lang, file=one.file, key=one.key))
    if found.withheld:
        lines.append(t("cli.verified.withheld", lang, number=found.withheld))
    if found.format == 1:
        lines.append(t("cli.verified.first_format", lang))
    else:
        lines.append(t("cli.verified.custody", lang, entries=found.custody))
    if not found.private:
        lines.append(t("cli.verified.no_private", lang))
    if not found.timestamp:
        lines.append(t("cli.verified.no_time", lang))
    else:
        key = "cli.verified.timestamp" if found.timestamp_trusted else "cli.verified.timestamp_untrusted"
        lines.append(t(key, lang, time=found.timestamp))
    return lines


def recover(bundle: BundlePath, key: Key = None, lang: Lang = "") -> None:
    """Repair, seal and assess an interrupted recording. For example after a power failure or kill -9."""
    from monitor.assess.evaluate import reanalyse, seal_recovered
    from monitor.cli._show import show_written

    if (bundle / seal.SEAL).is_file() and not (bundle / seal.FINDINGS).is_file():
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
    bundle: BundlePath,
    output: Annotated[Path, typer.Option("-o", "--output", help="New directory for the copy.")],
    key: Key = None,
    results_key: ResultsKey = None,
    lang: Lang = "",
) -> None:
    """Make a copy without the private part for others. It still verifies."""
    from monitor.assess.handover import redact as redact_bundle

    whole_bundle(bundle, lang, keys=results_key)
    used = redact_bundle(bundle, output, key)
    print(t("cli.done", lang, path=output))
    print(t("cli.key.handover", lang, key=used))


def timestamp(
    bundle: BundlePath,
    url: Annotated[str, typer.Option("--url", help="Time-stamp authority (RFC 3161), http or https.")],
    tsa_root: Roots = None,
    key: Key = None,
    lang: Lang = "",
) -> None:
    """Obtain an RFC 3161 time-stamp for the recording. Only the digest of the seal's signature is sent."""
    seal.check_authority(url)
    whole_bundle(bundle, lang, token=False, anyones=True)
    Bundle.open(bundle, key).timestamp(url)
    verify_bundle(bundle, roots=_pem(tsa_root), results_keys=None)
    print(t("cli.timestamped", lang, path=bundle / seal.TOKEN))


def prove(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE|PROOF", help="A bundle, or a proof to check.")],
    event: Annotated[int, typer.Argument(metavar="EVENT", help="Sequence number; omit to check a proof.")] = 0,
    root: Annotated[str, typer.Option("--root", help="Merkle root that the proof must lead to.")] = "",
    lang: Lang = "",
) -> None:
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


def new(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write the private key; FILE.pub is public.")],
    lang: Lang = "",
) -> None:
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


def show(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A private or public key (PEM).")], lang: Lang = ""
) -> None:
    """Show the ID of a key. A run prints it, and monitor verify names it."""
    key = load_public(path)
    print(t("cli.key.shown", lang, key=key.id))
    print(key.pem().decode(), end="")


COMMANDS: Final = {
    "verify": verify, "recover": recover, "redact": redact, "timestamp": timestamp, "prove": prove,
    "key": {"new": new, "show": show},
}  # fmt: skip
