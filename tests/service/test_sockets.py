import resource
import socket

import pytest

from inkdigits.errors import SettingError
from inkdigits.service.sockets import allow_many_connections, listen


def test_a_free_port_is_the_same_on_all_addresses() -> None:
    opened = listen("localhost", 0)
    ports = {one.getsockname()[1] for one in opened}
    assert len(ports) == 1
    with socket.create_connection(("127.0.0.1", ports.pop()), timeout=5):
        pass
    for one in opened:
        one.close()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "x" * 70, "192.0.2.1"])
def test_what_is_no_address_of_this_machine_is_refused(host: str) -> None:
    with pytest.raises(SettingError, match="a free address of this machine"):
        listen(host, 0)


def test_a_port_in_use_is_said() -> None:
    [taken] = listen("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with taken, pytest.raises(SettingError, match=rf"127\.0\.0\.1:{port}: .*in use.*--port"):
        listen("127.0.0.1", port)
    [again] = listen("127.0.0.1", port)
    again.close()


def test_files_are_allowed_as_far_as_the_system_does() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, before[1]), before[1]))
        allow_many_connections()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == before[1]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
