"""The certificate's steps with Android's own shell and tools (mksh, toybox) in real mount namespaces of Linux: init's,
zygote's and an app's, which receive from it, and that of a ``su`` that isolates its commands."""

import os
import subprocess
from pathlib import Path

import pytest

from monitor.device.changes.undo import WORK
from monitor.device.profile import APEX_STORE, SYSTEM_STORE
from monitor.device.provision.plan import fill_second_store, fill_store

TOOLS = "nsenter sh mkdir cp mount umount chown chmod chcon grep pidof pgrep cat ls rm true sleep"
PEM = "ours"

pytestmark = pytest.mark.extra("toybox", "mksh", "unshare")
#: As pid 1: a root of our own (``nsenter`` would leave a chroot), shared as Android's is; zygote and an app receive
#: mounts from it, /apex is private everywhere, and what runs as root is in a namespace that nothing leaves.
INIT = """
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1" && cd "$1"
mkdir -p usr proc dev tmp data/local/tmp apex system/bin old .{apex} .{store}
mkdir etc && cp /etc/passwd /etc/group etc
ln -s usr/bin usr/lib usr/lib64 usr/sbin .
for d in usr proc dev; do mount --rbind /$d $d; done
for t in {tools}; do ln -s /usr/bin/toybox system/bin/$t; done
ln -sf /usr/bin/mksh system/bin/sh
rm system/bin/chcon && printf '#!/system/bin/sh\\n' > system/bin/chcon && chmod 755 system/bin/chcon
mount -t tmpfs tmpfs apex && mkdir -p .{apex}
for d in .{apex} .{store}; do echo one > $d/1.0; echo two > $d/2.0; done
cp "$2" lines
pivot_root . old && cd / && umount -l old
mount --make-rshared / && mount --make-private /apex
zygote='exec -a zygote64 sleep 60'
unshare -m --propagation slave bash -c "mount --make-private /apex; \\
  unshare -m --propagation unchanged bash -c 'exec -a app sleep 60' & $zygote" &
while ! Z=$(/system/bin/pidof zygote64) || ! A=$(/system/bin/pgrep -P $Z); do sleep 0.05; done
while [ "$(cat /proc/$A/comm)" != sleep ]; do sleep 0.05; done
export PATH=/system/bin
unshare=/usr/bin/unshare
while read -r line; do
  $unshare -m --propagation private /system/bin/sh -c "$line" >&2 || echo "failed $line"
  echo "$(ls /proc/$A/root{apex}) / $(ls /proc/$A/root{store})" | /usr/bin/tr '\\n' ' '; echo
done < /lines
kill -9 $Z $A
"""


def seen_by_the_app(home: Path, lines: list[str]) -> list[str]:
    """What an app's two stores hold after each line."""
    (home / "root").mkdir()
    (home / "lines").write_text("".join(f"{line}\n" for line in lines), "utf-8")
    user = [] if os.geteuid() == 0 else ["-Ur"]
    alone = ["unshare", *user, "-m", "-p", "-f", "--kill-child", "--mount-proc"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("the system allows no namespaces here")
    script = INIT.format(tools=TOOLS, apex=APEX_STORE, store=SYSTEM_STORE)
    words = [*alone, "bash", "-c", script, "init", str(home / "root"), str(home / "lines")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert not done.returncode, done.stderr
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


OLD = "1.0 2.0"
NEW = "1.0 2.0 x.0"


def test_an_app_sees_what_a_su_in_a_namespace_of_its_own_mounts(tmp_path: Path) -> None:
    changes = [*fill_store("x.0", apex=True), *fill_second_store("x.0")]
    put = f"echo {PEM} > {WORK}.pem"
    undo = [change.undone for change in reversed(changes) if change.undo]
    seen = seen_by_the_app(tmp_path, [put, *(change.do for change in changes), *undo])
    assert (
        seen == [f"{OLD} / {OLD}"] * 3 + [f"{NEW} / {OLD}", f"{NEW} / {NEW}", f"{NEW} / {OLD}"] + [f"{OLD} / {OLD}"] * 2
    )


def test_the_store_of_earlier_releases_too(tmp_path: Path) -> None:
    changes = fill_store("x.0", apex=False)
    put = f"echo {PEM} > {WORK}.pem"
    seen = seen_by_the_app(tmp_path, [put, *(change.do for change in changes), changes[1].undone, changes[0].undone])
    assert seen == [f"{OLD} / {OLD}"] * 2 + [f"{OLD} /", f"{OLD} / {NEW}"] + [f"{OLD} / {OLD}"] * 2


def test_without_entering_inits_namespace_an_app_would_lose_every_certificate(tmp_path: Path) -> None:
    """So it is with the steps as such; the check before each bind keeps the originals where they are."""
    put = f"echo {PEM} > {WORK}.pem"
    mount, fill, bind = [change.do for change in fill_store("x.0", apex=True, enter=False)]
    careless = bind.replace(f"[ -f {WORK}/x.0 ] && ", "")
    assert careless != bind
    seen = seen_by_the_app(tmp_path, [put, f"{mount}; {fill}; {bind}", f"{mount}; {fill}; {careless}"])
    assert [line for line in seen if not line.startswith("failed")] == [f"{OLD} / {OLD}"] * 2 + [f"/ {OLD}"]
