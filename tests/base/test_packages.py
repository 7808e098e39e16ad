"""What dpkg says of packages, in its own words."""

from deploys.base.packages import Installed


def test_a_package_is_installed_whether_or_not_it_is_held() -> None:
    said = ["hi  nginx", "ii  logrotate", "ri  openssl", "rc  certbot", "iF  git", "un  nftables"]
    assert Installed().process(said) == {"nginx", "logrotate", "openssl"}
