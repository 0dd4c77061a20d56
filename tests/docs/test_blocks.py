"""The reader of documents, on a document written here."""

from .blocks import find_blocks, find_commands, find_expected, find_pictures

DOCUMENT = r"""# Title

```sh
make serve           # a remark
curl -F file=@seven.png \
  http://127.0.0.1:8000/predict
```

```console
$ inkdigits predict three.jpg
3
```

```python
print(reader.predict_digit(data).digit)  # 7
```
"""


def test_blocks_are_found_with_language_and_line() -> None:
    found = [(block.language, block.line) for block in find_blocks(DOCUMENT)]
    assert found == [("sh", 3), ("console", 9), ("python", 14)]


def test_commands_are_joined_and_freed_of_prompts_and_remarks() -> None:
    shell, console, _ = find_blocks(DOCUMENT)
    assert [command.split()[0] for command in find_commands(shell)] == ["make", "curl"]
    assert find_commands(shell)[0] == "make serve"
    assert find_commands(shell)[1].endswith("/predict")
    assert find_commands(console) == ["inkdigits predict three.jpg"]


def test_expected_output_and_pictures_are_found() -> None:
    assert find_expected(find_blocks(DOCUMENT)[2]) == ["7"]
    assert find_pictures(DOCUMENT) == {"seven.png", "three.jpg"}
