"""How vendors' systems differ, as data (``vendors.yaml``)."""

from functools import cache

from monitor.paths import package_data
from monitor.yamlfile import Strict, load, parse


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


def of(manufacturer: str) -> Vendor | None:
    """The vendor with this ``ro.product.manufacturer``; None for an unlisted one."""
    return next((one for one in table().vendors if manufacturer.lower() in one.manufacturers), None)
