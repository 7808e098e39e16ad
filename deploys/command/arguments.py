"""The command line of `gatehouse`, from the table of verbs. Pure."""

import argparse
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from deploys.command import elsewhere
from deploys.command.usage import Wrong, meant
from deploys.command.verbs import VERBS, Option, Verb, verb

SHELLS = ("bash", "zsh", "fish")
_EPILOG = "Exit codes: 0 all is as wanted, 1 something failed, 2 wrong usage or settings, 130 interrupted."


@dataclass(frozen=True)
class Command:
    """What the user asks for."""

    verb: Verb
    inventory: str
    data: dict[str, str] = field(default_factory=dict)
    limit: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    dry: bool = False
    diff: bool = False
    yes: bool = False
    verbose: bool = False

    @property
    def changes(self) -> bool:
        """Whether it changes servers, if all goes well."""
        return self.verb.changes and not self.dry and not self.only_tries

    @property
    def only_tries(self) -> bool:
        """Whether it tries whether a change would succeed."""
        return any(option.only_tries and option.key in self.data for option in self.verb.options)

    @property
    def shows_plan(self) -> bool:
        """Whether the user is told what will be done before it is."""
        return self.dry or (self.changes and not self.yes)


class _Parser(argparse.ArgumentParser):
    """Tells of a mistake in one line, in words of ours."""

    def error(self, message: str) -> NoReturn:
        verb = self.prog.partition(" ")[2]
        raise Wrong(f"{verb}{': ' if verb else ''}{_in_words(message, f'; see: {self.prog} --help')}")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Refuse what is left over in the name of the verb: argparse does in that of the whole command."""
        found, left = super().parse_known_args(args, namespace)
        if left:
            verb = self.prog.partition(" ")[2]
            words = _unknown_word(left[0], self._option_string_actions)
            raise Wrong(f"{verb}{': ' if verb else ''}{words}")
        return found, left


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


def _in_words(message: str, see: str) -> str:
    if choice := _CHOICE.fullmatch(message):
        known = [word.strip("' ") for word in choice[2].split(",")]
        return f"{choice[1]!r}: {meant(choice[1].lower(), known)}"
    for pattern, words in _MESSAGES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return found.expand(words) + see
    return message + see


def _unknown_word(word: str, options: Iterable[str]) -> str:
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


def parse(words: list[str]) -> Command | str:
    """Read a command line; the name of a shell is returned to whoever wants completion for it.

    Raises:
        Wrong: it means nothing.
        SystemExit: help was asked for, and is shown.

    """
    if words[:1] == ["help"]:
        words = [*words[1:2], "--help"]
    if words and not words[0].startswith("-") and words[0] not in _names():
        raise Wrong(_unknown(words))
    words, rest = _parted(words)
    _refuse_order(words)
    _refuse_former(words)
    found = vars(_parser().parse_args(words))
    if found["verb"] is None:
        raise Wrong(f"what is to be done? Write one of: {', '.join(one.name for one in VERBS)}")
    if found["verb"] == "completion":
        return str(found["shell"])
    chosen = verb(found["verb"])
    return _command(chosen, found, rest)


def _parted(words: list[str]) -> tuple[list[str], list[str]]:
    """Part the words from those that follow `--`, where the verb has a use for these."""
    takes_them = any(option.is_rest for one in VERBS if one.name in words[:1] for option in one.options)
    if not takes_them or "--" not in words:
        return words, []
    end = words.index("--")
    return words[:end], words[end + 1 :]


def _refuse_order(words: list[str]) -> None:
    """Say what to write where the right words stand in the wrong places."""
    first = next((word for word in words if word in _names()), None)
    if first and words[0] != first and not {"-h", "--help"} & {*words}:
        others = list(words)
        others.remove(first)
        right = " ".join(["gatehouse", first, *sorted(others, key=lambda word: word.startswith("-"))])
        raise Wrong(f"{words[0]} comes after what is to be done: {right}")
    own = [value for one in VERBS if one.name == first for option in one.options for value in option.values]
    if words[1:2] and words[1] in own and words[2:3] and words[2] not in own:
        right = " ".join(["gatehouse", words[0], words[2], words[1], *words[3:]])
        raise Wrong(f"{words[0]}: write the inventory first: {right}")


def _refuse_former(words: list[str]) -> None:
    for option in [option for one in VERBS if one.name in words[:1] for option in one.options]:
        former = f"--{option.formerly}"
        if option.formerly and any(word == former or word.startswith(f"{former}=") for word in words):
            raise Wrong(f"{words[0]}: {former} is called --{option.key} now")


def _names() -> list[str]:
    return [*(one.name for one in VERBS), "completion"]


def _unknown(words: list[str]) -> str:
    swapped = [word for word in words[1:] if word in _names()]
    if swapped:
        right = f"gatehouse {swapped[0]} {words[0]}"
        return f"{words[0]!r} is nothing to do; write what is to be done first: {right}"
    word = words[0].lower()
    near = next((verb for verb, others in elsewhere.VERBS.items() if word in others.split()), None)
    likely = f"did you mean {near}?" if near else elsewhere.without_verb(word) or meant(word, _names())
    return f"{words[0]!r} is nothing to do; {likely}"


def _command(chosen: Verb, found: dict[str, object], rest: list[str]) -> Command:
    data = {}
    for pair in found["data"] if isinstance(found["data"], list) else ():
        key, equals, value = str(pair).partition("=")
        if not equals or not key:
            raise Wrong(f"{chosen.name}: --data {pair}: write KEY=VALUE")
        if key in data or (key in chosen.words and found.get(key) is not None):
            raise Wrong(f"{chosen.name}: --data {key}: is said twice; leave one of them out")
        data[key] = value
    data |= {one.key: str(found[one.key]) for one in chosen.options if found.get(one.key) is not None}
    data |= {one.key: shlex.join(rest) for one in chosen.options if one.is_rest and rest}
    if found.get("dry") and found.get("yes"):
        raise Wrong(f"{chosen.name}: --dry and --yes exclude each other; leave one of them out")
    if found.get("diff") and not found.get("dry"):
        raise Wrong(f"{chosen.name}: --diff shows what a dry run would change; add --dry")
    return Command(
        verb=chosen,
        inventory=str(found["inventory"]),
        data=data,
        limit=_listed(found["limit"]),
        exclude=_listed(found["exclude"]),
        dry=bool(found.get("dry")),
        diff=bool(found.get("diff")),
        yes=bool(found.get("yes")),
        verbose=bool(found["verbose"]),
    )


def _listed(given: object) -> tuple[str, ...]:
    return tuple(str(one) for one in given) if isinstance(given, list) else ()


def _parser() -> _Parser:
    parser = _Parser(
        prog="gatehouse",
        description="Turns bare servers into a home for Python web apps.",
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="what to do")
    for one in VERBS:
        added = verbs.add_parser(
            one.name, help=one.help, description=f"{one.help}.", epilog=_EPILOG, allow_abbrev=False
        )
        _describe(added, one)
    completion = verbs.add_parser(
        "completion",
        help="print what a shell needs to complete these commands",
        description='In bash, for example: eval "$(./gatehouse completion bash)".',
    )
    completion.add_argument("shell", choices=SHELLS, help="the shell")
    return parser


def _describe(parser: _Parser, one: Verb) -> None:
    parser.add_argument("inventory", metavar="INVENTORY", help="inventories/INVENTORY.py, or a path")
    for option in one.options:
        _add(parser, option)
    parser.add_argument(
        "--limit", action="append", metavar="HOST", help="only this host, or group; repeatable"
    )
    parser.add_argument(
        "--exclude", action="append", metavar="HOST", help="not this host, or group; repeatable"
    )
    parser.add_argument("--data", action="append", metavar="KEY=VALUE", help="a setting for this run alone")
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="tell each step, and all that programs say"
    )
    if one.changes:
        parser.add_argument("--dry", action="store_true", help="tell what would change, and change nothing")
        parser.add_argument("--diff", action="store_true", help="with --dry: show how files would differ")
        parser.add_argument("-y", "--yes", action="store_true", help="do not ask")


def _add(parser: _Parser, option: Option) -> None:
    if option.is_positional:
        parser.add_argument(
            option.key, choices=option.values, metavar="|".join(option.values), help=option.help
        )
    elif option.flag:
        parser.add_argument(f"--{option.key}", action="store_const", const=option.flag, help=option.help)
    else:
        parser.add_argument(f"--{option.key}", metavar=option.metavar, help=option.help)
