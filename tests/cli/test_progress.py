import pytest

from inkdigits.cli.progress import progress_bars


def test_each_stage_has_its_bar(capfd: pytest.CaptureFixture[str]) -> None:
    with progress_bars() as tell:
        tell("epoch 1", 1, 2)
        tell("epoch 2, loss 0.5", 2, 2)
        tell("Reading mnist", 3, 10)
    captured = capfd.readouterr()
    lines = [line for line in captured.err.splitlines() if line.strip()]
    assert captured.out == ""
    assert len(lines) == 2
    assert "epoch 2, loss 0.5" in lines[0]
    assert "2/2" in lines[0]
    assert "3/10" in lines[1]
