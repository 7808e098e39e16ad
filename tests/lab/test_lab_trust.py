import pytest

from tests.lab.trust import indexes, pip_settings, uv_settings

MIRROR = "https://mirror.example/simple"


@pytest.mark.parametrize(
    ("settings", "index", "extra"),
    [
        ("", None, []),
        ("global.cert='/etc/ssl/certs/ca-certificates.crt'", None, []),
        (f"global.index-url='{MIRROR}'", MIRROR, []),
        (f"global.extra-index-url='file:///opt/simple {MIRROR}'", None, [MIRROR]),
        ("global.index-url='file:///opt/simple'", None, []),
        ("global.index-url='https://user:secret@mirror.example/simple'", None, []),
        (f":env:.index-url='{MIRROR}'\nglobal.index-url='https://other.example/simple'", MIRROR, []),
    ],
    ids=["none", "unrelated", "plain", "local one left out", "local", "with a password", "environment first"],
)
def test_only_indexes_that_a_server_reaches_are_carried_over(
    settings: str, index: str | None, extra: list[str]
) -> None:
    assert indexes(settings) == (index, extra)


def test_settings_trust_the_system() -> None:
    assert pip_settings("") == "[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n"
    assert uv_settings("") == "native-tls = true\n"


def test_settings_name_the_index() -> None:
    assert f"index-url = {MIRROR}\n" in pip_settings(f"global.index-url='{MIRROR}'")
    assert f'index-url = "{MIRROR}"\n' in uv_settings(f"global.index-url='{MIRROR}'")
