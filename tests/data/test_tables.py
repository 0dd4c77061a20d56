import tomllib

import pytest

from inkdigits.data.tables import read_table


def test_a_table_of_the_package_is_read() -> None:
    assert read_table("evaluation/labels.toml")["mnist"][0] == 947


def test_what_is_not_there_is_not_made_up() -> None:
    with pytest.raises(FileNotFoundError):
        read_table("data/nothing.toml")
    with pytest.raises(tomllib.TOMLDecodeError):
        read_table("evaluation/report.html")
