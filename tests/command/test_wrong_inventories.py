"""An inventory or group data that cannot be read as they are: where, and what would be right."""

import pytest

from tests.command.clone import Clone
from tests.command.wrong import SITE, Case, check, inventory

RIGHT = 'write hosts = [("server.example.com", {"ssh_user": "root"})]'

CASES = {
    "a host outside a list": Case(
        SITE,
        f"inventories/prod.py:1: hosts: hosts stand in a list; {RIGHT}",
        inventory('hosts = ("web1", {})\n'),
    ),
    "a host as a string": Case(
        SITE, f"inventories/prod.py: hosts: is no list of hosts; {RIGHT}", inventory('hosts = "web1"\n')
    ),
    "hosts as a table": Case(
        SITE, f"inventories/prod.py: hosts: is no list of hosts; {RIGHT}", inventory('hosts = {"web1": {}}\n')
    ),
    "a host without data": Case(
        SITE,
        f"inventories/prod.py:2: hosts: ('web1',) is no host; {RIGHT}",
        inventory('\nhosts = [("web1",)]\n'),
    ),
    "a host with a user for data": Case(
        SITE,
        f"inventories/prod.py:1: hosts: ('web1', 'root') is no host; {RIGHT}",
        inventory('hosts = [("web1", "root")]\n'),
    ),
    "a host that is a set": Case(
        SITE,
        f"inventories/prod.py:1: hosts: {{'web1'}} is no host; {RIGHT}",
        inventory('hosts = [{"web1"}]\n'),
    ),
    "an empty inventory": Case(SITE, f"inventories/prod.py: has no list of hosts; {RIGHT}", inventory("\n")),
    "an empty list": Case(SITE, f"inventories/prod.py: names no host; {RIGHT}", inventory("hosts = []\n")),
    "a syntax error in the inventory": Case(
        SITE, "inventories/prod.py:1: '[' was never closed", inventory('hosts = [("web1", {})\n')
    ),
    "a name that is not there": Case(
        SITE, "inventories/prod.py:2: NameError: name 'web1' is not defined", inventory("\nhosts = [web1]\n")
    ),
    "a syntax error in group data": Case(
        SITE, "group_data/prod.py:2: invalid syntax", {"group_data/prod.py": "acme = {}\napps =\n"}
    ),
    "a variable that is not set": Case(
        SITE,
        "group_data/prod.py:2: the environment variable GATEHOUSE_NOT_SET is not set",
        {"group_data/prod.py": 'import os\nacme = {"email": os.environ["GATEHOUSE_NOT_SET"]}\n'},
    ),
    "a key that is not there": Case(
        SITE, "group_data/prod.py:1: KeyError: 'a'", {"group_data/prod.py": 'acme = {}["a"]\n'}
    ),
    "group data of another inventory": Case(
        SITE,
        "group_data/staging.py:1: ZeroDivisionError: division by zero",
        {"group_data/staging.py": "1 / 0\n"},
    ),
    "a module that is not there": Case(
        SITE,
        "group_data/prod.py:1: ModuleNotFoundError: No module named 'secrets_of_ours'",
        {"group_data/prod.py": "import secrets_of_ours\n"},
    ),
    "group data that gives up without a word": Case(
        SITE, "group_data/prod.py: ends all by sys.exit()", {"group_data/prod.py": "import sys\nsys.exit()\n"}
    ),
    "an inventory that gives up without a word": Case(
        SITE, "inventories/prod.py: ends all by sys.exit()", inventory("raise SystemExit(3)\n")
    ),
    "group data that is no text": Case(
        SITE,
        "group_data/prod.py: source code string cannot contain null bytes",
        {"group_data/prod.py": "acme = {}\0\n"},
    ),
    "a key that stands twice": Case(
        SITE,
        "group_data/prod.py:3: '/': stands there twice; keep one of them",
        {
            "group_data/prod.py": 'acme = {}\nsites = {"www.gatehouse.test": {"routes": {"/": {"app": "a"},\n'
            '"/": {"app": "b"}}}}\n'
        },
    ),
    "a word of another language": Case(
        SITE,
        "group_data/prod.py:1: NameError: name 'true' is not defined; did you mean True?",
        {"group_data/prod.py": "http3 = true\n"},
    ),
    "a colon in place of a value": Case(
        SITE,
        "group_data/prod.py:1: acme: has no value; write = in place of the colon",
        {"group_data/prod.py": 'acme: {"email": "ops@gatehouse.test"}\n'},
    ),
    "a setting that is imported": Case(
        SITE,
        "group_data/prod.py:1: alerts: pyinfra leaves out what is imported; write: import common, and "
        "alerts = common.alerts",
        {"common.py": "alerts = {}\n", "group_data/prod.py": "from common import alerts\n"},
    ),
    "a setting that is imported by another name": Case(
        SITE,
        "group_data/prod.py:1: apps: pyinfra leaves out what is imported; write: import common, and "
        "apps = common.ours",
        {"common.py": "ours = {}\n", "group_data/prod.py": "from common import ours as apps\n"},
    ),
    "a host with a user in its name": Case(
        SITE,
        "inventories/prod.py:1: hosts: 'root@web1' is more than a name; did you mean "
        "('web1', {'ssh_user': 'root'})?",
        inventory('hosts = ["root@web1"]\n'),
    ),
    "a host as a URL": Case(
        SITE,
        "inventories/prod.py:1: hosts: 'https://web1.gatehouse.test': no server has '/' in its name; write "
        "each by its name or address alone, as for ssh",
        inventory('hosts = ["https://web1.gatehouse.test"]\n'),
    ),
    "two hosts in one text": Case(
        SITE,
        "inventories/prod.py:1: hosts: 'web1, web2': no server has ',' in its name; write each by its name "
        "or address alone, as for ssh",
        inventory('hosts = ["web1, web2"]\n'),
    ),
    "a pattern of hosts": Case(
        SITE,
        "inventories/prod.py:1: hosts: 'web[1:3]': no server has '[' in its name; write each by its name "
        "or address alone, as for ssh",
        inventory('hosts = ["web[1:3]"]\n'),
    ),
    "an address in brackets": Case(
        SITE,
        "inventories/prod.py:1: hosts: '[2001:db8::7]:2222' is more than an address; did you mean "
        "('2001:db8::7', {'ssh_port': 2222})?",
        inventory('hosts = ["[2001:db8::7]:2222"]\n'),
    ),
    "a switch as a text": Case(
        SITE,
        "web1: _sudo: 'False': write True or False",
        inventory('hosts = [("web1", {"_sudo": "False"})]\n'),
    ),
    "a host with a port in its name": Case(
        SITE,
        "inventories/prod.py:1: hosts: 'web1:2222' is more than a name; did you mean "
        "('web1', {'ssh_port': 2222})?",
        inventory('hosts = [("web1:2222", {"ssh_user": "root"})]\n'),
    ),
    "a host with a password and more": Case(
        SITE,
        f"inventories/prod.py:1: hosts: ('web1', {{…}}, 3) is no host; {RIGHT}",
        inventory('hosts = [("web1", {"_sudo_password": "hunter2"}, 3)]\n'),
    ),
    "a connector that is not there": Case(
        SITE,
        "inventories/prod.py:1: hosts: '@dockr/web1': there is no connector 'dockr'; did you mean docker?",
        inventory('hosts = ["@dockr/web1"]\n'),
    ),
    "an inventory that gives up": Case(
        SITE, "the cloud does not answer", inventory('import sys\nsys.exit("the cloud does not answer")\n')
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_wrong_inventory(ready_clone: Clone, case: Case) -> None:
    check(ready_clone, case)


def test_a_process_from_its_start_says_the_same(clone: Clone) -> None:
    check(clone, CASES["an inventory that gives up"])
