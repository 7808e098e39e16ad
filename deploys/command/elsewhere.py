"""Words of other tools, and what is said for them here. Pure."""

from collections.abc import Iterable

VERBS = {
    "site": "apply bootstrap converge deploy install provision publish push release setup sync up update",
    "site INVENTORY --dry": "check diff dry-run plan preview",
    "status": "health info list ls ps show state",
    "rollback": "back down-grade downgrade previous revert undo",
    "run": "bash console exec execute shell ssh",
    "renew": "cert certificate certificates certs",
    "verify": "probe test",
    "report": "access analytics log logs",
    "alert": "notify ping",
    "backup": "dump export save",
    "forget": "clean cleanup gc prune purge",
    "uninstall": "delete destroy down remove teardown",
}
"""By what is said here, what others say for it."""

_NO_VERBS = {
    "releases start apps; on the server, systemctl restart 'gatehouse-shop-[ab].service' does it": (
        "reload restart start stop"
    ),
    "settings are files: group_data/ and inventories/": "config configure env init secrets set",
    "git knows which version it is: git describe --tags --always": "--version -V version",
}
"""By what to do, what others have a word for."""

_FLAGS = {
    "--dry": "--check --dry-run --dryrun --noop --plan --preview --simulate",
    "--yes": "--assume-yes --auto-approve --force --no-input --noinput --non-interactive",
    "--to": "--release --revision --version",
    "--limit": "--host --hosts --only --server --target",
    "--app": "--application --service",
    "--site": "--domain --name",
}
_INVENTORY = {"--environment", "--env", "--inventory", "--stage", "-e", "-i"}


def without_verb(word: str) -> str | None:
    """Say what to do for a word for which there is no verb; None for one that is nobody's."""
    return next((remedy for remedy, words in _NO_VERBS.items() if word in words.split()), None)


def flag(word: str, options: Iterable[str]) -> str | None:
    """Say what another tool's flag is called here, if a verb has it."""
    if word in _INVENTORY:
        return "the inventory stands by itself, like prod"
    near = next((own for own, others in _FLAGS.items() if word in others.split()), None)
    return f"did you mean {near}?" if near in {*options} else None
