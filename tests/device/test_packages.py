"""Packages, permissions and app ops. No recorded output with a permissive licence exists: shapes in lines of our own."""  # noqa: E501

from monitor.device import parse
from monitor.session.handset import Grant

NEW = """Packages:
  Package [com.demo.app] (f95cfdd):
    appId=10596
    pccId=-1
    versionCode=7 minSdk=24 targetSdk=36
    versionName=1.0 build 7
    flags=[ DEBUGGABLE HAS_CODE ]
    installerPackageName=null
    declared permissions:
      com.demo.app.OWN: prot=signature
    requested permissions:
      android.permission.CAMERA
      android.permission.READ_EXTERNAL_STORAGE: restricted=true
      android.permission.INTERNET
    install permissions:
      android.permission.INTERNET: granted=true
    User 0: ceDataInode=1 installed=true ofs=0
    overlay paths:
      /my_vendor/overlay/One.apk
      lastDisabledCaller: com.shop
      gids=[3003]
      runtime permissions:
        android.permission.CAMERA: granted=true, flags=[ USER_SET|USER_SENSITIVE_WHEN_GRANTED|ONE_TIME]
        android.permission.ACCESS_FINE_LOCATION: granted=false, flags=[ USER_SET|USER_FIXED|524288]
        android.permission.READ_CONTACTS: granted=false
      disabledComponents:
        androidx.work.Receiver
    User 999: ceDataInode=0 installed=false
      runtime permissions:

Queries:
  system apps queryable: false
"""
OLD = """  Package [org.old] (3dc6a6):
    userId=10053
    versionCode=1799701 minSdk=21 targetSdk=22
    versionName=18.0-ALPHA1
    install permissions:
      android.permission.READ_EXTERNAL_STORAGE: granted=true
    User 0: ceDataInode=115005 installed=true
      gids=[3002, 3003]
"""


def test_a_package_of_today() -> None:
    package = parse.packages.package(NEW, "com.demo.app")
    assert package is not None
    assert (package.name, package.uid, package.version_code, package.target_sdk) == ("com.demo.app", 10596, 7, 36)
    assert package.version_name == "1.0 build 7"
    assert package.requested[1] == "android.permission.READ_EXTERNAL_STORAGE"
    runtime = package.runtime[0]
    assert runtime["android.permission.CAMERA"].answer != "unknown"
    assert runtime["android.permission.ACCESS_FINE_LOCATION"].flags == {
        "USER_SET",
        "USER_FIXED",
        "SELECTED_LOCATION_ACCURACY",
    }
    assert runtime["android.permission.READ_CONTACTS"] == Grant(False)
    assert package.runtime[999] == {}


def test_a_package_without_runtime_permissions() -> None:
    package = parse.packages.package(OLD, "org.old")
    assert package is not None
    assert package.uid == 10053
    assert package.install == {"android.permission.READ_EXTERNAL_STORAGE": Grant(True)}


def test_a_package_without_a_version_name() -> None:
    """Android prints what it has not as a word."""
    package = parse.packages.package(OLD.replace("18.0-ALPHA1", "null"), "org.old")
    assert package is not None and package.version_name == ""


def test_an_unknown_package() -> None:
    assert parse.packages.package("Unable to find package: com.nope\n", "com.nope") is None


def test_flags_may_end_without_a_space() -> None:
    text = "  Package [a.b] (1):\n    User 0:\n      runtime permissions:\n        p.X: granted=false, flags=[ USER_SET ]\n"  # noqa: E501
    package = parse.packages.package(text, "a.b")
    assert package is not None and package.runtime[0]["p.X"].flags == {"USER_SET"}


def test_package_lists() -> None:
    text = "127|x:/ $ pm list packages\npackage:com.a uid:10101\npackage:/data/app/~~Ab==/com.b-x==/base.apk=com.b\npackage:com.c\n"  # noqa: E501
    assert [tuple(row) for row in parse.packages.listed(text)] == [
        ("com.a", 10101),
        ("com.b", None),
        ("com.c", None),
    ]
