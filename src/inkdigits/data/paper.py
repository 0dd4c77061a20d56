"""Drawn ink, a ground and a camera in → the picture that somebody would upload out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inkdigits.data.style import Camera, Ground
from inkdigits.sample import Image, Ink

_Picture = NDArray[np.float32]

_LIGHT_SIDE = 48
"""Light is computed on so few px and enlarged: it has no detail."""


def paint(ink: Ink, ground: Ground, rng: np.random.Generator) -> _Picture:
    """Put ink on paper, with the paper's own texture, rules and dirt.

    Args:
        ink: float32 (H, W), 0 paper to 1 ink.
        ground: colours and paper.
        rng: for the places of everything.

    Returns:
        float32, 0 to 255: (H, W) where both colours are grey, else (H, W, 3) RGB.
    """
    paper = np.array(ground.paper, np.float32)
    pen = np.array(ground.ink, np.float32)
    grey = np.ptp(paper) == 0 and np.ptp(pen) == 0
    marks = _rules(ink.shape, ground, rng) if ground.rules != "none" else None
    if ground.specks or ground.neighbour or ground.stray:
        ink = _dirtied(ink, ground, rng)
    cover = ink if marks is None else np.maximum(ink, marks * ground.rule_strength)
    if ground.texture:
        cover = cover + _texture(ink.shape, rng) * np.float32(ground.texture)
    picture = (
        paper[0] + cover * (pen - paper)[0] if grey else paper + cover[..., None] * (pen - paper)
    )
    return np.asarray(picture, np.float32)


def photograph(picture: _Picture, camera: Camera, rng: np.random.Generator) -> Image:
    """Light a picture, blur it, add noise, compress it and reduce it.

    Returns:
        uint8, of the same number of axes; `camera.side` px on its longer side where given.
    """
    if camera.slope or camera.vignette or camera.shadow:
        light = _light(camera, rng)
        enlarged = cv2.resize(light, picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        picture = picture * (enlarged if picture.ndim == 2 else enlarged[..., None])
    if camera.blur:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), camera.blur), np.float32)
    if camera.side:
        picture = _reduced(picture, camera.side, rng)
    if camera.noise:
        noise = rng.standard_normal(picture.shape[:2], dtype=np.float32) * 255 * camera.noise
        picture = picture + (noise if picture.ndim == 2 else noise[..., None])
    image = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    return _compressed(image, camera.jpeg_quality) if camera.jpeg_quality else image


def _rules(shape: tuple[int, ...], ground: Ground, rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw ruled or squared paper, a little turned, in lines of 1 px or a bit more."""
    height, width = shape
    marks = np.zeros((height, width), np.uint8)
    spacing = max(6.0, rng.uniform(0.08, 0.5) * min(shape))
    tilt, thick = rng.normal(0, 0.015), int(max(1, round(min(shape) / rng.uniform(120, 400))))
    for y in np.arange(rng.uniform(0, spacing), height, spacing):
        ends = (0, round(y)), (width, round(y + tilt * width))
        cv2.line(marks, *ends, 255, thick, cv2.LINE_AA)
    if ground.rules == "squares":
        for x in np.arange(rng.uniform(0, spacing), width, spacing):
            ends = (round(x), 0), (round(x - tilt * height), height)
            cv2.line(marks, *ends, 255, thick, cv2.LINE_AA)
    return np.asarray(marks / 255, np.float32)


def _dirtied(ink: Ink, ground: Ground, rng: np.random.Generator) -> Ink:
    """Add specks anywhere, and the end of a neighbour's stroke at a border."""
    height, width = ink.shape
    dirt = np.zeros(ink.shape, np.uint8)
    for _ in range(ground.specks):
        place = int(rng.integers(width)), int(rng.integers(height))
        cv2.circle(dirt, place, int(rng.integers(0, 2 + min(ink.shape) // 150)), 255, -1)
    if ground.neighbour:
        depth, along = rng.uniform(0.02, 0.08), rng.uniform(0.1, 0.9)
        thick = max(1, round(min(ink.shape) * rng.uniform(0.01, 0.05)))
        start = (round(-0.05 * width), round((along - 0.1) * height))
        cv2.line(dirt, start, (round(depth * width), round(along * height)), 255, thick)
        dirt = np.ascontiguousarray(dirt[:, ::-1]) if rng.random() < 0.5 else dirt
    if ground.stray:
        _cross(dirt, rng)
    return np.maximum(ink, np.asarray(dirt / 255, np.float32))


def _cross(dirt: NDArray[np.uint8], rng: np.random.Generator) -> None:
    """Draw one line from border to border, a little bent: level, upright or aslant."""
    height, width = dirt.shape
    along = np.linspace(-0.05, 1.05, 12)
    level, slope, bend = rng.uniform(0.1, 0.9), rng.normal(0, 0.15), rng.normal(0, 0.05)
    across = level + slope * (along - 0.5) + bend * np.sin(along * rng.uniform(2, 9))
    x, y = (along, across) if rng.random() < 0.75 else (across, along)
    points = np.stack([x * width, y * height], axis=1).round().astype(np.int32)
    thick = max(1, round(min(dirt.shape) * rng.uniform(0.005, 0.05)))
    cv2.polylines(dirt, [points], False, 255, thick, cv2.LINE_AA)  # noqa: FBT003 - cv2 takes it so


def _texture(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.float32]:
    """Give cloudy noise: three octaves of random numbers, the coarser the stronger."""
    height, width = shape
    total = np.zeros((height, width), np.float32)
    for step in (2, 8, 32):
        small = rng.standard_normal((height // step + 2, width // step + 2), dtype=np.float32)
        total += cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return total


def _light(camera: Camera, rng: np.random.Generator) -> NDArray[np.float32]:
    """Give the light on the page, at most 1: less to a side, in the corners, in a shadow."""
    axis = np.linspace(-1, 1, _LIGHT_SIDE, dtype=np.float32)
    y, x = np.meshgrid(axis, axis, indexing="ij")
    towards = rng.uniform(0, 2 * np.pi)
    slope = (np.cos(towards) * x + np.sin(towards) * y + 1.42) / 2.84
    light = (1 - camera.slope * slope) * (1 - camera.vignette * (x * x + y * y) / 2)
    if camera.shadow:
        side, where = rng.uniform(0, 2 * np.pi), rng.uniform(-0.5, 0.9)
        edge = (np.cos(side) * x + np.sin(side) * y - where) * rng.uniform(3, 25)
        light *= 1 - camera.shadow * np.clip(edge + 0.5, 0, 1)
    return np.asarray(light, np.float32)


def _reduced(picture: _Picture, side: int, rng: np.random.Generator) -> _Picture:
    scale = side / max(picture.shape[:2])
    size = tuple(max(8, round(length * scale)) for length in picture.shape[1::-1])
    # How programs reduce: well, carelessly, or by leaving pixels out.
    how = rng.choice([cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_NEAREST], p=[0.75, 0.17, 0.08])
    return np.asarray(cv2.resize(picture, size, interpolation=int(how)), np.float32)


def _compressed(image: Image, quality: int) -> Image:
    colour = image.ndim == 3
    pixels = np.ascontiguousarray(image[..., ::-1]) if colour else image
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR if colour else cv2.IMREAD_GRAYSCALE)
    back = np.asarray(decoded, np.uint8)
    return np.ascontiguousarray(back[..., ::-1]) if colour else back
