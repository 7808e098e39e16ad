"""Words of Traefik's rules, by which routers know their requests. Pure."""

import json
import re
from collections.abc import Iterable

from deploys.proxies.numbers import above

# A path is matched with its unreserved characters decoded, `%2e` for one, and with the others as they came.
MISLEADING = r"(?i)(/|%2f|\\|%5c)\.{1,2}(/|%2f|\\|%5c|%3f|%23|;|%3b|$)"
"""`/./` and `/../`, in whatever words; some app servers take `..;` for `..`, and `\\` for `/`."""

_SLASH = "(/|%2[fF])"
"""Nothing but an app takes the second for one."""


def any_of(*rules: str) -> str:
    """Match what one of the rules does."""
    return " || ".join(f"({rule})" if " && " in rule else rule for rule in rules)


def all_of(*rules: str) -> str:
    """Match what each of the rules does."""
    return " && ".join(f"({rule})" if " || " in rule else rule for rule in rules)


def none_of(*rules: str) -> str:
    """Match what none of the rules does; each is a matcher by itself."""
    return " && ".join(f"!{rule}" for rule in rules)


def method(*names: str) -> str:
    """Match these methods."""
    return any_of(*(f"Method({_quoted(name)})" for name in names))


def hosts(names: Iterable[str]) -> str:
    """Match any of the names; `*.example.com` stands for one label more."""
    return any_of(*map(_host, names))


def header(name: str, pattern: str) -> str:
    """Match a header's value."""
    return f"HeaderRegexp({_quoted(name)}, {_quoted(pattern)})"


def path_matches(pattern: str) -> str:
    """Match paths in which a pattern is found."""
    return f"PathRegexp({_quoted(pattern)})"


def below(path: str) -> str:
    """Match a path and all that is below it."""
    if path == "/":
        return everything()
    return any_of(f"Path({_quoted(path)})", f"PathPrefix({_quoted(f'{path}/')})")


def everything() -> str:
    """Match whatever is asked for."""
    return 'PathPrefix("/")'


def disguised(path: str) -> str:
    """Match what an app would take for a path or what is below it, and a router would not: `%2F` for `/`."""
    return all_of(path_matches(f"^{_in_any_words(path)}{_SLASH[:-1]}|$)"), *_but(path))


def blocked(path: str) -> str:
    """Match what begins like a path, in capitals or not."""
    return path_matches(f"(?i)^{_in_any_words(path)}")


def hidden(exception: str) -> str:
    """Match names that begin with a dot, at any depth, but for a directory of one name."""
    return path_matches(rf"{_SLASH}\.{_anything_but(f'{exception}/')}")


def longer_than(most: int) -> str:
    """Match requests that announce a body of more bytes."""
    return header("Content-Length", above(most))


def of_unknown_length() -> str:
    """Match requests whose body does not tell its length, but for those that look as if they had none."""
    bodiless = ("GET", "HEAD", "OPTIONS", "DELETE")
    return none_of(header("Content-Length", "."), *(method(name) for name in bodiless))


def _host(name: str) -> str:
    if name.startswith("*."):
        pattern = rf"^[^.]+\.{re.escape(name[2:])}$"
        return f"HostRegexp({_quoted(pattern)})"
    if re.fullmatch(r"[0-9.]+|\[.*\]", name):
        # As a Host it would be one that clients ask for in their handshake, where addresses never are.
        return f"HostRegexp({_quoted(f'^{re.escape(name)}$')})"
    return f"Host({_quoted(name)})"


def _in_any_words(path: str) -> str:
    return re.escape(path).replace("/", _SLASH)


def _but(path: str) -> list[str]:
    return [f"!Path({_quoted(path)})", f"!PathPrefix({_quoted(f'{path}/')})"]


def _anything_but(word: str) -> str:
    """Make the pattern of what does not go on like this; RE2 cannot look ahead."""
    ways = (f"{re.escape(word[:count])}([^{re.escape(one)}]|$)" for count, one in enumerate(word))
    return f"({'|'.join(ways)})"


def _quoted(text: str) -> str:
    """Write a text as Go has it in a program, which is how it stands in JSON, too."""
    return json.dumps(text, ensure_ascii=False)
