"""A declaration brought up to date with a session: what was seen is added, what people wrote stays, to the letter.

The text is not written anew (that loses comments, blank lines and quotes): each addition is put in its place by the
positions that the YAML parser gives.
"""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import yaml

from monitor.analysis.declaration import compare, drafting
from monitor.base.errors import InputError

#: Kind of a difference to the block that holds it.
_BLOCKS: Final = {"data_type": "collection", "permission": "permissions", "sdk": "sdks", "recipient": "recipients"}


class Updated(NamedTuple):
    """The text, and what was added: kind and name."""

    text: str
    added: list[tuple[str, str]]


def updated(text: str, comparison: compare.Comparison, drafted: drafting.Drafted, where: str) -> Updated:
    """Add what a comparison found observed and not declared. The text must be a valid declaration.

    Raises ``InputError`` for a document that is no mapping.
    """
    added: list[tuple[str, str]] = []
    for name in comparison.silent:
        if entries := drafted.block(name):
            text = _with_entries(text, name, entries, where)
            added.append(("block", name))
    for one in comparison.differences:
        if one.only != "observed":
            continue
        if one.kind in _BLOCKS:
            text = _with_entries(text, _BLOCKS[one.kind], [drafted.entry(one.kind, one.name)], where)
            added.append((one.kind, one.name))
        elif one.kind in ("sdk_type", "recipient_type"):
            kind = one.kind.removesuffix("_type")
            text = _with_type(text, _BLOCKS[kind], drafted.known(kind, one.name), one.detail, where)
            added.append((one.kind, f"{one.name}: {one.detail}"))
    return Updated(text, added)


def _root(text: str, where: str) -> yaml.MappingNode | None:
    node = yaml.compose(text, Loader=yaml.SafeLoader)  # not libyaml's: its positions count bytes
    if node is None or isinstance(node, yaml.MappingNode):
        return node
    raise InputError("a mapping is wanted", where=where)


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _put(text: str, at: int, more: str) -> str:
    return text[:at] + more + text[at:]


def _with_entries(text: str, block: str, entries: list[dict[str, Any]], where: str) -> str:
    """Entries at the end of a block, which is made if there is none."""
    node = _value(_root(text, where), block)
    if node is None:
        return f"{text.rstrip()}\n{block}:\n{_listed(entries, 2)}\n"
    if isinstance(node, yaml.SequenceNode) and node.value:
        if node.flow_style:
            return _put(text, _end(node.value[-1]), "".join(f", {_flow(entry)}" for entry in entries))
        return _put(text, _line_end(text, _end(node)), "\n" + _listed(entries, node.start_mark.column))
    # Empty, or nothing at all behind the key: the list goes below, a comment on the line stays there.
    start, end = node.start_mark.index, node.end_mark.index
    text = text[:start].rstrip(" ") + text[end:] if isinstance(node, yaml.SequenceNode) else text
    return _put(text, _line_end(text, len(text[:start].rstrip())), "\n" + _listed(entries, 2))


def _with_type(text: str, block: str, names: frozenset[str], data_type: str, where: str) -> str:
    """A data type more in the entry that goes by one of the names."""
    node = _value(_root(text, where), block)
    entry = next((one for one in node.value if _goes_by(one, names)), None) if node is not None else None
    if entry is None:
        return text
    types = _value(entry, "data_types")
    if not isinstance(types, yaml.SequenceNode):
        at, more = _end(entry.value[-1][1]), f"data_types: [{data_type}]"
        if entry.flow_style:
            return _put(text, at, f", {more}")
        return _put(text, _line_end(text, at), f"\n{' ' * entry.start_mark.column}{more}")
    if not types.value:
        return _put(text, types.start_mark.index + 1, data_type)
    if types.flow_style:
        return _put(text, _end(types.value[-1]), f", {data_type}")
    return _put(text, _line_end(text, _end(types)), f"\n{' ' * types.start_mark.column}- {data_type}")


def _goes_by(entry: yaml.Node, names: frozenset[str]) -> bool:
    own = {
        value.value.casefold()
        for key in ("id", "name", "org")
        if isinstance(value := _value(entry, key), yaml.ScalarNode)
    }
    for key in ("package_prefixes", "hosts"):
        if isinstance(listed := _value(entry, key), yaml.SequenceNode):
            own |= {one.value for one in listed.value}
    return bool((own - {""}) & names)


def _leaves(node: yaml.Node) -> Iterator[yaml.Node]:
    """Scalars and flow collections: what ends where the parser says. A block's end is where the next thing begins."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style:
        yield node
    else:
        for child in node.value:
            for one in child if isinstance(child, tuple) else (child,):
                yield from _leaves(one)


def _end(node: yaml.Node) -> int:
    return max((leaf.end_mark.index for leaf in _leaves(node)), default=node.start_mark.index)


def _line_end(text: str, at: int) -> int:
    """End of the line on which the text before ``at`` ends; its comment is behind what is on it."""
    at = len(text[:at].rstrip())
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _listed(entries: list[dict[str, Any]], indent: int) -> str:
    body = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=110)
    return textwrap.indent(body, " " * indent).rstrip("\n")


def _flow(entry: Mapping[str, Any]) -> str:
    return yaml.safe_dump(
        dict(entry), allow_unicode=True, sort_keys=False, default_flow_style=True, width=100_000
    ).strip()
