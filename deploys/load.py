"""From a host's data to a `Server`, with one line for each setting that is wrong."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pyinfra import logger
from pyinfra.api.host import Host
from pyinfra.context import ctx_host

from deploys import connection, connectors, invocation, sudo
from deploys.config import Server
from deploys.config.apps import App
from deploys.config.lines import belongs, line_of, worth_a_line
from deploys.config.placeholders import placeholders
from deploys.config.remedies import closest, meant
from deploys.config.sites import Site
from deploys.refusal import Refusal

_KEYS = tuple(Server.model_fields)
_OF_APPS = {
    *("asgi", "env_file", "health", "hooks", "jobs", "persistent", "recycle_after", "workers"),
    *("working_directory", "wsgi"),
}
"""Keys of an app that hardly anybody has at the top for anything else."""

_WITHIN = {
    **dict.fromkeys(("webhook", "mail"), "alerts"),
    **dict.fromkeys(("dns", "eab", "ca_bundle", "certbot", "email", "directory"), "acme"),
    **dict.fromkeys(("cloudflare", "tells_by", "client_ca"), "edge"),
    "passphrase_file": "backup",
}
"""Keys of groups that somebody may write at the top, and the group."""

_FORMER = {"of": ("app", "site"), "only": ("site",)}
"""What words of `--data` were called before."""


_MOST = 20
"""How many lines tell of settings that are wrong: nobody mends more of them at once."""


REFUSED = "settings refused, nothing was changed"
"""What stands before the lines of all hosts."""


def load(host: Host, *also: str) -> Server:
    """Read and check the settings of one host, which a run begins with.

    Args:
        host: the host.
        also: what may be said with `--data` besides settings.

    Raises:
        Refusal: one line for each setting that is wrong, before anything on any host is changed.

    """
    _begin(host)
    server = settings(host, *also)
    for line in idle(host.data.dict()):
        logger.warning("%s%s", host.print_prefix, line)
    return server


def load_if_any(host: Host, *also: str) -> Server | None:
    """Read and check the settings of one host, for what can do without; there may be none yet.

    Raises:
        Refusal: as `load` does.

    """
    _begin(host)
    return settings_if_any(host, *also)


def _begin(host: Host) -> None:
    if not ctx_host.isset():
        raise Refusal(invocation.SWAPPED)
    connection.watch(host)


def settings(host: Host, *also: str) -> Server:
    """Read and check the settings of one host, which need not be connected.

    Raises:
        Refusal: as `load` does.

    """
    _refuse_unknown_words(host, also)
    # pyinfra leaves it untyped.
    data: dict[str, Any] = host.data.dict()
    own = {key: value for key, value in data.items() if key not in also}
    if not own.keys() & {*_KEYS, *_misspelt(own)}:
        raise Refusal(f"{host.name}: there are no settings: {_where_to_write(host.groups)}")
    server = server_from(own, f"{host.name}: ")
    if left := list(placeholders(server)):
        raise Refusal(_refusal(left, f"{host.name}: "))
    return server


def settings_if_any(host: Host, *also: str) -> Server | None:
    """Read and check the settings of one host, unless there are none yet.

    Raises:
        Refusal: as `load` does.

    """
    _refuse_unknown_words(host, also)
    return settings(host, *also) if {"apps", "sites"} & host.data.dict().keys() else None


def _refuse_unknown_words(host: Host, also: tuple[str, ...]) -> None:
    # pyinfra leaves it untyped.
    said: dict[str, Any] = host.inventory.get_override_data()
    for key in said:
        if key == "_sudo_password":
            raise Refusal(f"--data {key}: others can read a command line; {sudo.REMEDY}")
        if key not in {*also, *_KEYS, *connectors.known(host)}:
            known = " or ".join(also) or "no words of its own"
            now = next((word for word in _FORMER.get(key, ()) if word in also), None)
            near = f"did you mean {now!r}? " if now else meant(key, [*also, *_KEYS, *connectors.known(host)])
            raise Refusal(f"--data {key}: unknown; {near}this deploy takes {known}")
    if problems := sorted(connectors.misspelt(host, {*host.data.dict()} - {*also})):
        raise Refusal(_refusal(problems, f"{host.name}: "))


def asks(host: Host, key: str) -> bool:
    """Say whether `--data key=yes` was said.

    Raises:
        Refusal: it has another value than yes or no.

    """
    value = host.data.get(key, "no")
    if value not in {"yes", "no"}:
        raise Refusal(
            f'{key}: {value!r}: {meant(value, ("yes", "no"))}write "yes" or "no", as in --data {key}=yes'
        )
    return bool(value == "yes")


def _where_to_write(groups: Iterable[str]) -> str:
    """Say where the settings of a host belong; pyinfra gives it the name of its inventory as a group."""
    # The list's own name comes first, and is mostly just `hosts`.
    name = next((group for group in reversed([*groups]) if group != "all"), None)
    if name is None:
        return "name an inventory, like inventories/prod.py, rather than the host"
    there = sorted(path.stem for path in Path("group_data").glob("*.py") if path.stem != name)
    near = closest(name, there, cutoff=0.75)
    rename = f", or rename the inventory to {near}.py, for which there are some" if near else ""
    return f"write them to group_data/{name}.py, named as the inventory is{rename}"


def server_from(data: Mapping[str, Any], prefix: str = "") -> Server:
    """Check plain data; keys that are not gatehouse's own are left to whoever they are for.

    Raises:
        Refusal: one line for each setting that is wrong, each beginning with the prefix.

    """
    problems = list(_misspelt(data).values())
    more = 0
    try:
        server = Server.model_validate(own := {key: data[key] for key in _KEYS if key in data})
    except ValidationError as refusal:
        errors = worth_a_line(refusal.errors(include_url=False))
        room = max(_MOST - len(problems), 0)
        problems += [line_of(error, own) for error in errors[:room]]
        more = len(errors[room:])
    if problems:
        raise Refusal(_refusal(problems, prefix, more))
    return server


def _refusal(problems: list[str], prefix: str, more: int = 0) -> str:
    more += len(problems[_MOST:])
    told = [*problems[:_MOST], *([f"and {more} more"] if more else [])]
    return "\n".join([REFUSED, *(f"{prefix}{line}" for line in told)])


def _misspelt(data: Mapping[str, Any]) -> dict[str, str]:
    """Find the keys that were probably meant for gatehouse, and say so of each."""
    lines = {}
    for key in data:
        near = closest(key, _KEYS, cutoff=0.75)
        if key in Site.model_fields and key not in _KEYS:
            lines[key] = f"{key}: {belongs('a site', key)}"
        elif key in _OF_APPS:
            lines[key] = f"{key}: {belongs('an app', key)}"
        elif key not in _KEYS and near:
            lines[key] = f"{key}: unknown key, did you mean {near!r}?"
    return lines


def _has(group: object, key: str) -> bool:
    return isinstance(group, dict) and key in group


def idle(data: Mapping[str, Any]) -> Iterable[str]:
    """Find keys of groups and apps at the top, as `dns` or `env`: not refused, they may be the user's own.

    Where a group or an app has such a key, the one at the top is most likely what that is made of.
    """
    apps = data.get("apps")
    within = {key for app in apps.values() if isinstance(app, dict) for key in app} if apps else set()
    yield from (
        f"{key}: does nothing at the top; if it is to have one, write {group}[{key!r}]"
        for key, group in _WITHIN.items()
        if key in data and key not in _KEYS and not _has(data.get(group), key)
    )
    for key in App.model_fields.keys() & data.keys() - {*_KEYS, *_OF_APPS, *Site.model_fields} - within:
        yield f"{key}: does nothing at the top; if an app is to have it, write apps['shop'][{key!r}]"
