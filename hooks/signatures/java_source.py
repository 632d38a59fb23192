"""Members of Java classes as their source declares them: ``Sources(roots).members("android.os.Build$VERSION")``.

Types are erased and written as in the catalogue (``java.util.List``, ``android.net.Uri``, ``Outer$Inner``, ``int[]``).
Calls are resolved as far as declarations of the same file and of the classes it imports reach; a call whose receiver is
the result of another call is not followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tree_sitter_java
from tree_sitter import Language, Node, Parser

#: Classes in the file of another one.
_FILES = {"android.content.ContentProviderProxy": "android/content/ContentProviderNative.java"}
_TYPES = {"class_declaration", "interface_declaration", "enum_declaration", "annotation_type_declaration"}
_PRIMITIVE = {"integral_type", "floating_point_type", "boolean_type", "void_type"}


@dataclass(frozen=True)
class Declared:
    """One method or constructor (``$init``). ``access`` is public, hidden (public with ``@hide``), protected, package
    or private; ``calls`` are the (class, name) pairs that its body calls itself."""

    cls: str
    name: str
    params: tuple[str, ...]
    result: str
    static: bool
    native: bool
    access: str
    calls: frozenset[tuple[str, str]]

    @property
    def signature(self) -> str:
        """As a row writes it: ``(int,java.lang.String)void``."""
        return f"({','.join(self.params)}){self.result}"


@dataclass
class _Class:
    """A parsed type: its node, what its names stand for, and what it extends."""

    name: str
    node: Node
    package: str
    imports: dict[str, str]
    wildcards: list[str]
    outer: _Class | None
    inner: dict[str, _Class] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    supers: list[str] = field(default_factory=list)


def _text(node: Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


def _child(node: Node, kind: str) -> Node | None:
    return next((one for one in node.children if one.type == kind), None)


class Sources:
    """Java files below ``roots`` (folders that hold packages), parsed when a class of theirs is asked for."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self._roots = roots
        self._parser = Parser(Language(tree_sitter_java.language()))
        self._classes: dict[str, _Class | None] = {}

    def has(self, cls: str) -> bool:
        """Whether the source declares the class (binary name)."""
        return self._find(cls) is not None

    def members(self, cls: str) -> Iterator[Declared]:
        """What the class itself declares. Raises KeyError where the source has no such class."""
        found = self._find(cls)
        if found is None:
            raise KeyError(cls)
        body = found.node.child_by_field_name("body")
        for node in _declarations(body):
            if node.type in ("method_declaration", "constructor_declaration"):
                yield self._member(found, node)

    def supers(self, cls: str) -> list[str]:
        """The classes and interfaces it names as its own, binary names, the class first."""
        found = self._find(cls)
        return self._supers(found) if found else []

    def _supers(self, cls: _Class) -> list[str]:
        if not cls.supers:
            cls.supers = [self._type(cls, node, {}) for node in _named_supers(cls.node)]
        return cls.supers

    def _find(self, name: str) -> _Class | None:
        if name not in self._classes:
            top = name.split("$")[0]
            self._classes[name] = None
            path = _FILES.get(top, top.replace(".", "/") + ".java")
            if file := next((root / path for root in self._roots if (root / path).is_file()), None):
                self._parse(file, top)
        return self._classes[name]

    def _parse(self, file: Path, top: str) -> None:
        tree = self._parser.parse(file.read_bytes()).root_node
        package = top.rpartition(".")[0]
        imports, wildcards = {}, [package, "java.lang"]
        for node in tree.children:
            if node.type == "import_declaration" and _child(node, "static") is None:
                path = _text(next(one for one in node.children if "identifier" in one.type))
                if _child(node, "asterisk"):
                    wildcards.append(path)
                else:
                    imports[path.rpartition(".")[2]] = path
        for node in tree.children:
            if node.type in _TYPES:
                self._add(node, package, imports, wildcards, None)

    def _add(
        self, node: Node, package: str, imports: dict[str, str], wildcards: list[str], outer: _Class | None
    ) -> None:
        short = _text(node.child_by_field_name("name"))
        name = f"{outer.name}${short}" if outer else f"{package}.{short}"
        made = _Class(name, node, package, imports, wildcards, outer)
        self._classes[name] = made
        if outer:
            outer.inner[short] = made
        for one in _declarations(node.child_by_field_name("body")):
            if one.type in _TYPES:
                self._add(one, package, imports, wildcards, made)

    def _member(self, cls: _Class, node: Node) -> Declared:
        bounds = self._bounds(cls, node)
        modifiers = _child(node, "modifiers")
        words = {one.type for one in modifiers.children} if modifiers else set()
        parameters = _child(node, "formal_parameters")
        named = [self._parameter(cls, one, bounds) for one in parameters.children] if parameters else []
        params = [one for one in named if one is not None]
        constructor = node.type == "constructor_declaration"
        result = "void" if constructor else self._returned(cls, node, bounds)
        implicit = cls.node.type in ("interface_declaration", "annotation_type_declaration")
        access = next((word for word in ("public", "protected", "private") if word in words), "package")
        if access == "package" and implicit:
            access = "public"
        if access in ("public", "protected") and "@hide" in _comment(node):
            access = "hidden"
        return Declared(
            cls.name,
            "$init" if constructor else _text(node.child_by_field_name("name")),
            tuple(kind for _, kind in params),
            result,
            "static" in words,
            "native" in words,
            access,
            frozenset(self._calls(cls, node, dict(params), bounds)),
        )

    def _returned(self, cls: _Class, node: Node, bounds: dict[str, str]) -> str:
        kind = node.child_by_field_name("type")
        dimensions = node.child_by_field_name("dimensions")
        assert kind is not None
        return self._type(cls, kind, bounds) + _text(dimensions).replace(" ", "")

    def _parameter(self, cls: _Class, node: Node, bounds: dict[str, str]) -> tuple[str, str] | None:
        if node.type == "formal_parameter":
            kind = node.child_by_field_name("type")
            assert kind is not None
            extra = _text(node.child_by_field_name("dimensions"))
            return _text(node.child_by_field_name("name")), self._type(cls, kind, bounds) + extra
        if node.type == "spread_parameter":
            kind = next(one for one in node.children if one.type not in ("modifiers", "..."))
            declarator = _child(node, "variable_declarator")
            name = declarator.child_by_field_name("name") if declarator else None
            return _text(name), self._type(cls, kind, bounds) + "[]"
        return None

    def _bounds(self, cls: _Class, node: Node) -> dict[str, str]:
        """Type variables in reach of a member, and what they erase to."""
        found: dict[str, str] = {}
        scopes = [node]
        here: _Class | None = cls
        while here is not None:
            scopes.append(here.node)
            here = here.outer
        for scope in reversed(scopes):
            listed = _child(scope, "type_parameters")
            for one in listed.children if listed else ():
                if one.type == "type_parameter":
                    name = next(_text(child) for child in one.children if child.type.endswith("identifier"))
                    bound = _child(one, "type_bound")
                    first = next((child for child in bound.children if child.is_named), None) if bound else None
                    found[name] = self._type(cls, first, found) if first is not None else "java.lang.Object"
        return found

    def _type(self, cls: _Class, node: Node, bounds: dict[str, str]) -> str:
        if node.type in _PRIMITIVE:
            return _text(node)
        if node.type == "array_type":
            element, dimensions = node.child_by_field_name("element"), node.child_by_field_name("dimensions")
            assert element is not None
            return self._type(cls, element, bounds) + "[]" * _text(dimensions).count("[")
        if node.type == "generic_type":
            return self._type(cls, node.children[0], bounds)
        if node.type == "annotated_type":
            return self._type(cls, node.children[-1], bounds)
        return self._named(cls, _plain(node), bounds)

    def _named(self, cls: _Class, name: str, bounds: dict[str, str]) -> str:
        first, *rest = name.split(".")
        if not rest and first in bounds:
            return bounds[first]
        if known := self._simple(cls, first):
            return "$".join([known, *rest])
        if rest and first[:1].islower():  # fully qualified: the class begins where a word begins with a capital
            words = name.split(".")
            at = next((n for n, word in enumerate(words) if word[:1].isupper()), len(words) - 1)
            return ".".join(words[: at + 1]) + "".join(f"${word}" for word in words[at + 1 :])
        return name

    def _simple(self, cls: _Class, name: str) -> str:
        here: _Class | None = cls
        while here is not None:
            if here.name.rpartition(".")[2].rpartition("$")[2] == name:
                return here.name
            if found := self._nested(here, name, set()):
                return found
            here = here.outer
        if name in cls.imports:
            return _binary(cls.imports[name])
        for package in cls.wildcards:
            if package == "java.lang":
                continue
            if self._find(f"{package}.{name}"):
                return f"{package}.{name}"
        return f"java.lang.{name}" if name in JAVA_LANG else ""

    def _nested(self, cls: _Class, name: str, seen: set[str]) -> str:
        """A nested type by its simple name, own or inherited."""
        if name in cls.inner:
            return cls.inner[name].name
        seen.add(cls.name)
        for node in _named_supers(cls.node):
            # Its own name is not looked up among what it inherits: that would never end.
            first = _plain(node).split(".")[0]
            above = self._find(_binary(cls.imports.get(first, f"{cls.package}.{first}")))
            if above and above.name not in seen and (found := self._nested(above, name, seen)):
                return found
        return ""

    def _calls(
        self, cls: _Class, node: Node, params: dict[str, str], bounds: dict[str, str]
    ) -> Iterator[tuple[str, str]]:
        body = node.child_by_field_name("body")
        if body is None:
            return
        names = self._fields(cls) | params
        stack = [body]
        while stack:
            here = stack.pop()
            stack += here.children
            if here.type == "local_variable_declaration":
                names |= dict(self._variables(cls, here, bounds))
        stack = [body]
        while stack:
            here = stack.pop()
            stack += here.children
            if here.type != "method_invocation":
                continue
            receiver, called = here.child_by_field_name("object"), _text(here.child_by_field_name("name"))
            text = _text(receiver)
            if receiver is None or text == "this":
                yield from ((one, called) for one in self._around(cls))
            elif text == "super":
                yield from ((one, called) for one in self._supers(cls))
            elif receiver.type == "field_access" and text.startswith("this.") and text[5:] in names:
                yield names[text[5:]], called
            elif text in names:
                yield names[text], called
            elif text[:1].isupper() and (known := self._named(cls, text, bounds)) != text:
                yield known, called

    def _around(self, cls: _Class) -> Iterator[str]:
        here: _Class | None = cls
        while here is not None:
            yield here.name
            yield from self._supers(here)
            here = here.outer

    def _fields(self, cls: _Class) -> dict[str, str]:
        if not cls.variables:
            if cls.outer:
                cls.variables |= self._fields(cls.outer)
            for node in _declarations(cls.node.child_by_field_name("body")):
                if node.type == "field_declaration":
                    cls.variables |= dict(self._variables(cls, node, self._bounds(cls, cls.node)))
        return cls.variables

    def _variables(self, cls: _Class, node: Node, bounds: dict[str, str]) -> Iterator[tuple[str, str]]:
        kind = node.child_by_field_name("type")
        assert kind is not None
        for one in node.children_by_field_name("declarator"):
            yield _text(one.child_by_field_name("name")), self._type(cls, kind, bounds)


