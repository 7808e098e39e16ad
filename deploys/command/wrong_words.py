"""Words of a command line that mean nothing here, and what would be right. Pure."""

import re
from collections.abc import Iterable

from deploys.command import elsewhere
from deploys.command.usage import Wrong, meant
from deploys.command.verbs import VERBS, names

_MESSAGES = (
    (r"the following arguments are required: (.+)", r"\1 is missing, add it"),
    (r"argument ([^:]+): expected one argument", r"\1 takes a value, add it"),
    (r"argument ([^:]+): ignored explicit argument '(.*)'", r"\1 takes no value; leave out '\2'"),
)
"""What argparse says, and what we do."""
_PYINFRA_S = {
    *("--chdir", "--config", "--debug", "--fail-percent", "--group-data", "--key", "--no-wait", "--parallel"),
    *("--password", "--port", "--retry", "--retry-delay", "--serial", "--sudo", "--sudo-user", "--user"),
}
"""What somebody may add who knows pyinfra."""
_CHOICE = re.compile(r"argument [^:]+: invalid choice: '(.*)' \(choose from (.+)\)", re.DOTALL)


def in_words(message: str, see: str) -> str:
    """Say what argparse says.

    Args:
        message: in its words.
        see: what helps to go on, where that is not told by ours.

    """
    if choice := _CHOICE.fullmatch(message):
        known = [word.strip("' ") for word in choice[2].split(",")]
        return f"{choice[1]!r}: {meant(choice[1].lower(), known)}"
    for pattern, words in _MESSAGES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return found.expand(words) + see
    return message + see


def unknown_word(word: str, options: Iterable[str]) -> str:
    """Say of a word that a verb has no use for what was probably meant, or that it is too much.

    Args:
        word: as it was written.
        options: what the verb takes.

    """
    if not word.startswith("-"):
        remedy = f"; did you mean --to {word}?" if word.isdecimal() and "--to" in options else ""
        remedy = f"; write -- before a command, as in: -- {word}" if "--command" in options else remedy
        return f"{word!r} is one word too many{remedy}"
    flag = word.partition("=")[0]
    if flag in _PYINFRA_S:
        return f"{flag} is pyinfra's, and not taken here; leave it out"
    long = [option for option in options if option.startswith("--")]
    begun = [option for option in long if option.startswith(flag) and flag != "-"]
    likely = f"did you mean {begun[0]}?" if len(begun) == 1 else elsewhere.flag(flag, long)
    return f"{flag} is unknown; {likely or elsewhere.without_verb(flag) or meant(flag, long)}"


def refuse_order(words: list[str]) -> None:
    """See that the right words stand in the right places.

    Raises:
        Wrong: they do not; it says what to write.

    """
    first = next((word for word in words if word in names()), None)
    if first and words[0] != first and not {"-h", "--help"} & {*words}:
        others = list(words)
        others.remove(first)
        right = " ".join(["gatehouse", first, *sorted(others, key=lambda word: word.startswith("-"))])
        raise Wrong(f"{words[0]} comes after what is to be done: {right}")
    own = [value for one in VERBS if one.name == first for option in one.options for value in option.values]
    if words[1:2] and words[1] in own and words[2:3] and words[2] not in own:
        right = " ".join(["gatehouse", words[0], words[2], words[1], *words[3:]])
        raise Wrong(f"{words[0]}: write the inventory first: {right}")


def refuse_former(words: list[str]) -> None:
    """See that no option has a name that was its own before.

    Raises:
        Wrong: one has.

    """
    for option in [option for one in VERBS if one.name in words[:1] for option in one.options]:
        former = f"--{option.formerly}"
        if option.formerly and any(word == former or word.startswith(f"{former}=") for word in words):
            raise Wrong(f"{words[0]}: {former} is called --{option.key} now")


def unknown_verb(words: list[str]) -> str:
    """Say of a command line that begins with no verb what was probably meant."""
    swapped = [word for word in words[1:] if word in names()]
    if swapped:
        right = f"gatehouse {swapped[0]} {words[0]}"
        return f"{words[0]!r} is nothing to do; write what is to be done first: {right}"
    word = words[0].lower()
    near = next((verb for verb, others in elsewhere.VERBS.items() if word in others.split()), None)
    likely = f"did you mean {near}?" if near else elsewhere.without_verb(word) or meant(word, names())
    return f"{words[0]!r} is nothing to do; {likely}"
