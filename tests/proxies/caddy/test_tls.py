"""A client gets the certificate of the site that has the name it asks for."""

from typing import Any

import pytest

from tests.proxies.caddy.trees import rendered

SITE: dict[str, Any] = {"routes": {"/": {"redirect": "https://b.test", "status": 301}}}


def certificate(asked: str, sites: dict[str, Any]) -> str | None:
    """Find whose certificate Caddy takes for a name: that of the first policy that has it."""
    whole = rendered({"acme": {"email": "ops@gatehouse.test", "dns": {"hook": "dns-hook"}}, "sites": sites})
    for policy in whole["apps"]["http"]["servers"]["https"]["tls_connection_policies"]:
        if {asked, f"*.{asked.partition('.')[2]}"} & {*policy["match"]["sni"]}:
            (site,) = policy["certificate_selection"]["any_tag"]
            return str(site)
    return None


@pytest.mark.parametrize(
    ("asked", "site"),
    [
        ("a.test", "a.test"),
        ("x.shop.test", "x.shop.test"),
        ("www.shop.test", "x.shop.test"),
        ("y.shop.test", "a.test"),
        ("x.test", None),
    ],
)
@pytest.mark.parametrize("redirected", [True, False])
def test_a_name_comes_before_the_wildcard_of_another_site(
    asked: str, site: str | None, *, redirected: bool
) -> None:
    wildcard = {**SITE, "aliases": ["*.shop.test"], "redirect_aliases": False}
    own = {**SITE, "aliases": ["www.shop.test"], "redirect_aliases": redirected}
    assert certificate(asked, {"a.test": wildcard, "x.shop.test": own}) == site
