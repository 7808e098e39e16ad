"""What dpkg says of packages, in its own words."""

from deploys.base.onhost.packages import installed


def test_a_package_is_installed_whether_or_not_it_is_held() -> None:
    said = ["hi  nginx", "ii  logrotate", "ri  openssl", "rc  certbot", "iF  git", "un  nftables"]
    assert installed("\n".join(said)) == ["nginx", "logrotate", "openssl"]
