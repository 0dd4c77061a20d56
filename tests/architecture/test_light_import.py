"""`import inkdigits` loads no library, and little of Python's own."""

import json
import subprocess
import sys

MOST = 30
"""Modules: of Python itself, and ours. As many take some milliseconds."""
PROGRAM = """
import json, sys
before = set(sys.modules)
import inkdigits
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_the_import_is_light() -> None:
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)
    loaded = json.loads(run.stdout)
    rooms = {name.partition(".")[0] for name in loaded}
    assert rooms - set(sys.stdlib_module_names) == {"inkdigits"}
    assert len(loaded) <= MOST, loaded
