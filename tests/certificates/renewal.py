"""Renewal by the server's own timer, which a test does not wait half a day for."""

import json

from tests.house import House
from tests.lab.waiting import until

SOON = "[Timer]\\nOnCalendar=\\nOnActiveSec=3\\nRandomizedDelaySec=0\\nAccuracySec=1\\n"


def serial(house: House) -> str:
    return str(house.outside.certificate()["serialNumber"])


def renew_before(name: str, span: str) -> str:
    """Give the command that has certbot renew when so much is left."""
    key, conf = "renew_before_expiry", f"/etc/letsencrypt/renewal/{name}.conf"
    return f"sed -i 's/^{key} = .*/{key} = {span}/' {conf}"


def make_due(house: House) -> None:
    """Have certbot believe that it is time to renew."""
    house.server.run(renew_before(house.domain, "9999 days"))


def renew_by_timer(house: House, timer: str) -> None:
    """Have the timer fire in three seconds, and wait until another certificate is served."""
    before = serial(house)
    make_due(house)
    # Debian 12's service sleeps for up to eight minutes first.
    house.server.run("echo no-random-sleep-on-renew = true >> /etc/letsencrypt/cli.ini")
    dropin = f"/run/systemd/system/{timer}.d"
    house.server.run(
        f"mkdir -p {dropin} && printf '{SOON}' > {dropin}/soon.conf && systemctl daemon-reload && "
        f"systemctl restart {timer}"
    )
    until(lambda: serial(house) != before, within=90, otherwise="the timer renewed nothing")
    # The hook has more to do once the certificate is served.
    state = f"systemctl show --value --property=ActiveState {timer.replace('.timer', '.service')}"
    until(
        lambda: house.server.run(state).stdout.strip() in {"inactive", "failed"},
        within=90,
        otherwise="the renewal does not end",
    )
    house.server.run(f"rm -r {dropin}; systemctl daemon-reload; systemctl restart {timer}")


def renew_after(house: House, service: str, hours: int) -> None:
    """Have the service that the timer starts see a later clock."""
    clock = {
        "LD_PRELOAD": house.server.run("ls /usr/lib/*/faketime/libfaketime.so.1").stdout.strip(),
        "FAKETIME": f"+{hours}h",
    }
    lines = "".join(f"Environment={key}={value}\\n" for key, value in clock.items())
    folder = f"/run/systemd/system/{service}.d"
    house.server.run(
        f"mkdir -p {folder}; printf '[Service]\\n{lines}' > {folder}/clock.conf; systemctl daemon-reload; "
        f"systemctl start {service}; result=$?; rm {folder}/clock.conf; systemctl daemon-reload; exit $result"
    )


def certbot_in_use(house: House) -> str:
    """Give the path of the certbot that renews on the house's server."""
    path: str = json.loads(house.server.run("cat /etc/gatehouse/renewal.json").stdout)["certbot"]
    return path
