"""The proxies that there are to choose from."""

from typing import Literal

ProxyName = Literal["nginx"]