def _declarations(body: Node | None) -> Iterator[Node]:
    for node in body.children if body else ():
        if node.type == "enum_body_declarations":
            yield from node.children
        else:
            yield node


def _named_supers(node: Node) -> Iterator[Node]:
    for part in node.children:
        if part.type in ("superclass", "super_interfaces", "extends_interfaces"):
            for one in part.children:
                if one.type == "type_list":
                    yield from (kind for kind in one.children if kind.is_named)
                elif one.is_named:
                    yield one


def _plain(node: Node) -> str:
    """The dotted name of a type node, without annotations and type arguments."""
    if node.type == "generic_type":
        return _plain(node.children[0])
    if node.type == "scoped_type_identifier":
        return ".".join(
            _plain(one)
            for one in node.children
            if one.type in ("type_identifier", "scoped_type_identifier", "generic_type")
        )
    return _text(node)


def _binary(path: str) -> str:
    """``a.b.Outer.Inner`` as ``a.b.Outer$Inner``."""
    words = path.split(".")
    at = next((n for n, word in enumerate(words) if word[:1].isupper()), len(words) - 1)
    return ".".join(words[: at + 1]) + "".join(f"${word}" for word in words[at + 1 :])


def _comment(node: Node) -> str:
    before = node.prev_sibling
    while before is not None and before.type == "line_comment":
        before = before.prev_sibling
    return _text(before) if before is not None and before.type == "block_comment" else ""


#: What a simple name may mean without an import.
JAVA_LANG = frozenset(
    "Object String CharSequence Runnable Thread Class ClassLoader Throwable Exception Error Integer Long Short Byte"
    " Boolean Character Float Double Number Void Iterable Comparable Cloneable Process ProcessBuilder Runtime"
    " StringBuilder StringBuffer StackTraceElement ThreadGroup ThreadLocal AutoCloseable Enum Math System"
    " RuntimeException IllegalArgumentException IllegalStateException SecurityException Appendable Package".split()
)
