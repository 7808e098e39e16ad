"""Renewal by the server's own timer, which a test does not wait half a day for."""

from tests.house import House
from tests.lab.waiting import until

SOON = "[Timer]\\nOnCalendar=\\nOnActiveSec=3\\nRandomizedDelaySec=0\\nAccuracySec=1\\n"


def serial(house: House) -> str:
    return str(house.outside.certificate()["serialNumber"])


def make_due(house: House) -> None:
    """Have certbot believe that it is time to renew."""
    conf = f"/etc/letsencrypt/renewal/{house.domain}.conf"
    house.server.run(
        f"sed -i /renew_before_expiry/d {conf}; sed -i '1i renew_before_expiry = 9999 days' {conf}"
    )


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
    house.server.run(f"rm -r {dropin}; systemctl daemon-reload")
