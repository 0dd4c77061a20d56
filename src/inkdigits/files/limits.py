"""What a picture may cost: the bounds that `decode` checks before pixels exist."""

from dataclasses import dataclass

from inkdigits.files.formats import FORMATS

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """Bounds for one uploaded picture.

    Attributes:
        max_bytes: size of the encoded file. 8 MiB holds any phone's JPEG.
        formats: those of `FORMATS` that are read, PNG and JPEG among them.
        max_document_bytes: size of a TIFF or PDF, which has many pages.
        max_pages: of a document.
        max_pixels: width times height of a PNG. Its pixels cost 4 bytes each.
        max_jpeg_pixels: the same for a JPEG, which `draft` decodes at 1/2 to 1/8.
        max_coefficients: of a JPEG in several scans (progressive), 2 bytes each, 1.5 to 3 a
            pixel. 33 million px of three full channels, as of an 8K camera, fit.
        max_side: longest side, px.
        max_aspect: longest side over shortest. A digit is never 40 times as long as wide.
    """

    max_bytes: int = 8 * MIB
    formats: tuple[str, ...] = FORMATS
    max_document_bytes: int = 64 * MIB
    max_pages: int = 1_000
    max_pixels: int = 25_000_000
    max_jpeg_pixels: int = 50_000_000
    max_coefficients: int = 100_000_000
    max_side: int = 12_000
    max_aspect: float = 40.0
