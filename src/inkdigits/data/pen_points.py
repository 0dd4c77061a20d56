"""A little geometry → points that a pen passes near: parts of which digits are drawn.

Points are (x, y), y up, on a digit that is 1 high.
"""

import numpy as np

_Rng = np.random.Generator
Points = list[tuple[float, float]]


def arc(
    centre: tuple[float, float],
    half: tuple[float, float],
    turn: tuple[float, float],
    count: int = 10,
) -> Points:
    """Give `count` points on an ellipse; angles in degrees, 0 to the right, 90 up."""
    angles = np.radians(np.linspace(turn[0], turn[1], count))
    right, up = centre[0] + half[0] * np.cos(angles), centre[1] + half[1] * np.sin(angles)
    return list(zip(right.tolist(), up.tolist(), strict=True))


def across(middle: tuple[float, float], ends: tuple[float, float], tilt: float) -> Points:
    """Draw a bar through `middle`, so far to the left and to the right."""
    (x, y), (left, right) = middle, ends
    return [(x - left, y - tilt), (x, y), (x + right, y + tilt)]


def cross(top: tuple[float, float], foot: tuple[float, float], rng: _Rng) -> Points:
    """Cross a stem from `top` to `foot`, somewhere in its middle."""
    level, tilt = rng.uniform(0.32, 0.6), rng.normal(0.02, 0.05)
    left, right = rng.uniform(0.12, 0.35, 2).tolist()
    middle = foot[0] + (top[0] - foot[0]) * level
    return across((middle, level), (left, right), tilt)
