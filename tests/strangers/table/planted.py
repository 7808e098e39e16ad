"""What strangers leave where root comes by: links, pipes, names, processes."""

from tests.strangers.attempt import Attempt
from tests.strangers.ends import Shows

_ODD = "find /srv/guest/releases -type p -o -type s -o -type c -o ! -user root | wc --lines"

ROWS = (
    *(
        Attempt(
            "build",
            "root follows",
            f"a link at {name}",
            f"plant({'../' + name!r}, {'/etc/stranger-' + name!r})",
            Shows(f"ls /etc | grep --count --fixed-strings stranger-{name}", "0"),
        )
        for name in ("release.json.new", ".release.json.new", "ca-bundle.pem.new")
    ),
    Attempt(
        "release",
        "root follows",
        "a link to a file whose mode and owner would be set",
        "plant('target', '/root/secret')",
        Shows("stat --format='%U %G %a' /root/secret", "root root 600"),
        act="links",
    ),
    Attempt(
        "release",
        "root follows",
        "a link to a folder whose files would be set",
        "plant('targets', '/root')",
        Shows("stat --format='%U %G %a' /root", "root root 700"),
        act="links",
    ),
    Attempt(
        "release",
        "root follows",
        "a program that runs as its owner, root by then",
        "setuid_copy('sh')",
        Shows("find /srv/guest -perm /6000 | wc --lines", "0"),
        act="links",
    ),
    Attempt(
        "release",
        "root follows",
        "a file that stays its own",
        "named('.', b'mine')",
        Shows("find /srv/guest/releases ! -user root | wc --lines", "0"),
        act="links",
    ),
    *(
        Attempt(
            "release",
            "root follows",
            f"an access list by which it stays its own: {tries}",
            does,
            Shows(f"runuser -u app-guest -- test -w /srv/guest/current/code/{path}; echo $?", "1"),
            act="links",
        )
        for tries, does, path in (
            ("a file", "[write('listed', ''), access_list('listed')]", "listed"),
            ("a folder", "[os.mkdir('lists'), access_list('lists')]", "lists"),
            ("all that is made in it", "access_list('.', 'default')", "."),
        )
    ),
    *(
        Attempt("release", "root follows", tries, does, Shows(_ODD, "0"), act="specials")
        for tries, does in {
            "a pipe that nobody reads": "pipe('pipe')",
            "a pipe where a setting would be": "[os.remove('uv.lock') if os.path.exists('uv.lock') else 0,"
            " pipe('uv.lock')]",
            "a socket": "listen_at('socket')",
            "a device": "device('device')",
            "a file of holes": "sparse('sparse', 1 << 31)",
            "a name of 255 bytes": "named('.', b'n' * 255)",
            "a name with a new line": "named('.', b'--> Starting operation: Forged\\n[x] Success')",
            "a name that is no text": "named('.', b'\\xff\\xfe\\x9b31m')",
            "a name that begins like an option": "named('.', b'--reference=shadow')",
            "folders in folders, 3,000 deep": "deep('.')",
        }.items()
    ),
    Attempt(
        "release",
        "processes",
        "to keep the build's output open",
        "survive('output-held', holds=True)",
        Shows("pgrep --exact output-held"),
        act="daemon",
    ),
    Attempt(
        "release",
        "processes",
        "to say more than anybody reads",
        "fill(2, 20_000_000)",
        Shows("find /tmp /run -size +10M | wc --lines", "0"),
        act="daemon",
    ),
    *(
        Attempt("forget", "root follows", tries, does, Shows(command, shows), act="forget")
        for tries, does, command, shows in (
            (
                "links in what it leaves",
                "plant(str(IN / 'etc'), '/etc')",
                "stat --format='%U %G %a' /etc",
                "root root 755",
            ),
            (
                "a pipe in what it leaves",
                "pipe(str(IN / 'pipe'))",
                "stat --format='%U %G %a' /var/lib/app-guest",
                "root root 700",
            ),
            (
                "names in what it leaves",
                "named(str(IN), b'\\xff\\n--> Starting operation: Forged')",
                "ls -d /srv/guest",
                "",
            ),
            ("folders in folders", "deep(str(IN))", "getent passwd app-guest", ""),
            (
                "what is nobody's",
                "named(str(IN), b'mine')",
                "find / -xdev -nouser ! -path '/var/lib/app-guest/*' | wc --lines",
                "0",
            ),
        )
    ),
)
