"""What strangers leave for root, the next build or the controller to run, or to take their orders from."""

from tests.strangers.attempt import Attempt
from tests.strangers.ends import Shows, Unasked, Untouched

PROGRAMS = (
    "systemctl",
    "sh",
    "bash",
    "env",
    "nft",
    "journalctl",
    "tar",
    "timeout",
    "runuser",
    "find",
    "uv",
    "nginx",
)
"""Named as what root runs; each lies in the release's `venv/bin`, which comes first in the app's PATH."""

GIT = {
    "what git asks for changed files": ("core.fsmonitor", "{canary}"),
    "a filter that cleans files": ("filter.stranger.clean", "{canary}; cat"),
    "a filter that goes on": ("filter.stranger.process", "{canary}"),
    "a hook": ("core.hooksPath", "{hooks}"),
    "what shows differences": ("diff.external", "{canary}"),
    "a pager": ("core.pager", "{canary}"),
    "what asks for passwords": ("core.askPass", "{canary}"),
}
"""Settings of the source's own repository, each a way to have a program run where the operator works."""

_CANARY = "import os; os.getuid() or open('/root/canaries', 'a').write('{name}' + chr(10))"
_NEVER = "grep --count '^{}$' /root/canaries"
_POISON = '[[index]]\nurl = "http://{index}/poisoned/simple"\ndefault = true\n'
_PIP = "[global]\nindex-url = http://{index}/poisoned/simple\n"


def _module(name: str) -> str:
    return _CANARY.replace("{name}", name)


ROWS = (
    *(
        Attempt("crash", "root runs", f"a program called {name}", "", Shows(_NEVER.format(name), "0"))
        for name in PROGRAMS
    ),
    Attempt("build", "root runs", "a .pth file of its environment", "", Shows(_NEVER.format("pth"), "0")),
    Attempt(
        "run",
        "root runs",
        "a module by the PYTHONPATH of its settings",
        "make('/var/lib/app-guest/path/sitecustomize.py', " + repr(_module("sitecustomize")) + ")",
        Shows(_NEVER.format("sitecustomize"), "0"),
    ),
    Attempt(
        "run",
        "root runs",
        "a shell's file by the ENV of its settings",
        "make('/var/lib/app-guest/profile', '[ $(/usr/bin/id -u) != 0 ] || echo profile >> /root/canaries')",
        Shows(_NEVER.format("profile"), "0"),
    ),
    *(
        Attempt(
            "build",
            "root runs",
            f"a module that root may import: {name}",
            f"make({name + '.py'!r}, {_module('code-' + name)!r})",
            Shows(_NEVER.format("code-" + name), "0"),
        )
        for name in ("sitecustomize", "usercustomize", "deploys")
    ),
    *(
        Attempt(
            moment,
            "poisons",
            f"{path} for the next build",
            f"make({path!r}, {content!r})",
            Unasked("/poisoned/"),
        )
        for moment in ("build", "run")
        for path, content in (
            ("/var/cache/app-guest/.config/uv/uv.toml", _POISON),
            ("/var/cache/app-guest/.config/pip/pip.conf", _PIP),
            ("/var/lib/app-guest/.config/uv/uv.toml", _POISON),
        )
    ),
    *(
        Attempt(
            "build",
            "poisons",
            f"{name} in its home",
            f"make(os.path.expanduser('~/{name}'), {content!r})",
            Unasked("/poisoned/"),
        )
        for name, content in (
            (".config/uv/uv.toml", _POISON),
            (".pydistutils.cfg", "[easy_install]\nindex_url = http://{index}/poisoned/simple\n"),
            (".gitconfig", '[url "http://{index}/poisoned/"]\n  insteadOf = https://github.com/\n'),
        )
    ),
    Attempt(
        "build",
        "poisons",
        "settings of uv beside the release's code",
        "make('../uv.toml', " + repr(_POISON) + ")",
        Unasked("/poisoned/"),
    ),
    *(
        Attempt(
            "dry run",
            "controller",
            f"by the repository's settings, {what}",
            "",
            Untouched(setting),
            act="dry",
        )
        for what, (setting, _) in GIT.items()
    ),
    Attempt("dry run", "controller", "by a repository within the source", "", Untouched("nested"), act="dry"),
)
