"""What somebody probably meant who wrote a text that a kind of value refuses.

A guess is offered only where the kind takes it, so that none here need be careful.
"""

import re
import shlex

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:/+", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.%+-]+@[\w.-]+\.[a-z]{2,}", re.IGNORECASE)
_PACKAGE = re.compile(r"\s*([\w.-]*\w(?:\[[^\]]*\])?)\s*(?:=+|@|:|-(?=\d)|\s)\s*v?(\d[\w.+!]*)\s*", re.ASCII)


def trimmed(value: str) -> str:
    """Leave out what surrounds it."""
    return value.strip().strip("'\"")


def name(value: str) -> str:
    """Write it in lower case, with dashes between the words."""
    return re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")


def variable(value: str) -> str:
    """Write it with underscores between the words."""
    return re.sub(r"\W+", "_", value.strip(), flags=re.ASCII)


def version(value: str) -> str:
    """Leave out what tags have before it."""
    return value.strip().lstrip("vV=")


def package_name(value: str) -> str:
    """Write it with dashes between the words."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", value).strip("-._")


def domain(value: str) -> str:
    """Take the host of a URL, or of a name with a port; hosts have no underscores (RFC 1123, section 2.1)."""
    host = re.split(r"[/?#]", _SCHEME.sub("", value.strip()))[0].rpartition("@")[2]
    return host.partition(":")[0].strip(".").replace("_", "-").lower()


def alias(value: str) -> str:
    """Take a name as `domain` does, with a star for all that is below it."""
    return f"*.{domain(value).lstrip('*.')}" if value.strip().startswith((".", "*")) else domain(value)


def email(value: str) -> str | None:
    """Take the address out of what surrounds it."""
    found = _EMAIL.search(value)
    return found and found[0]


def url(value: str) -> str | None:
    """Mend the scheme, or write one."""
    if not re.search(r"\w\.\w|localhost", value):
        return None
    scheme = "http" if re.match(r"h?t?t?p:/", value, re.IGNORECASE) else "https"
    return f"{scheme}://{_SCHEME.sub('', value.strip())}"


def secure_url(value: str) -> str | None:
    """Mend the scheme as `url` does, and encrypt."""
    found = url(value)
    return found and re.sub(r"^http:", "https:", found)


def url_path(value: str) -> str:
    """Take what of it is fixed: what is below a path is meant by it, too, so that it needs no pattern."""
    path = _SCHEME.sub("//", value.strip().lstrip("^~ "))
    path = re.sub(r"^//[^/]*", "", path) if path != value.strip() else path
    return re.sub(r"/+", "/", f"/{re.split(r'[{<*?#$]', path)[0]}")


def absolute_path(value: str) -> str | None:
    """Begin it at the root."""
    return re.sub(r"/+", "/", f"/{value.strip()}") if value.strip() else None


def folder(value: str) -> str:
    """Leave out the steps that lead nowhere."""
    return re.sub(r"/(?:\./|/)*", "/", value.strip()).removeprefix("./")


def repository(value: str) -> str | None:
    """Take the repository out of a page's address, and write the scheme, or the colon, that is wanting."""
    found = re.sub(r"(//[^/]+/[^/]+/[^/]+?)/(?:-/)?(?:tree|blob|commit)/.*$", r"\1", value.strip())
    found = re.sub(r"^([\w.-]+@[\w.-]+)/", r"\1:", found)
    return f"https://{found}" if OF_A_FORGE.match(found) else found


OF_A_FORGE = re.compile(r"(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org|git\.sr\.ht)/")
"""How the addresses of repositories begin at those that most are at, without a scheme."""


def reference(value: str) -> str:
    """Take the module, and the attribute that most name `app`."""
    word = next((word for word in reversed(value.split()) if ":" in word), value.strip())  # of a command
    word = re.sub(r"\.((?:asgi_|wsgi_)?app|application)$", r":\1", word) if ":" not in word else word
    module, _, attribute = re.sub(r":+", ":", re.sub(r"\.py\b", "", word)).partition(":")
    module = module.strip("./").replace("/", ".").replace("-", "_")
    usual = "application" if re.search(r"(?:^|\.)[aw]sgi$", module) else "app"  # as Django calls it
    return f"{module}:{re.sub(r'[(].*', '()', attribute) or usual}"


def word(value: str) -> str:
    """Write it in lower case, as one word."""
    return re.sub(r"[\s_-]+", "", value.lower())


def program(value: str) -> str | None:
    """Leave out the arguments."""
    return next(iter(value.split()), None)


def python_version(value: str) -> str | None:
    """Take the number out of what surrounds it."""
    found = re.search(r"3\.\d+(?:\.\d+)?", value)
    return found and found[0]


def requirement(value: str) -> str | None:
    """Write `==` between a package and its version, however they were put together."""
    found = _PACKAGE.fullmatch(value)
    return found and f"{found[1]}=={found[2]}"


def git_ref(value: str) -> str:
    """Leave out where git keeps it."""
    return re.sub(r"^(?:refs/)?(?:heads|tags|origin)/", "", value.strip())


def command(value: str) -> str | None:
    """Give what was written for a shell to one."""
    try:
        shlex.split(value)
    except ValueError:
        return None
    if re.search(r"[();<>|&$`]", value):
        return f"sh -c {shlex.quote(value)}"
    return f"env {value.strip()}" if ASSIGNMENT.match(value) else None


ASSIGNMENT = re.compile(r"\s*[A-Za-z_]\w*=", re.ASCII)
"""How a command begins for a shell that is to set a variable for it."""


def endpoint(value: str) -> str:
    """Take host and port of a URL, and the address that `localhost` stands for."""
    if port := re.fullmatch(r"\s*(?:0\.0\.0\.0|\[::\]|\*)?:?(\d+)\s*", value, re.ASCII):
        return f"127.0.0.1:{port[1]}"
    usual = "443" if value.lower().startswith("https:") else "80"
    host = re.sub(r"^localhost\b", "127.0.0.1", _SCHEME.sub("", value.strip()).partition("/")[0])
    return host if re.search(r"(?:\]|\.\d+):\d+$", host) else f"{host}:{usual}"


def reach(value: str) -> str:
    """Take host and port of a URL, put an IPv6 address into brackets, or write a name in lower case."""
    rest = _SCHEME.sub("", value.strip()).partition("/")[0].rpartition("@")[2]
    bare = re.fullmatch(r"([0-9a-f:]*::?[0-9a-f:]*):(\d+)", rest, re.IGNORECASE)
    return f"[{bare[1]}]:{bare[2]}" if bare and ":" in bare[1] else rest.lower()
