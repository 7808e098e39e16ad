"""The base of every group of settings: frozen, and of one mind about keys it does not know."""

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
                        type=unknown_key(str(error["loc"][0]), tuple(cls.model_fields))
                        if error["type"] == "extra_forbidden" and len(error["loc"]) == 1
                        else PydanticCustomError(error["type"], "{words}", {"words": words(error)}),
                        loc=error["loc"],
                        input=error["input"],
                    )
                    for error in refusal.errors(include_url=False)
                ],
            ) from None


def words(error: Any) -> str:
    """Say what one pydantic error asks for, without pydantic's own preface."""
    message = str(error["msg"])
    return message.removeprefix("Value error, ").removeprefix("Input should be ")


def unknown_key(key: str, known: tuple[str, ...]) -> PydanticCustomError:
    """Make the error for a key that is not among the known ones."""
    near = get_close_matches(key, known, n=1, cutoff=0.5)
    remedy = f"did you mean {near[0]!r}?" if near else "remove it; known here: " + ", ".join(sorted(known))
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
