"""The shell language, without adb."""

from __future__ import annotations

import pytest
from adbside import Running

CASES = [
    ("echo a b", 0, "a b\n"),
    ("echo 'a  b' \"c $HOME\" d\\ e", 0, "a  b c / d e\n"),
    ("false; echo $?", 0, "1\n"),
    ("false && echo no || echo yes", 0, "yes\n"),
    ("true && echo yes || echo no", 0, "yes\n"),
    ("! false && echo negated", 0, "negated\n"),
    ("echo one | cat | cat", 0, "one\n"),
    ("printf 'x\\ty\\n'", 0, "x\ty\n"),
    ("X=5; echo $X ${X}", 0, "5 5\n"),
    ("A=1 B=2 sh -c 'echo $A $B'; echo $A", 0, "1 2\n\n"),
    ("echo hidden >/dev/null 2>&1; echo shown", 0, "shown\n"),
    ("echo x > /data/local/tmp/f; echo y >> /data/local/tmp/f; cat < /data/local/tmp/f", 0, "x\ny\n"),
    ("echo $(echo inner $(echo deep)) '$(not)'", 0, "inner deep $(not)\n"),
    ("(cd /data; echo $PWD); echo $PWD", 0, "/data\n/\n"),
    ("(echo a; echo b) | grep -v a", 0, "b\n"),
    ("echo a | grep b", 1, ""),
    ("(echo a | grep) 2>&1", 2, "grep: no REGEX\n"),
    ("grep a /data/local/tmp/none 2>&1", 2, "grep: /data/local/tmp/none: No such file or directory\n"),
    ("for i in 1 2 3; do echo $i; done", 0, "1\n2\n3\n"),
    ("export X=1; [ -d /data ] && [ $X = 1 ] && echo dir", 0, "dir\n"),
    ("export ANDROID_LOG_TAGS=''; exec echo done; echo never", 0, "done\n"),
    ("exit 9", 9, ""),
    ("sh -c 'exit 7'; echo $?", 0, "7\n"),
    (
        "mkdir /data/local/tmp/d; for x in a b; do echo > /data/local/tmp/d/$x.0; done; echo /data/local/tmp/d/*.0",
        0,
        "/data/local/tmp/d/a.0 /data/local/tmp/d/b.0\n",
    ),
    ("test -e /nothing || echo gone", 0, "gone\n"),
    ("cat /no/such 2>/dev/null || echo missing", 0, "missing\n"),
    ('echo "quo\\"te" # comment', 0, 'quo"te\n'),
    ("su -c 'id -u'; su 0 id -u", 0, "0\n0\n"),
]


@pytest.mark.parametrize(("line", "code", "out"), CASES)
def test_language(running: Running, line: str, code: int, out: str) -> None:
    assert running.sh(line) == (code, out, "")


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("frobnicate -x", 127, "frobnicate: inaccessible or not found"),
        ("echo 'open", 2, "no closing quote"),
        ("echo `date`", 2, "not supported"),
        ("echo $((1+1))", 2, "not supported"),
        ("cat << EOF", 2, "not supported"),
        ("case x in x) echo;; esac", 2, "not supported"),
        ("{ echo; }", 2, "'{' is not supported"),
        ("echo ${X:-none}", 2, "not supported"),
        ("if true; then echo; fi", 2, "'if' is not supported"),
        ("for x in a; do echo", 2, "'done' expected"),
        ("sleep 1 & echo", 2, "unexpected '&'"),
        ("echo )", 2, "unexpected"),
        ("| cat", 2, "unexpected"),
        ("ls /nope", 1, "ls: /nope: No such file or directory"),
        ("pm frobnicate", 255, "Unknown command: frobnicate"),
        ("cmd nothing", 20, "Can't find service: nothing"),
        ("umount /data", 1, "Invalid argument"),
    ],
)
def test_unknown_fails_loudly(running: Running, line: str, code: int, message: str) -> None:
    got, _, err = running.sh(line)
    assert got == code
    assert message in err


