"""Of what certbot prints, a user reads what went wrong."""

import pytest

from deploys.certificates.onhost.account import words

REFUSED = """
Certbot failed to authenticate some domains (authenticator: webroot). The CA reported these problems:
  Domain: a.test
  Type:   unauthorized
  Detail: Non-200 status code from HTTP: http://a.test:80/ returned 404

Hint: The Certificate Authority failed to download the temporary challenge files created by Certbot. E...

"""
BOILERPLATE = """Saving debug log to /var/log/letsencrypt/letsencrypt.log
Some challenges have failed.
Ask for help or search for solutions at https://community.letsencrypt.org. See the logfile for more details.
"""


@pytest.mark.parametrize(
    ("stdout", "stderr", "expected"),
    [
        (
            REFUSED,
            BOILERPLATE,
            "certbot:\n    | Certbot failed to authenticate some domains (authenticator: webroot). "
            "The CA reported these problems:\n"
            "    | Domain: a.test\n    | Type:   unauthorized\n"
            "    | Detail: Non-200 status code from HTTP: http://a.test:80/ returned 404\n"
            "    | Some challenges have failed.",
        ),
        (
            "Requesting a certificate for a.test\n",
            "An unexpected error occurred:\nThe CA is closed\n",
            "certbot:\n    | An unexpected error occurred:\n    | The CA is closed",
        ),
        (
            "",
            "Encountered exception during recovery: certbot.errors.PluginError: The key is wrong\n"
            "The key is wrong\n",
            "certbot: 'The key is wrong'",
        ),
        ("", "", "certbot: failed without a word; see /var/log/letsencrypt"),
    ],
)
def test_the_reason_stays_and_the_rest_goes(stdout: str, stderr: str, expected: str) -> None:
    assert words(stdout, stderr) == expected
