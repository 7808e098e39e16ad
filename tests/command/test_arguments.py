"""A command line that means nothing: which word it is, in words of ours, and what would be right."""

import pytest

from deploys.command.arguments import parse
from deploys.command.usage import Wrong

SITE = "--again, --data, --diff, --dry, --exclude, --help, --limit, --verbose, --yes"
WRONG = {
    "site prod --quiet": f"site: --quiet is unknown; there are: {SITE}",
    "site prod --dr": "site: --dr is unknown; did you mean --dry?",
    "site --limt web1 prod": "site: --limt is unknown; did you mean --limit?",
    "report prod --sinc=7d": "report: --sinc is unknown; did you mean --since?",
    "status prod --dry": "status: --dry is unknown; there are: "
    "--data, --exclude, --help, --json, --limit, --verbose",
    "site prod -x": f"site: -x is unknown; there are: {SITE}",
    "-v status prod": "-v comes after what is to be done: gatehouse status prod -v",
    "--dry site prod": "--dry comes after what is to be done: gatehouse site prod --dry",
    "-y prod site": "-y comes after what is to be done: gatehouse site prod -y",
    "maintenance on prod": "maintenance: write the inventory first: gatehouse maintenance prod on",
    "maintenance off prod -y": "maintenance: write the inventory first: gatehouse maintenance prod off -y",
    "site prod --data again=yes --data again=no": "site: --data again: is said twice; leave one of them out",
    "site prod --again --data again=no": "site: --data again: is said twice; leave one of them out",
    "rollback prod --app a --data app=b": "rollback: --data app: is said twice; leave one of them out",
    "site prod --serial": "site: --serial is pyinfra's, and not taken here; leave it out",
    "site prod --retry 3": "site: --retry is pyinfra's, and not taken here; leave it out",
    "site prod --no-wait": "site: --no-wait is pyinfra's, and not taken here; leave it out",
    "site prod --parallel=2": "site: --parallel is pyinfra's, and not taken here; leave it out",
    "deploy prod": "'deploy' is nothing to do; did you mean site?",
    "update prod": "'update' is nothing to do; did you mean site?",
    "undo prod": "'undo' is nothing to do; did you mean rollback?",
    "logs prod": "'logs' is nothing to do; did you mean report?",
    "SSH prod": "'SSH' is nothing to do; did you mean run?",
    "prune prod": "'prune' is nothing to do; did you mean forget?",
    "destroy prod": "'destroy' is nothing to do; did you mean uninstall?",
    "restart prod": "'restart' is nothing to do; releases start apps; on the server, "
    "systemctl restart 'gatehouse-shop-[ab].service' does it",
    "version": "'version' is nothing to do; git knows which version it is: git describe --tags --always",
    "--version": "--version is unknown; git knows which version it is: git describe --tags --always",
    "plan prod": "'plan' is nothing to do; did you mean site INVENTORY --dry?",
    "secrets prod": "'secrets' is nothing to do; settings are files: group_data/ and inventories/",
    "SITE prod": "'SITE' is nothing to do; did you mean site?",
    "site -i prod": "site: -i is unknown; the inventory stands by itself, like prod",
    "site --env prod": "site: --env is unknown; the inventory stands by itself, like prod",
    "site prod --check": "site: --check is unknown; did you mean --dry?",
    "site prod --force": "site: --force is unknown; did you mean --yes?",
    "site prod --host web1": "site: --host is unknown; did you mean --limit?",
    "rollback prod --release 7": "rollback: --release is unknown; did you mean --to?",
    "rollback prod 7": "rollback: '7' is one word too many; did you mean --to 7?",
    "run prod bash": "run: 'bash' is one word too many; write -- before a command, as in: -- bash",
    "status prod extra": "status: 'extra' is one word too many",
    "site": "site: INVENTORY is missing, add it; see: gatehouse site --help",
    "maintenance prod": "maintenance: on|off is missing, add it; see: gatehouse maintenance --help",
    "maintenance prod ON": "maintenance: 'ON': did you mean on?",
    "maintenance prod yes": "maintenance: 'yes': there are: off, on",
    "completion fsh": "completion: 'fsh': did you mean fish?",
    "completion": "completion: shell is missing, add it; see: gatehouse completion --help",
    "rollback prod --to": "rollback: --to takes a value, add it; see: gatehouse rollback --help",
    "site prod --data": "site: --data takes a value, add it; see: gatehouse site --help",
    "site prod --yes=yes": "site: -y/--yes takes no value; leave out 'yes'; see: gatehouse site --help",
    "status prod --json=x": "status: --json takes no value; leave out 'x'; see: gatehouse status --help",
}


@pytest.mark.parametrize("line", WRONG)
def test_what_is_said(line: str) -> None:
    with pytest.raises(Wrong) as refused:
        parse(line.split())
    assert str(refused.value) == WRONG[line]


@pytest.mark.parametrize("line", WRONG)
def test_none_of_it_is_argparse_s(line: str) -> None:
    with pytest.raises(Wrong) as refused:
        parse(line.split())
    for word in ("argument", "invalid choice", "unrecognized", "required", "expected"):
        assert word not in str(refused.value)


@pytest.mark.parametrize(("line", "of"), [("help", "gatehouse "), ("help site", "gatehouse site ")])
def test_help_by_its_word(line: str, of: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(line.split())
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: {of}")
