"""What `gatehouse` can be told to do: a row for each verb, and one for each word that it takes. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """A word of a verb's own, passed on to its deploy as `--data key=value`."""

    key: str
    help: str
    values: tuple[str, ...] = ()
    """The words that it may be; any if there are none."""
    metavar: str = ""
    flag: str | None = None
    """What the option means where it takes no value."""
    only_tries: bool = False
    """Whether a verb that changes servers changes none with it."""
    is_positional: bool = False
    formerly: str = ""
    """What it was called before."""
    is_rest: bool = False
    """Whether it can also be said by all the words that follow `--`."""


@dataclass(frozen=True)
class Verb:
    """Something to do, by the deploy of the same name."""

    name: str
    help: str
    options: tuple[Option, ...] = ()
    changes: bool = False
    """Whether it changes servers, and so shows what it will do and asks."""
    looks: bool = False
    """Whether it only looks, and shows what it saw itself."""
    tells_all: bool = False
    """Whether it tells of each host, those among them that are not reached or refuse to be looked at."""
    may_lack_settings: bool = False
    """Whether it goes on for a host that has no settings yet."""
    attaches: bool = False
    """Whether the terminal is a program's on the server meanwhile."""

    @property
    def entry(self) -> str:
        return f"deploys/{self.name}.py"

    @property
    def words(self) -> tuple[str, ...]:
        """List what its deploy takes by `--data` besides settings."""
        return tuple(option.key for option in self.options)


_APP = Option("app", "the app; with one app alone it can be left out", metavar="APP")

VERBS = (
    Verb(
        "site",
        "make the servers what the settings say: packages, apps, proxy, certificates",
        (Option("again", "release what was rolled back from, though nothing of it has changed", flag="yes"),),
        changes=True,
    ),
    Verb(
        "status",
        "what users get now, and what is wrong",
        (Option("json", "as JSON", flag="yes"),),
        looks=True,
        tells_all=True,
    ),
    Verb(
        "rollback",
        "give the traffic back to the former release",
        (_APP, Option("to", "the number of another release", metavar="NUMBER")),
        changes=True,
    ),
    Verb(
        "run",
        "run a command as an app, or a shell",
        (
            _APP,
            Option(
                "command",
                "the command in one text, or at the end after `--`; a shell unless given",
                metavar="COMMAND",
                is_rest=True,
            ),
        ),
        looks=True,
        attaches=True,
    ),
    Verb(
        "renew",
        "renew certificates that are not due",
        (
            Option(
                "rehearse",
                "go the whole way with the CA's staging directory, and change nothing",
                flag="yes",
                only_tries=True,
            ),
            Option("site", "one site", metavar="SITE", formerly="only"),
        ),
        changes=True,
    ),
    Verb(
        "advise",
        "which edge and which proxy fit, and why",
        (Option("name", "a name that the settings do not have", metavar="NAME"),),
        looks=True,
        may_lack_settings=True,
    ),
    Verb("verify", "see the sites as their users do, from here", looks=True),
    Verb(
        "report",
        "sum up the access logs",
        (
            Option("since", "how far to go back, like 90m, 24h or 7d; a day unless given", metavar="TIME"),
            Option("site", "one name of a site", metavar="SITE", formerly="of"),
        ),
        looks=True,
    ),
    Verb(
        "maintenance",
        "put the sites under maintenance, or end it",
        (Option("maintenance", "on or off", values=("on", "off"), is_positional=True),),
        changes=True,
    ),
    Verb("alert", "send a test alert from each server", may_lack_settings=True),
    Verb("backup", "fetch the CA account and the certificates, encrypted"),
    Verb("forget", "remove apps and certificates that are no longer in the settings", changes=True),
    Verb("uninstall", "take gatehouse off the servers, which serve nothing from then on", changes=True),
)


COMPLETION = "completion"
"""What the command does itself, by no deploy: it prints what a shell needs."""


def names() -> list[str]:
    """List what a command line may begin with."""
    return [*(one.name for one in VERBS), COMPLETION]


def verb(name: str) -> Verb:
    """Look a verb up by its name."""
    return next(one for one in VERBS if one.name == name)