def test_nested_scripts_end(running: Running) -> None:
    assert running.sh("(" * 200 + "echo" + ")" * 200)[0] == 2
    running.state.fs.write("/data/local/tmp/r", b"#!/bin/sh\nsh /data/local/tmp/r\n")
    assert running.sh("sh /data/local/tmp/r")[0] != 0


def test_no_path_leaves_the_root(running: Running) -> None:
    running.state.fs.symlink("/etc/passwd", "/data/local/tmp/l")
    code, _, err = running.sh("cat /../../../../etc/hostname; cat /data/local/tmp/l")
    assert code == 1
    assert "No such file" in err
    running.state.fs.symlink("../../../../../../../../etc", "/data/local/tmp/e")
    assert running.sh("ls /data/local/tmp/e")[1] == running.sh("ls /system/etc")[1]


def test_mounts_have_real_effect(running: Running) -> None:
    certs = "/system/etc/security/cacerts"
    real = running.state.fs.root / certs[1:]
    assert len(list(real.iterdir())) > 50
    for each in real.iterdir():
        each.unlink()
    running.state.fs.write(f"{certs}/aa.0", b"old")
    steps = [
        "mkdir /data/local/tmp/c",
        f"cp {certs}/* /data/local/tmp/c/",
        f"mount -t tmpfs tmpfs {certs}",
        f"cp /data/local/tmp/c/* {certs}/",
        f"echo new > {certs}/bb.0",
        f"chown root:root {certs}/*",
        f"chmod 644 {certs}/*",
        f"chcon u:object_r:system_file:s0 {certs}/*",
    ]
    for step in steps:
        assert running.sh(step) == (0, "", ""), step
    assert sorted(p.name for p in real.iterdir()) == ["aa.0", "bb.0"]
    assert running.sh(f"nsenter --mount=/proc/1/ns/mnt -- ls {certs}")[1] == "aa.0\nbb.0\n"
    assert running.sh(f"cat /proc/1/root{certs}/bb.0")[1] == "new\n"
    assert running.sh(f"ls -lZ {certs}/bb.0")[1].startswith("-rw-r--r-- 1 root root u:object_r:system_file:s0")
    assert f"tmpfs on {certs} type tmpfs" in running.sh("mount")[1]
    assert (
        running.sh(f"mkdir -p /apex/c/cacerts; mount --bind {certs} /apex/c/cacerts; ls /apex/c/cacerts")[1]
        == "aa.0\nbb.0\n"
    )
    assert running.sh("umount /apex/c/cacerts; ls /apex/c/cacerts")[1] == ""
    assert running.sh(f"umount {certs}; ls {certs}")[1] == "aa.0\n"


def test_one_bind_in_several_namespaces(running: Running) -> None:
    running.sh("cd /data/local/tmp; mkdir -p w /apex/x/cacerts; mount -t tmpfs tmpfs /data/local/tmp/w; echo 1 > w/n.0")
    enter = "nsenter --mount=/proc/$p/ns/mnt -- /bin"
    line = f"for p in 1 $(pidof zygote64); do {enter}/mount --bind /data/local/tmp/w /apex/x/cacerts || exit 1; done"
    assert running.sh(line) == (0, "", "")
    assert running.sh("ls /apex/x/cacerts")[1] == "n.0\n"
    undo = f"for p in 1 $(pidof zygote64); do {enter}/umount -l /apex/x/cacerts; done"
    undo += "; umount /data/local/tmp/w; rm -r /data/local/tmp/w"
    assert running.sh(undo) == (0, "", "")
    assert running.sh("ls /apex/x/cacerts; mount")[1].count("tmpfs") == 2  # the one line of /dev


def test_errors_name_device_paths(running: Running) -> None:
    for line in ("cat < /data", "echo x > /no/such/file", "cp /nope /data/local/tmp/x", "mkdir /data"):
        code, _, err = running.sh(line)
        assert code == 1, line
        assert str(running.state.fs.root) not in err
