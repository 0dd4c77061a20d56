"""Read by the Python of each server of these tests: their threads are not nice.

On a machine with nothing idle a nice thread gets a hundredth of a core, and 0.2 s take 20.
"""

import os

os.setpriority = lambda *_: None
