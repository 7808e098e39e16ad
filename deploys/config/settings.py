"""The base of every group of settings: frozen, and of one mind about keys it does not know."""

from collections.abc import Collection, Iterator, KeysView, ValuesView
from difflib import get_close_matches
from typing import Any, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import InitErrorDetails, PydanticCustomError

from deploys.config import remedies
from deploys.config.remedies import nearest_key

_MOST = 7
"""How many keys are named in place of an unknown one."""

HIDDEN = "hidden"
"""Marks, in `Annotated`, a setting whose values are not shown, though its type says nothing of secrets."""


class _NotSaid:
    """Stands where a setting is required, unless another one says otherwise."""

    def __repr__(self) -> str:
        return "required"


NOT_SAID: Any = _NotSaid()
"""The default of a setting whose own validator says whether it may be left out."""


class _Unordered:
    """Holds what has no order, or can be gone through but once, for a list: pydantic would make one of it."""

    def __init__(self, value: object) -> None:
        self.value = value

    @staticmethod
    def bare(value: object) -> object:
        return value.value if isinstance(value, _Unordered) else value


def _with_bare_input(error: Any) -> Any:
    return {**error, "input": _Unordered.bare(error["input"])}


def _is_unordered(value: object) -> bool:
    return isinstance(value, set | frozenset | Iterator | KeysView | ValuesView)


class Settings(BaseModel):
    """A group of settings. Unknown keys are refused, naming the nearest key that exists."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="wrap")
    @classmethod
    def _refuse_in_our_words(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if isinstance(data, dict):
            data = {key: _Unordered(value) if _is_unordered(value) else value for key, value in data.items()}
        try:
            return handler(data)
        except ValidationError as refusal:
            # A default that depends on another key is wanting only where that is wrong.
            errors = [
                error
                for error in map(_with_bare_input, refusal.errors(include_url=False))
                if error["type"] != "default_factory_not_called"
            ]
            free = cls.model_fields.keys() - (set(data) if isinstance(data, dict) else set())
            misspelt = {(cls._meant(error, free),) for error in errors if _is_unknown(error)}
            raise ValidationError.from_exception_data(
                refusal.title,
                [
                    InitErrorDetails(type=cls._told(error, free), loc=error["loc"], input=error["input"])
                    for error in errors
                    if error["type"] != "missing" or error["loc"] not in misspelt
                ],
            ) from None

    @classmethod
    def _told(cls, error: Any, free: Collection[str]) -> PydanticCustomError:
        loc = [part for part in error["loc"] if not str(part).startswith("<")]
        if _is_unknown(error):
            return unknown_key(
                str(loc[0]), free, near=cls._meant(error, free), group=cls._group_with(str(loc[0]))
            )
        if error["type"] == "unknown_key":
            return PydanticCustomError("unknown_key", "{words}", error["ctx"])
        rule, meant = remedies.remedy(error), remedies.guesses(error)
        if not loc and error["type"] in {"model_type", "model_attributes_type"}:
            first = next(iter(cls.model_fields))
            rule = f'write an object, {{"{first}": …}}'
            meant = [{cls._named(error["input"]): error["input"]}] if isinstance(error["input"], str) else []
        if len(loc) == 1 and error["input"] is None and can_be_left_out(cls.model_fields[loc[0]]):
            rule, meant = f"leave it out, or {rule.removeprefix('leave it out, or ')}", []
        return PydanticCustomError(error["type"], "{words}", {"words": rule, "near": meant})

    @classmethod
    def _named(cls, text: str) -> str:  # some tell by it
        """Name the key that is most probably left out before a text."""
        return next(iter(cls.model_fields))

    @classmethod
    def _meant(cls, error: Any, free: Collection[str]) -> str | None:
        """Name the key that was most probably meant by an unknown one."""
        return nearest_key(error["loc"][0], free, lambda key: cls._takes(key, error["input"]))

    @classmethod
    def _takes(cls, key: str, value: Any) -> bool:
        try:
            cls.model_validate({key: value})
        except ValidationError as refusal:
            return all(error["loc"][:1] != (key,) for error in refusal.errors(include_url=False))
        return True

    @classmethod
    def _group_with(cls, key: str) -> str | None:
        """Name the one group of these settings that has a key, if one alone has it."""
        found = {
            name
            for name, field in cls.model_fields.items()
            for kind in (field.annotation, *get_args(field.annotation))
            if isinstance(kind, type) and issubclass(kind, Settings) and key in kind.model_fields
        }
        return found.pop() if len(found) == 1 else None


def can_be_left_out(field: FieldInfo) -> bool:
    """Say whether a setting need not be there, whatever the others are."""
    return not field.is_required() and field.default is not NOT_SAID


def _is_unknown(error: Any) -> bool:
    return error["type"] in {"extra_forbidden", "invalid_key"} and len(error["loc"]) == 1


def unknown_key(
    key: str, known: Collection[str], *, near: str | None = None, group: str | None = None
) -> PydanticCustomError:
    """Make the error for a key that is not among the known ones, some of which may not be there yet.

    Args:
        key: the key.
        known: those that could stand in its place.
        near: the one of them that was probably meant.
        group: the one of them that has such a key itself, if one does.

    """
    others = f"; there could be {_nearest(key, known)}" if known else ""
    words = f"did you mean {near!r}?" if near else f"remove it{others}"
    if group:
        words = f'it belongs to {group}: write "{group}": {{"{key}": …}}'
    return PydanticCustomError("unknown_key", "{words}", {"words": words, "is_known": bool(near or group)})


def _nearest(key: str, known: Collection[str]) -> str:
    if len(known) <= _MOST:
        return ", ".join(sorted(known))
    near = sorted(get_close_matches(key, known, n=_MOST, cutoff=0))
    return f"{', '.join(near)} and {len(known) - _MOST} more that docs/settings.md lists"


class _Context(dict[str, Any]):
    """What an error knows; hashable, as typing wants each part of an annotation."""

    def __hash__(self) -> int:  # type: ignore[override]  # dict has none
        return hash(tuple(self.items()))


def told_apart_by(*keys: str, remedy: str, text: str | None = None, bare: str | None = None) -> Discriminator:
    """Tell the alternatives of a setting apart by the one key that each has and no other.

    Args:
        keys: one for each alternative, which is tagged `<key>`; messages leave such tags out.
        remedy: what to write, where none of the keys is there or several are.
        text: the tag of the alternative that is no group of settings but a plain string.
        bare: the key that somebody means who writes only its value.

    """

    def kind(value: Any) -> str | None:
        if isinstance(value, str):
            return text
        present = set(value if isinstance(value, dict) else getattr(type(value), "model_fields", ())) & set(
            keys
        )
        return f"<{present.pop()}>" if len(present) == 1 else None

    return Discriminator(
        kind,
        custom_error_type="alternative",
        custom_error_message="{words}",
        custom_error_context=_Context(words=remedy, keys=" ".join(keys), bare=bare or "", text=text or ""),
    )
