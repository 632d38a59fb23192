"""What an app's code names, as its file was read for a recording."""

import msgspec


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A member of the catalogue that classes of one owner name. ``data_types``: what a call would read, as far as the
    code beside it tells; ``open``: an argument that is not known decides. ``classes``: the first few of ``count``."""

    hook: str
    cls: str
    member: str
    role: str
    owner: str
    data_types: list[str] = []
    open: bool = False
    classes: list[str] = []
    count: int = 0
