"""The reference of all settings, from the models themselves: python -m deploys.config.reference."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from deploys.config.server import Server
from deploys.config.settings import Settings, can_be_left_out

_HEAD = """\
# Settings

Every key that `group_data` may have, as `deploys/config/` defines it; `<name>` stands for a name of yours.
This page is written by `python -m deploys.config.reference`.
"""


def reference() -> str:
    """Write the page: a section for each group of settings, a row for each key."""
    return "\n".join([_HEAD, *_section(Server, (), set())])


def _section(model: type[Settings], path: tuple[str, ...], seen: set[type]) -> Iterator[str]:
    title = " → ".join(f"`{part}`" for part in path) or "Top level"
    yield f"## {title}\n"
    yield f"{_text(model.__doc__)}\n"
    yield "| key | default | meaning |"
    yield "|---|---|---|"
    meanings = _meanings(model)
    below: list[tuple[type[Settings], tuple[str, ...]]] = []
    for key, field in model.model_fields.items():
        yield f"| `{key}` | {_default(field)} | {_text(meanings.get(key) or _first_doc(field))} |"
        below += [(group, (*path, key, *steps)) for group, steps in _groups(field.annotation)]
    yield ""
    for group, where in below:
        if group not in seen:
            seen.add(group)
            yield from _section(group, where, seen)


def _meanings(model: type[Settings]) -> dict[str, str]:
    """Read what stands below each key; pydantic would do so at the start of every run, and slowly."""
    found = {}
    for group in reversed([each for each in model.__mro__ if issubclass(each, Settings)]):
        for key, below in pairwise(_classes(group.__module__)[group.__name__].body):
            match key, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(ast.Constant(str(words))):
                    found[name] = words
    return found


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    """Read the classes of a module, once for all of them."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _groups(annotation: Any, steps: tuple[str, ...] = ()) -> Iterator[tuple[type[Settings], tuple[str, ...]]]:
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        yield annotation, steps
    elif get_origin(annotation) is dict:
        yield from _groups(get_args(annotation)[1], (*steps, "<name>"))
    else:
        for argument in get_args(annotation):
            yield from _groups(argument, steps)


def _default(field: FieldInfo) -> str:
    if not can_be_left_out(field):
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, Settings):
        return "see below"
    return f"`{value!r}`" if value not in (None, (), {}) else ""


def _first_doc(field: FieldInfo) -> str:
    groups = [group for group, _ in _groups(field.annotation)]
    return (groups[0].__doc__ or "") if groups else ""


def _text(words: str | None) -> str:
    return re.sub(r"\s+", " ", words or "").strip().replace("|", "\\|")


if __name__ == "__main__":
    print(reference(), end="")
