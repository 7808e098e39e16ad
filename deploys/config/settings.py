"""The base of every group of settings: frozen, and of one mind about keys it does not know."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError


class Settings(BaseModel):
    """A group of settings. Unknown keys are refused, naming the nearest key that exists."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="wrap")
    @classmethod
    def _suggest_keys(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as refusal:
            raise ValidationError.from_exception_data(
                refusal.title,
                [
                    InitErrorDetails(
                        type=unknown_key(str(error["loc"][0]), cls.model_fields.keys() - set(data))
                        if error["type"] == "extra_forbidden" and len(error["loc"]) == 1
                        else PydanticCustomError(error["type"], "{words}", {"words": words(error)}),
                        loc=error["loc"],
                        input=error["input"],
                    )
                    for error in refusal.errors(include_url=False)
                ],
            ) from None


_WORDS = {
    "bool_parsing": "write True or False",
    "bool_type": "write True or False",
    "dict_type": 'write an object, {{"…": …}}',
    "enum": "write {expected}",
    "float_parsing": "write a number",
    "float_type": "write a number",
    "greater_than": "write more than {gt}",
    "greater_than_equal": "write {ge} or more",
    "int_parsing": "write a whole number",
    "int_type": "write a whole number",
    "less_than_equal": "write {le} or less",
    "literal_error": "write {expected}",
    "model_type": 'write an object, {{"…": …}}',
    "model_attributes_type": 'write an object, {{"…": …}}',
    "string_type": 'write it in quotes, "…"',
    "too_short": "write at least one",
    "tuple_type": 'write a list, ["…"]',
}


def words(error: Any) -> str:
    """Say what one pydantic error asks for, without pydantic's own preface."""
    context = error.get("ctx", {})
    if "words" in context:
        return str(context["words"])
    if error["type"] in _WORDS:
        return _WORDS[error["type"]].format(**context)
    return str(error["msg"]).removeprefix("Value error, ")


def unknown_key(key: str, known: Collection[str]) -> PydanticCustomError:
    """Make the error for a key that is not among the known ones, some of which may not be there yet."""
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    others = f"; there could be {', '.join(sorted(known))}" if known else ""
    remedy = f"did you mean {near[0]!r}?" if near else f"remove it{others}"
    return PydanticCustomError("unknown_key", "{words}", {"words": remedy})


def told_apart_by(*keys: str, remedy: str, text: str | None = None) -> Discriminator:
    """Tell the alternatives of a setting apart by the one key that each has and no other.

    Args:
        keys: one for each alternative, which is tagged `<key>`; messages leave such tags out.
        remedy: what to write, where none of the keys is there or several are.
        text: the tag of the alternative that is no group of settings but a plain string.

    """

    def kind(value: Any) -> str | None:
        if isinstance(value, str):
            return text
        present = set(value if isinstance(value, dict) else getattr(type(value), "model_fields", ())) & set(
            keys
        )
        return f"<{present.pop()}>" if len(present) == 1 else None

    return Discriminator(kind, custom_error_type="alternative", custom_error_message=remedy)
