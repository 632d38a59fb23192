"""Shared by the commands that need the extra ``scale``."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from monitor.errors import EnvironmentFault
from monitor.installing import command

StoreArgument = Annotated[
    str, typer.Argument(metavar="ARCHIVE", help="A folder, or an object store such as s3://BUCKET/PREFIX.")
]


@contextmanager
def scale_parts() -> Iterator[None]:
    """For importing what the extra ``scale`` brings. Raises ``EnvironmentFault`` where it is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name not in ("dask", "distributed", "duckdb", "fsspec", "pyarrow"):
            raise
        raise EnvironmentFault(f"archives and fleets need {name}", hint=command("scale")) from None
