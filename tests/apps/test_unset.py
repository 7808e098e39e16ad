"""Which variables a release or a build would have needed, by what it wrote."""

import pytest

from deploys.apps.onhost.unset import of_build, of_release

OF_OS = '  File "<frozen os>", line 717, in __getitem__\n'
OF_AN_OLDER = (
    '  File "/usr/lib/python3.13/os.py", line 717, in __getitem__\n    raise KeyError(key) from None\n'
)
OF_A_DICT = '  File "/srv/shop/releases/1/code/shop/main.py", line 1, in <module>\n    {}["SECRET_KEY"]\n'
PYDANTIC = """\
  File "/srv/shop/releases/1/venv/lib/python3.13/site-packages/pydantic_settings/main.py", line 194, in x
    super().__init__(
pydantic_core._pydantic_core.ValidationError: 3 validation errors for Settings
secret_key
  Field required [type=missing, input_value={}, input_type=dict]
    For further information visit …
port
  Input should be a valid integer [type=int_parsing, input_value='x', input_type=str]
    For further information visit …
DATABASE_URL
  Field required [type=missing, input_value={}, input_type=dict]
    For further information visit …
"""
PYDANTIC_1 = """\
  File "pydantic/env_settings.py", line 39, in pydantic.env_settings.BaseSettings.__init__
  File "pydantic/main.py", line 341, in pydantic.main.BaseModel.__init__
pydantic.error_wrappers.ValidationError: 1 validation error for Settings
secret_key
  field required (type=value_error.missing)
"""


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (f"{OF_OS}KeyError: 'SECRET_KEY'", "SECRET_KEY"),
        (f"{OF_AN_OLDER}KeyError: 'SECRET_KEY'", "SECRET_KEY"),
        (f"{OF_A_DICT}KeyError: 'SECRET_KEY'", ""),
        (f"{OF_OS}KeyError: 'a; b'", ""),
        (
            "decouple.UndefinedValueError: SECRET_KEY not found. Declare it as envvar or define a …",
            "SECRET_KEY",
        ),
        ("django.core.exceptions.ImproperlyConfigured: Set the DB_URL environment variable", "DB_URL"),
        ('environs.exceptions.EnvNotSetError: Environment variable "TOKEN" not set', "TOKEN"),
        ('environs.EnvError: Environment variable "TOKEN" not set', "TOKEN"),
        ("KeyError: \"Config 'TOKEN' is missing, and has no default.\"", "TOKEN"),
        (
            "django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.",
            "SECRET_KEY",
        ),
        (PYDANTIC, "secret_key, DATABASE_URL"),
        (PYDANTIC.replace("pydantic_settings", "pydantic"), ""),
        (PYDANTIC_1, "secret_key"),
        (f"{OF_OS}KeyError: 'FIRST'\n\nDuring …\n{OF_OS}KeyError: 'SECOND'", "SECOND"),
        ("RuntimeError: no anvil", ""),
        ("", ""),
    ],
)
def test_what_is_not_set_is_told(written: str, names: str) -> None:
    lines = ["Starting.", *written.splitlines()]
    assert of_release(lines) == (names and f"to be set in env, secrets or env_file: {names}")
    says = f"a build has env and no secrets: have its command say {names}, as in env "
    assert of_build(lines) == (names and f"{says}{names.partition(',')[0]}=build python …")
