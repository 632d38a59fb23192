"""How vendors' systems differ, as data (``vendors.yaml``)."""

from functools import cache
from typing import NamedTuple

from monitor.base.paths import package_data
from monitor.base.yamlfile import Strict, load, parse


class Vendor(Strict):
    """A family of systems. ``steps`` are keys of texts ``device.step.<key>``: the manual steps to do first."""

    id: str
    manufacturers: list[str]
    steps: list[str]
    source: str
    verified: bool


class Vendors(Strict):
    """The file."""

    vendors: list[Vendor]


@cache
def table() -> Vendors:
    """The table shipped with the monitor."""
    path = package_data("device") / "provision" / "vendors.yaml"
    return parse(Vendors, load(path), str(path))


class Steps(NamedTuple):
    """A manual step, and whether it was confirmed on such a device."""

    vendor: str
    steps: list[str]
    verified: bool


def steps(manufacturer: str) -> Steps:
    """The steps for the vendor with this ``ro.product.manufacturer``; none for an unlisted one."""
    for vendor in table().vendors:
        if manufacturer.lower() in vendor.manufacturers:
            return Steps(vendor.id, vendor.steps, vendor.verified)
    return Steps("", [], True)
