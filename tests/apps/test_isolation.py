"""When the rules between apps count as in force. No server is needed."""

import re
from typing import Any

import pytest

from deploys.apps.isolation import RULES, Wall, files, is_in_force, with_unwanted
from deploys.apps.layout import Layout

APPS = [Layout("cafe", 20000), Layout("shop", 20002)]
THERE = {"rules": ["cafe at 20000", "shop at 20002"], "unit": "enabled\n"}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (THERE, True),
        (THERE | {"rules": []}, False),
        (THERE | {"rules": ["shop at 20002"]}, False),
        (THERE | {"rules": ["cafe at 20000", "shop at 31000"]}, False),
        (THERE | {"unit": "disabled\n"}, False),
        (THERE | {"unit": "\n"}, False),
    ],
)
def test_they_are_in_force_when_the_kernel_has_them_all(found: dict[str, Any], expected: bool) -> None:
    assert is_in_force(Wall(**found), APPS) == expected


def test_each_rule_is_known_by_its_comment() -> None:
    (rules,) = [file.content for file in files(APPS) if file.path == RULES]
    assert re.findall(r'comment "([^"]+)"', rules) == THERE["rules"]


@pytest.mark.parametrize(
    ("rules", "present", "expected"),
    [
        ([], ["shop"], APPS[1:]),
        (["cafe at 20000", "shop at 20002"], ["cafe", "shop"], APPS),
        (["cafe at 20000", "shop at 31000"], ["cafe", "shop"], APPS),
        (["cafe at 20000", "shop at 20002"], ["shop"], APPS[1:]),
        (["cafe at 20001", "shop at 20002"], ["cafe", "shop"], APPS[1:]),
    ],
)
def test_an_app_no_longer_wanted_is_kept_closed_until_it_is_gone(
    rules: list[str], present: list[str], expected: list[Layout]
) -> None:
    assert with_unwanted(APPS[1:], Wall(rules=rules, present=present)) == expected
