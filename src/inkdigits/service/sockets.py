"""A host and a port in, listening sockets out, and as many connections as the system allows."""

import contextlib
import socket

from inkdigits.errors import SettingError

BACKLOG = 2048
"""Connections that wait to be taken."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Listen on all addresses of a name.

    Args:
        host: name or address of an interface of this machine.
        port: 0 for any free one.

    Returns:
        Sockets, all of them on the same port.

    Raises:
        SettingError: the port is taken or not allowed, or the host is none of this machine.
    """
    opened: list[socket.socket] = []
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in dict.fromkeys(found):
            one = socket.socket(family, kind, protocol)
            opened.append(one)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            chosen = opened[0].getsockname()[1]  # the first one's, where any port will do
            one.bind((address[0], port or chosen, *address[2:]))
            one.listen(BACKLOG)
    except (OSError, UnicodeError) as error:
        for one in opened:
            one.close()
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        needed = "a free address of this machine, such as --host 127.0.0.1 --port 8001"
        raise SettingError(f"address {host}:{port}", reason, needed) from None
    return opened


def allow_many_connections() -> None:
    """Raise this process's own limit of open files to what the system allows."""
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
