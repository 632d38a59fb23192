"""A declaration brought up to date with a session: what was seen is added, what people wrote stays, to the letter.

The text is not written anew (that loses comments, blank lines and quotes): each addition is put in its place by the
positions that the YAML parser gives.
"""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import yaml

from monitor.analysis.declaration.compare import Comparison
from monitor.analysis.declaration.drafting import Drafted
from monitor.base.errors import InputError

#: Kind of a difference to the block that holds it.
_BLOCKS: Final = {"data_type": "collection", "permission": "permissions", "sdk": "sdks", "recipient": "recipients"}


class Updated(NamedTuple):
    """The text, and what was added: kind and name."""

    text: str
    added: list[tuple[str, str]]


def updated(text: str, comparison: Comparison, drafted: Drafted, where: str) -> Updated:
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
    if node is not None and not isinstance(node, yaml.MappingNode):
        raise InputError("a mapping is wanted", where=where)
    return node


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)


def _with_entries(text: str, block: str, entries: list[dict[str, Any]], where: str) -> str:
    """Entries at the end of a block, which is made if there is none."""
    node = _value(_root(text, where), block)
    if node is None:
        return f"{text.rstrip()}\n{block}:\n{_listed(entries, 2)}"
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        at = _line_end(text, _end(node))
        return text[:at] + "\n" + _listed(entries, node.start_mark.column).rstrip("\n") + text[at:]
    if isinstance(node, yaml.SequenceNode) and node.value:
        at = _end(node.value[-1])
        return text[:at] + "".join(f", {_flow(entry)}" for entry in entries) + text[at:]
    # Empty, or nothing at all behind the key: the list goes below, a comment on the line stays there.
    start, end = node.start_mark.index, node.end_mark.index
    text = text[:start].rstrip(" ") + text[end:] if isinstance(node, yaml.SequenceNode) else text
    at = _line_end(text, len(text[:start].rstrip()))
    return text[:at] + "\n" + _listed(entries, 2).rstrip("\n") + text[at:]


def _with_type(text: str, block: str, names: frozenset[str], data_type: str, where: str) -> str:
    """A data type more in the entry that goes by one of the names."""
    node = _value(_root(text, where), block)
    entry = next((one for one in node.value if _goes_by(one, names)), None) if node is not None else None
    if entry is None:
        return text
    types = _value(entry, "data_types")
    if isinstance(types, yaml.SequenceNode) and types.value and not types.flow_style:
        at = _line_end(text, _end(types))
        return f"{text[:at]}\n{' ' * types.start_mark.column}- {data_type}{text[at:]}"
    if isinstance(types, yaml.SequenceNode):
        at = _end(types.value[-1]) if types.value else types.start_mark.index + 1
        return f"{text[:at]}{', ' if types.value else ''}{data_type}{text[at:]}"
    at = _end(entry.value[-1][1])
    if entry.flow_style:
        return f"{text[:at]}, data_types: [{data_type}]{text[at:]}"
    at = _line_end(text, at)
    return f"{text[:at]}\n{' ' * entry.start_mark.column}data_types: [{data_type}]{text[at:]}"


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
    return textwrap.indent(body, " " * indent)


def _flow(entry: Mapping[str, Any]) -> str:
    body = yaml.safe_dump(dict(entry), allow_unicode=True, sort_keys=False, default_flow_style=True, width=100_000)
    return body.strip()
