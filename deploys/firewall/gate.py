"""The gate before a port of an app's: while it is closed, the kernel refuses whoever connects. Pure.

Its table is no part of the app's wall, which is loaded as a whole and knows not what is open just now.
"""

from deploys.firewall.onhost import nft


def opening(port: int) -> str:
    """Give the command line of a unit that opens it."""
    return f'{nft.PROGRAM} "delete table inet {nft.table_of_gate(port)}"'


def closing(port: int) -> str:
    """Give the command line of a unit that closes it, whether or not it is closed."""
    table = f"table inet {nft.table_of_gate(port)}"
    refuse = f"oifname lo tcp dport {port} tcp flags & (syn | ack) == syn reject with tcp reset;"
    chain = f"chain output {{ type filter hook output priority filter; {refuse} }}"
    return f'{nft.PROGRAM} "add {table}; delete {table}; {table} {{ {chain}; }}"'
