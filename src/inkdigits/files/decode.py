"""Bytes of an upload → image: PNG, JPEG or MPO, within limits, upright, opaque, 8 bit."""

from io import BytesIO

import numpy as np
from PIL import Image as Pillow
from PIL import ImageChops
from PIL.JpegImagePlugin import JpegImageFile

from inkdigits.errors import BrokenImage, ImageTooLarge, Mismatch
from inkdigits.files.alpha import flatten, is_opaque, without_alpha
from inkdigits.files.formats import find_format
from inkdigits.files.header import UPRIGHT, Header, check_limits
from inkdigits.files.jpeg import read_jpeg
from inkdigits.files.limits import MIB, ImageLimits
from inkdigits.files.png import read_png
from inkdigits.files.png_pixels import load_png
from inkdigits.outcome import is_shortage
from inkdigits.sample import Box, Image

DRAFT_SIDE = 1_000
"""Px of the longest side that are always kept: one digit loses nothing at this size."""
_DRAFTS = (8, 4, 2)  # libjpeg decodes at 1/8, 1/4 and 1/2 for less than the whole
_ON_ITS_SIDE = (5, 6, 7, 8)  # EXIF orientations that swap width and height
_MAX_REASON = 120
_LEAST_BYTES = 32 * MIB  # what there must be for a failure to be the picture's own
_Key = int | bytes | tuple[int, ...]  # grey tone, alpha of each palette colour, RGB


def decode(data: bytes, limits: ImageLimits = ImageLimits()) -> Image:
    """Decode one uploaded picture. As `decode_scaled`, without the scale."""
    return decode_scaled(data, limits)[0]


def decode_scaled(
    data: bytes,
    limits: ImageLimits = ImageLimits(),
    draft_side: int = DRAFT_SIDE,
    box: Box | None = None,
) -> tuple[Image, int]:
    """Decode one uploaded picture, and say how much smaller it became.

    The format is found from the content. Only the first picture of an MPO or an
    animated PNG is read. Transparency is composited so that the ink shows. 16 bit
    become 8. A picture whose longest side is at least twice `draft_side` is decoded at
    1/2, 1/4 or 1/8, so that no less than that is left of it: what comes after this
    costs no more than of a picture of twice that side.

    Args:
        data: the whole file.
        limits: what the picture may cost; checked from the header, before pixels exist.
        draft_side: px of the longest side that are enough.
        box: the part that is wanted, px of the upright upload: its longest side counts then, as
            long as no more px are decoded than a PNG may have.

    Returns:
        The image, uint8, (H, W) grey or (H, W, 3) RGB, C-contiguous, upright; and how
        many px of the upload one px of it is wide: 1, 2, 4 or 8.

    Raises:
        BrokenImage: empty, cut short or damaged.
        UnsupportedImage: neither PNG nor JPEG, or one of their kinds that nobody draws in.
        ImageTooLarge: the bytes, a side, the pixels, the proportions or the scans.
        Mismatch: the box leaves the picture.
        MemoryError: there is no memory for it just now.
    """
    if len(data) > limits.max_bytes:
        raise ImageTooLarge("size in bytes", len(data), limits.max_bytes)
    header = read_png(data) if find_format(data) == "PNG" else read_jpeg(data)
    check_limits(header, limits)
    part = _part(header, box)
    longest = max(part.width, part.height)
    least = 1 + (header.width * header.height > limits.max_pixels and box is not None)
    scale = next((scale for scale in _DRAFTS if longest >= scale * draft_side), least)
    try:
        array = (_decode_png if header.format == "PNG" else _decode_jpeg)(header, scale)
        image = _turn_upright(array, header.orientation)
        right, bottom = -(-(part.left + part.width) // scale), -(-(part.top + part.height) // scale)
        image = image[part.top // scale : bottom, part.left // scale : right]
        return np.ascontiguousarray(image), scale
    except Exception as error:  # noqa: BLE001  (Pillow raises over ten kinds on damaged files)
        reason = f"{error}"[:_MAX_REASON] or type(error).__name__
        is_short = is_shortage(error)
    if is_short or not _has_memory(header):  # libjpeg says of either that the data are broken
        raise MemoryError(f"no memory for a picture of {header.width} by {header.height} px")
    # Raised where it has no other as its context: that one's frames hold all the pixels.
    raise BrokenImage(f"{header.format}: {reason}")


def _part(header: Header, box: Box | None) -> Box:
    """See that a part is there; without one, it is the whole."""
    width, height = header.width, header.height
    if header.orientation in _ON_ITS_SIDE:
        width, height = height, width
    part = box or Box(0, 0, width, height)
    if part.left + part.width > width or part.top + part.height > height:
        found = f"a box {part.width}x{part.height} at {part.left},{part.top}"
        raise Mismatch(found, f"one inside the picture, which is {width}x{height} px")
    return part


def _has_memory(header: Header) -> bool:
    """Tell whether a picture's coefficients and a bit more could be had, by asking for them."""
    try:
        np.empty(_LEAST_BYTES + 2 * header.coefficients, np.uint8)
    except MemoryError:
        return False
    return True


def _decode_png(header: Header, scale: int) -> Image:
    picture = load_png(header)
    key = picture.info.pop("transparency", None)
    if picture.mode.startswith("I"):
        picture = _reduce_16_bit(picture, key)
    elif key is not None:
        picture.info["transparency"] = _scale_key(key, picture.mode, header.depth)
        picture = picture.convert("LA" if picture.mode in ("1", "L") else "RGBA")
    if picture.mode == "RGBA" and scale == 1:
        pixels = np.asarray(picture)
        if is_opaque(pixels):  # what paint programs write
            return without_alpha(pixels)
    if picture.mode in ("LA", "RGBA"):
        return np.array(flatten(picture, scale))
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    return np.array(picture if scale == 1 else picture.reduce(scale))


def _reduce_16_bit(picture: Pillow.Image, key: int | None) -> Pillow.Image:
    values = np.asarray(picture)
    # By hand: `convert("L")` would clip at 255. The high byte undoes 8 → 16 bit exactly.
    grey = Pillow.fromarray((values >> 8).astype(np.uint8))
    if key is None:
        return grey
    alpha = np.where(values == key, np.uint8(0), np.uint8(255))
    return Pillow.merge("LA", (grey, Pillow.fromarray(alpha)))


def _scale_key(key: _Key, mode: str, depth: int) -> _Key:
    """Bring a transparent colour to 8 bit: Pillow scales the pixels but not the key."""
    if mode == "L" and isinstance(key, int):
        return key * 255 // ((1 << depth) - 1)
    if mode == "RGB" and isinstance(key, tuple):
        return tuple(value >> (depth - 8) for value in key)
    return key


def _decode_jpeg(header: Header, scale: int) -> Image:
    picture: Pillow.Image = JpegImageFile(BytesIO(header.body))
    picture.draft(None, (max(1, header.width // scale), max(1, header.height // scale)))
    picture.load()
    if picture.mode == "CMYK":
        # Pillow takes all CMYK for Adobe's, which is stored inverted.
        picture = picture if header.adobe else ImageChops.invert(picture)
        picture = picture.convert("RGB")
    return np.array(picture)


def _turn_upright(array: Image, orientation: int) -> Image:
    """Undo what EXIF says the camera did; see the table of tag 0x0112."""
    if orientation == UPRIGHT:
        return array
    if orientation in _ON_ITS_SIDE:
        array = array.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        array = array[::-1]
    if orientation in (2, 3, 6, 7):
        array = array[:, ::-1]
    return np.ascontiguousarray(array)
