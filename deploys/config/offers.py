"""What was probably meant by a setting that is refused, as far as it would be taken in its place. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from deploys.config.remedies import Key, guesses, nearest_key, remedy
from deploys.config.server import Server

_LONGEST = 200
"""How long what is offered may be, in characters: nobody compares longer ones by eye."""

_TRIES = 3
"""How often a guess is mended by the guesses for what is wrong in it."""

Place = tuple[Any, ...]


class _NotThereError(Exception):
    """A place is not one of the settings as they were written."""


def offer(settings: Mapping[str, Any], error: Any) -> str:
    """Ask whether something else was meant, ahead of the rule; nothing where that would be refused, too.

    Args:
        settings: all of them, as they were written.
        error: one of those with which they are refused, whose value may be shown.

    """
    place, value = place_of(error), error["input"]
    try:
        found = next(
            offered
            for guess in guesses(error)
            if (offered := _settled(settings, place, value, guess)) is not None
        )
    except (StopIteration, _NotThereError):
        return ""
    words = repr(found.meant if isinstance(found, Key) else found)
    return f"did you mean {words}? " if len(words) <= _LONGEST else ""


def place_of(error: Any) -> Place:
    """Give the keys that lead to what is wrong, without the tags of alternatives."""
    return tuple(part for part in error["loc"] if not str(part).startswith("<"))


def _settled(settings: Mapping[str, Any], place: Place, value: Any, guess: Any) -> object:
    """Give the guess as it would be taken in place of a value, or None."""
    if place[-1:] == ("[key]",):
        group = _at(settings, place[:-2])
        return guess if guess not in group and _is_a_key(settings, place[:-2], value, guess) else None
    if isinstance(guess, Key):
        return guess if _is_meant(settings, place, value, guess) else None
    return None if _leads_nowhere(settings, place, guess) else _mended(settings, place, guess)


def _is_a_key(settings: Mapping[str, Any], group: Place, key: object, other: Any) -> bool:
    renamed = _put(settings, group, _renamed(_at(settings, group), Key(key, other)))
    return not any(place in (group, (*group, str(other), "[key]")) for place, _ in _refused(renamed))


def _is_meant(settings: Mapping[str, Any], place: Place, group: Any, key: Key) -> bool:
    """Say whether a key of an object is like the one that was written, or takes its value."""

    def takes(other: str) -> bool:
        renamed, there = _put(settings, place, _renamed(group, key)), (*place, other)
        return not any(wrong in (place, there) or _is_in(wrong, there) for wrong, _ in _refused(renamed))

    return nearest_key(key.written, [key.meant], takes) is not None


def _leads_nowhere(settings: Mapping[str, Any], place: Place, guess: Any) -> bool:
    """Say whether a route would lead to an app that is not there, which shows only once all else is well."""
    apps = settings.get("apps", ())
    return (
        place[:1] == ("sites",) and isinstance(guess, dict) and guess.get("app", next(iter(apps))) not in apps
    )


def _mended(settings: Mapping[str, Any], place: Place, guess: Any, tries: int = _TRIES) -> object:
    # Of a list, something is wrong where an item of it is there twice, or with another.
    around = (place, place[:-1]) if isinstance(place[-1], int) else (place,)
    wrong = [
        (where, error)
        for where, error in _refused(_put(settings, place, guess))
        if where in around or _is_in(where, place)
    ]
    if not wrong:
        return guess
    for where, error in wrong if tries else ():
        within = [each for each in guesses(error) if not isinstance(each, Key)]
        if where in around or not within:
            return None
        guess = _put(guess, where[len(place) :], within[0])
    return _mended(settings, place, guess, tries - 1) if tries else None


def _refused(settings: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    try:
        Server.model_validate(settings)
    except ValidationError as refusal:
        for error in refusal.errors(include_url=False):
            if not _asks_for_more(error):
                yield place_of(error), error


def _asks_for_more(error: Any) -> bool:
    """Say whether a value is right where it stands, and something is wanted beside it."""
    return bool(error["type"] == "contradiction" and remedy(error).startswith("add "))


def _is_in(place: Place, group: Place) -> bool:
    return len(place) > len(group) and place[: len(group)] == group


def _at(data: Any, place: Place) -> Any:
    for key in place:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            raise _NotThereError from None
    return data


def _put(data: Any, place: Place, value: Any) -> Any:
    """Copy what leads to a place, and put a value there."""
    if not place:
        return value
    key, *rest = place
    within = _put(_at(data, (key,)), tuple(rest), value)
    if isinstance(data, Mapping):
        return {**data, key: within}
    return [within if number == key else each for number, each in enumerate(data)]


def _renamed(group: Mapping[Any, Any], key: Key) -> dict[Any, Any]:
    return {(key.meant if each == key.written else each): value for each, value in group.items()}
