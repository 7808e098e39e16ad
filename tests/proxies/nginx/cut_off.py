"""On the server: cut the act of going live off at one step after another, and look at what is left.

    python3 cut_off.py FROM STEP BARE < [source, tree, other tree]

A step is whatever changes files or starts a program, as Python's audit events tell; there the process is
killed. Standard library only. Prints how many steps there are.
"""

import json
import os
import subprocess
import sys
import urllib.request

HOOK = """
import os, sys
left = int(os.environ["STEPS"])
def hook(event, arguments):
    global left
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event in {"os.rename", "os.remove", "os.symlink", "os.mkdir", "os.rmdir", "os.chmod",
                           "shutil.rmtree", "shutil.copyfile", "subprocess.Popen"}:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
sys.addaudithook(hook)
"""

TO_BARE = """
rm -rf /etc/nginx/nginx.conf /etc/nginx/gatehouse.d
cp /etc/nginx/nginx.conf.debian /etc/nginx/nginx.conf
dpkg-divert --quiet --remove --no-rename /etc/nginx/nginx.conf
ln -sfn /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default
systemctl reload nginx
"""


def shell(command: str) -> str:
    return subprocess.run(command, shell=True, check=True, capture_output=True, text=True).stdout  # noqa: S602  # our own words


def go_live(source: str, files: object, steps: int) -> int:
    done = subprocess.run(
        ["python3", "-I", "-c", HOOK + source],
        input=json.dumps(
            {
                "files": files,
                "service": f"# {steps}\n[Service]\nRestart=on-failure\n",
                "predecessors": [],
            }
        ),
        env={**os.environ, "STEPS": str(steps)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, -9}:
        sys.exit(f"after {steps} steps: {done.stderr}")
    return done.returncode


def served() -> str:
    with urllib.request.urlopen("http://127.0.0.80/") as answer:
        return str(answer.read().decode())


def main(first: int, step: int, *, bare: bool) -> None:
    source, *trees = json.load(sys.stdin)
    steps = first
    while True:
        files = trees[steps % 2] | {"new": f"# never written before {steps}\n"}
        if bare:
            shell(TO_BARE)
        cut = go_live(source, files, steps)
        try:
            shell("nginx -t && systemctl is-active nginx && test -s /etc/nginx/nginx.conf")
            served()
        except subprocess.CalledProcessError as error:
            sys.exit(f"cut off after {steps} steps: {error.stderr}")
        assert go_live(source, files, 0) == 0
        live = os.path.dirname(os.path.realpath("/etc/nginx/nginx.conf"))
        assert served() == live, f"cut off after {steps} steps: {served()} is served, not {live}"
        trees_left = os.listdir("/etc/nginx/gatehouse.d")
        assert len(trees_left) <= 2, f"cut off after {steps} steps: {trees_left}"
        assert not os.path.exists("/etc/nginx/gatehouse-candidate.conf")
        if cut == 0:
            print(steps)
            return
        steps += step


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), bare=sys.argv[3] == "bare")
