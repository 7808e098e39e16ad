"""What a build can reach: it has the rights of the app's user, and finds nothing that others have left."""

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    return make_workshop("confined")


SETUP = """
import os, setuptools
def writes(path):
    try:
        open(path, "w").close()
    except OSError:
        return False
    return True
places = ["current/code/x", "current/venv/x", "releases/x", "x"]
paths = [*(f"/srv/confined/{place}" for place in places), "/etc/x", "/root/x"]
wrote = [path for path in paths if writes(path)]
open("tool.py", "w").write(f"FACTS = {[os.getuid(), os.getcwd(), wrote]!r}")
setuptools.setup(name="tool", version="1", py_modules=["tool"])
"""


@pytest.mark.slow
def test_builds_run_as_the_app_s_user_and_reach_no_live_release(workshop: Workshop) -> None:
    workshop.says("first")
    workshop.deploy().check()
    tool = workshop.folder / "tool"
    tool.mkdir(exist_ok=True)
    (tool / "setup.py").write_text(SETUP)
    (workshop.folder / "requirements.txt").write_text("./tool\n")
    workshop.says("built", "\nimport tool\nWORDS = tool.FACTS\n")
    workshop.deploy().check()
    answer = workshop.answer()
    uid, directory, wrote = answer["words"]
    assert uid == answer["uid"] != 0
    assert directory.startswith(f"/srv/confined/releases/{answer['environment']['GATEHOUSE_RELEASE']}/")
    assert wrote == []
    (workshop.folder / "requirements.txt").unlink()
    (tool / "setup.py").unlink()


LEAVING = """
import os, pwd, setuptools
home, passwd = os.environ["HOME"], pwd.getpwuid(os.getuid()).pw_dir
files = [".config/uv/uv.toml", ".config/pip/pip.conf", ".netrc", ".gitconfig", ".pydistutils.cfg"]
files.append(".ssh/config")
paths = [os.path.join(top, file) for top in (home, passwd) for file in files]
paths += [f"{top}/left" for top in (os.environ["UV_CACHE_DIR"], os.environ["TMPDIR"], "/tmp")]
def found(path):
    try:
        return open(path).read()
    except OSError:
        return ""
def left(path):
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "w").write("# of " + os.environ["VIRTUAL_ENV"])
    except OSError:
        return False
    return True
former = [path for path in paths if found(path) not in ("", "# of " + os.environ["VIRTUAL_ENV"])]
wrote = [path for path in paths if left(path)]
open("tool.py", "w").write(f"FACTS = {[former, len(wrote)]!r}")
setuptools.setup(name="tool", version="1", py_modules=["tool"])
"""


@pytest.mark.slow
def test_a_build_finds_nothing_that_an_earlier_one_or_the_app_has_left(workshop: Workshop) -> None:
    tool = workshop.folder / "tool"
    tool.mkdir(exist_ok=True)
    (tool / "setup.py").write_text(LEAVING)
    (workshop.folder / "requirements.txt").write_text("./tool\n")
    for words in ("leaves", "looks"):
        workshop.says(words, "\nimport tool\nWORDS = tool.FACTS\n")
        workshop.deploy().check()
        former, wrote = workshop.answer()["words"]
        assert former == [], f"the build of {words!r} found {former} of another one"
        assert wrote >= 6, "a build can write nowhere, so this says nothing"
        state = "/var/lib/app-confined"
        workshop.server.run(
            f"mkdir -p {state}/.ssh; echo Host x > {state}/.ssh/config; chown -R app-confined: {state}"
        )
    (workshop.folder / "requirements.txt").unlink()
    (tool / "setup.py").unlink()
