"""Why a release did not start, from what it wrote."""

import pytest

from deploys.apps.onhost.cause import cause, remedy, without_others
from deploys.apps.onhost.unwritable import Code

CODE = Code("/srv/shop/releases/7/code")
SERVER = """\
Traceback (most recent call last):
  File "/usr/lib/python3.13/runpy.py", line 198, in _run_module_as_main
    return _run_code(code, main_globals, None,
  File "/srv/shop/releases/7/venv/lib/python3.13/site-packages/uvicorn/importer.py", line 19, in load
    module = importlib.import_module(module_str)
             ~~~~~~~~~~~~~~~~~~~~~~~^^^^^^^^^^^^
"""
APP = """\
  File "/srv/shop/releases/7/code/shop/main.py", line 3, in <module>
    from shop.settings import settings
  File "/srv/shop/releases/7/code/shop/settings.py", line 12, in <module>
    settings = Settings()
"""
SYNTAX = """\
  File "/srv/shop/releases/7/code/shop/main.py", line 2
    def
       ^
"""
RAISED = "RuntimeError: no configuration for the anvil"
DEEPER = """\
  File "/srv/shop/releases/7/venv/lib/python3.13/site-packages/pydantic/main.py", line 250, in __init__
    validated_self = self.__pydantic_validator__.validate_python(data)
"""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (SERVER + APP + RAISED, f"'{RAISED}', at shop/settings.py:12"),
        (SERVER + APP + DEEPER + RAISED, f"'{RAISED}', at shop/settings.py:12"),
        (
            SERVER + "ModuleNotFoundError: No module named 'shop'",
            "\"ModuleNotFoundError: No module named 'shop'\"",
        ),
        (SERVER + APP + "KeyError: 'TOKEN'\nSleeping.", "\"KeyError: 'TOKEN'\", at shop/settings.py:12"),
        (
            SERVER + "OSError: first\n\nDuring handling …\n\n" + SERVER + APP + RAISED,
            f"'{RAISED}', at shop/settings.py:12",
        ),
        (
            f"{SERVER}{SYNTAX}SyntaxError: invalid syntax",
            "'SyntaxError: invalid syntax', at shop/main.py:2",
        ),
        (SERVER + APP + "KeyboardInterrupt", "'KeyboardInterrupt', at shop/settings.py:12"),
        (f'{SERVER}  File "/releases/1/code/x; release 9 has the traffic", line 1\n{RAISED}', f"'{RAISED}'"),
        ("INFO: started\nINFO: stopped", ""),
        ("", ""),
        (SERVER, ""),
        ("Traceback (most recent call last):\n" + "x: " + "y" * 500, "'x: " + "y" * 196 + "…'"),
    ],
)
def test_cause(written: str, expected: str) -> None:
    assert cause(written.splitlines()) == expected


def test_the_frames_of_others_are_left_out() -> None:
    lines = ["INFO: starting", *(SERVER + APP + DEEPER + RAISED).splitlines(), "INFO: bye"]
    assert without_others(lines) == [
        "INFO: starting",
        SERVER.splitlines()[0],
        *APP.splitlines(),
        RAISED,
        "INFO: bye",
    ]


LOOSEN = 'its sandbox forbids that: write "sandbox": {{"loosen": ["{}"]}}'
INSTALL = "there is no {}: install {} on the server by apt"
NO_FILE = "cannot open shared object file: No such file or directory"


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (
            "PermissionError: [Errno 13] cannot allocate executable memory. This may be due to security"
            " restrictions on your system, such as SELinux or similar mechanisms.",
            LOOSEN.format("MemoryDenyWriteExecute"),
        ),
        (
            "MemoryError: Cannot allocate write+execute memory for ffi.callback(). You might be running on …",
            LOOSEN.format("MemoryDenyWriteExecute"),
        ),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/proc/meminfo'",
            LOOSEN.format("ProcSubset"),
        ),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/proc/self/x'", ""),
        ("FileNotFoundError: [Errno 2] No such file or directory: '/proc/12/x'", ""),
        (
            "OSError: [Errno 97] Address family not supported by protocol",
            LOOSEN.format("RestrictAddressFamilies"),
        ),
        (f"ImportError: libxcb.so.1: {NO_FILE}", INSTALL.format("libxcb.so.1", "libxcb1")),
        (f"ImportError: libodbc.so.2: {NO_FILE}", INSTALL.format("libodbc.so.2", "unixodbc")),
        (
            f"OSError: cannot load library 'libpango-1.0-0': libpango-1.0-0: {NO_FILE}.  Additionally, …",
            INSTALL.format("libpango-1.0-0", "libpango-1.0-0"),
        ),
        (f"ImportError: libanvil.so.7: {NO_FILE}", "there is no 'libanvil.so.7'"),
        (
            "ImportError: failed to find libmagic.  Check your installation",
            INSTALL.format("libmagic", "libmagic1"),
        ),
        (
            "ImportError: no pq wrapper available.\nAttempts made:\n- couldn't import psycopg 'c' …",
            INSTALL.format("libpq", "libpq5"),
        ),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: 'ffmpeg'",
            INSTALL.format("ffmpeg", "ffmpeg"),
        ),
        (RAISED, ""),
    ],
)
def test_what_the_server_or_the_sandbox_has_not_is_told(raised: str, expected: str) -> None:
    assert remedy(f"{SERVER}{APP}{raised}".splitlines(), CODE) == expected


@pytest.mark.parametrize(("frames", "is_told"), [(APP, True), ("", False)])
def test_a_port_that_the_former_release_has_is_told_with_what_to_take(frames: str, is_told: bool) -> None:
    said = remedy(f"{SERVER}{frames}OSError: [Errno 98] Address already in use".splitlines(), CODE)
    assert ('["GATEHOUSE_SLOT"] == "b"' in said) == is_told


IMPORTLIB = """\
  File "<frozen importlib._bootstrap>", line 1324, in _find_and_load_unlocked
"""


@pytest.mark.parametrize(
    ("frames", "raised", "expected"),
    [
        (APP, "No module named 'requests'", "no package that is installed has requests: add one"),
        (APP + DEEPER, "No module named 'requests'", "no package that is installed has requests: add one"),
        (
            APP,
            "No module named 'pkg_resources'",
            "no package that is installed has pkg_resources: add setuptools<81",
        ),
        (APP, "No module named 'shop.missing'", ""),
        (IMPORTLIB, "No module named 'shop'", ""),
    ],
)
def test_a_module_that_nobody_declared_is_told_with_what_to_add(
    frames: str, raised: str, expected: str
) -> None:
    said = remedy(
        f"{SERVER}{frames}ModuleNotFoundError: {raised}\ngunicorn: worker failed".splitlines(), CODE
    )
    assert said.startswith(expected)
    assert bool(said) == bool(expected)


def test_a_module_that_was_missing_in_passing_is_not_told() -> None:
    former = f"{SERVER}{APP}ModuleNotFoundError: No module named 'simplejson'\n\nDuring handling …\n\n"
    assert remedy(f"{former}{SERVER}{APP}{RAISED}".splitlines(), CODE) == ""
