"""How long a test waits for what must come."""

PATIENCE_S = 180.0
"""No test passes or fails by this on a machine that works, however busy it is: what takes longer
hangs."""
