"""Which names the CA refuses, by certbot's words, and the command line without them."""

import pytest

from deploys.certificates.onhost.account import words
from deploys.certificates.onhost.subset import accepted, without

POLICY = "certbot: Error creating new order :: Order included an identifier for which issuance is forbidden "
CHALLENGE = """certbot: Certbot failed to authenticate some domains (authenticator: webroot).
{kind}: b.test
Type:   unauthorized
Detail: 192.0.2.7: Invalid response from http://a.test/x: 404
"""


@pytest.mark.parametrize(
    ("refusal", "left"),
    [
        (f"{POLICY}by policy: b.test", ["a.test", "www.b.test", "192.0.2.7"]),
        (f'{POLICY}by policy: "www.b.test".', ["a.test", "b.test", "192.0.2.7"]),
        (f"{POLICY}by policy: 192.0.2.7", ["a.test", "b.test", "www.b.test"]),
        ("certbot: too many certificates for a.test,b.test,www.b.test,192.0.2.7", []),
        (CHALLENGE.format(kind="Domain"), ["a.test", "www.b.test", "192.0.2.7"]),
        (CHALLENGE.format(kind="Identifier"), ["a.test", "www.b.test", "192.0.2.7"]),
        ("certbot: Connection refused", ["a.test", "b.test", "www.b.test", "192.0.2.7"]),
        ("certbot: bad contact ops@b.test", ["a.test", "b.test", "www.b.test", "192.0.2.7"]),
        ("certbot: https://a.test/dir is down", ["a.test", "b.test", "www.b.test", "192.0.2.7"]),
    ],
)
def test_names_that_nothing_is_said_against(refusal: str, left: list[str]) -> None:
    assert accepted(["a.test", "b.test", "www.b.test", "192.0.2.7"], refusal) == left


@pytest.mark.parametrize("about", ["b.test", '"b.test".', "the name 'b.test'"])
@pytest.mark.parametrize("length", [0, 1500])
def test_names_are_found_in_certbot_s_words_as_they_are_cited(about: str, length: int) -> None:
    refusal = words("", f"{'x' * length} issuance is forbidden by policy: {about}\n")
    assert accepted(["a.test", "b.test"], refusal) == ["a.test"]


def test_a_command_line_without_some_names() -> None:
    names = ["--domain", "a.test", "--domain", "b.test", "--ip-address", "::1"]
    command = ["certbot", "--cert-name", "a.test", *names, "--webroot"]
    assert (
        " ".join(without(command, {"a.test", "::1"}))
        == "certbot --cert-name a.test --domain b.test --webroot"
    )
    assert without(command, set()) == command
