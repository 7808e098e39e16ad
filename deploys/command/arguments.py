"""The command line of `gatehouse`, from the table of verbs. Pure."""

import argparse
import shlex
from dataclasses import dataclass, field
from typing import Any, NoReturn

from deploys.command.data import parsed
from deploys.command.usage import Wrong
from deploys.command.verbs import COMPLETION, VERBS, Option, Verb, names, verb
from deploys.command.wrong_words import in_words, refuse_former, refuse_order, unknown_verb, unknown_word

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
        raise Wrong(f"{verb}{': ' if verb else ''}{in_words(message, f'; see: {self.prog} --help')}")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Refuse what is left over in the name of the verb: argparse does in that of the whole command."""
        found, left = super().parse_known_args(args, namespace)
        if left:
            verb = self.prog.partition(" ")[2]
            words = unknown_word(left[0], self._option_string_actions)
            raise Wrong(f"{verb}{': ' if verb else ''}{words}")
        return found, left


def parse(words: list[str]) -> Command | str:
    """Read a command line; the name of a shell is returned to whoever wants completion for it.

    Raises:
        Wrong: it means nothing.
        SystemExit: help was asked for, and is shown.

    """
    if words[:1] == ["help"]:
        words = [*words[1:2], "--help"]
    if words and not words[0].startswith("-") and words[0] not in names():
        raise Wrong(unknown_verb(words))
    words, rest = _parted(words)
    refuse_order(words)
    refuse_former(words)
    found = vars(_parser().parse_args(words))
    if found["verb"] is None:
        raise Wrong(f"what is to be done? Write one of: {', '.join(one.name for one in VERBS)}")
    if found["verb"] == COMPLETION:
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


def _command(chosen: Verb, found: dict[str, object], rest: list[str]) -> Command:
    said = {one.key: str(found[one.key]) for one in chosen.options if found.get(one.key) is not None}
    try:
        data = parsed(_listed(found["data"]), said) | said
    except Wrong as wrong:
        raise Wrong(f"{chosen.name}: {wrong}") from None
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
        COMPLETION,
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
