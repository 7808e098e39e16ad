"""Which settings are secret, by their types, so that no value of theirs is ever shown. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from deploys.config.secrets import FromCommand, FromEnvironment, FromFile
from deploys.config.settings import HIDDEN


def is_secret(group: type[BaseModel], place: Sequence[object]) -> bool:
    """Say whether what stands in a place of the settings is a secret, or may be taken for one.

    Args:
        group: the settings.
        place: the keys that lead there.

    """
    here: list[Any] = [group]
    for part in place:
        here = [below for kind in here for below in _below(kind, str(part))]
        if any(_says_where(kind) for kind in here):
            return True
    return False


def _below(kind: Any, part: str) -> Iterator[Any]:
    """Give the types of what a key of a value leads to."""
    for one in _alternatives(kind):
        if isinstance(one, type) and issubclass(one, BaseModel):
            field = one.model_fields.get(part)
            if field:
                yield FromFile if HIDDEN in field.metadata else field.annotation
        elif get_origin(one) is dict:
            yield get_args(one)[1]
        else:
            yield from get_args(one)


def _alternatives(kind: Any) -> Iterable[Any]:
    match get_origin(kind):
        case origin if origin is Annotated:
            return _alternatives(get_args(kind)[0])
        case origin if origin in {Union, UnionType}:
            return [one for part in get_args(kind) for one in _alternatives(part)]
        case _:
            return [kind]


def _says_where(kind: Any) -> bool:
    """Say whether a type, or one that it is made of, is that of where a secret is."""
    if isinstance(kind, type) and issubclass(kind, FromCommand | FromEnvironment | FromFile):
        return True
    return any(map(_says_where, get_args(kind)))
