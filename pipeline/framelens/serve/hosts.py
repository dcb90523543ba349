"""The names by which requests may call this machine."""

from __future__ import annotations

from ipaddress import ip_address

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""The usual names of a machine that nobody else can reach it by, as a Host header has them."""

ANY = ("*",)
"""Any name."""


def trusted(host: str) -> tuple[str, ...]:
    """The names that requests may use of a server that listens at a host.

    On loopback these are its own and the usual ones: a page from elsewhere whose name was made to
    point here (DNS rebinding) stays outside. A server for others is called as they like.
    """
    return (*LOOPBACK, bracketed(host)) if is_loopback(host) else ANY


def bracketed(host: str) -> str:
    """A host as addresses have it: in brackets if it is an IPv6 address."""
    return f"[{host}]" if ":" in host else host


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's loopback."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
