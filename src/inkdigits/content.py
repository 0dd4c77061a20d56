"""Bytes in → what they are, in words, whatever their file is called."""

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_SIGNATURE = b"\xff\xd8\xff"
UNKNOWN = "of an unknown format"
_MAGIC = (
    (PNG_SIGNATURE, "a PNG picture"),
    (JPEG_SIGNATURE, "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"II+\0", "a BigTIFF picture"),
    (b"MM\0+", "a BigTIFF picture"),
    (b"\0\0\1\0", "an ICO picture"),
    (b"8BPS", "a Photoshop picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"\x8aMNG", "an MNG animation"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"version https://git-lfs", "a Git LFS pointer: the file itself was not fetched"),
)
_BRANDS = {
    **dict.fromkeys((b"avif", b"avis"), "an AVIF picture"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "HEIC"),
}
_TEXT_HEAD = 512  # a text betrays itself this early


def name_content(data: bytes) -> str:
    """Name the content of a file by its signature, or as text; `UNKNOWN` where it has neither."""
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "a WebP picture"
    if data[4:8] == b"ftyp":
        if data[8:12] == b"mif1" and b"avif" in data[16 : data[3]]:  # either, as its list says
            return "an AVIF picture"
        return _BRANDS.get(data[8:12], "a video or HEIC file")
    return _name_text(data[:_TEXT_HEAD])


def _name_text(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"data:image/"):
        return "a data URL, not the picture's own bytes"
    if b"<svg" in text:
        return "an SVG drawing"
    if text.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if text[:1] == b"p" and text[1:2] in b"123456" and text[2:3].isspace():
        return "a PNM picture"
    if any(byte < ord(" ") and byte not in b"\t\n\r\f" for byte in head):
        return UNKNOWN
    return "JSON text" if text.startswith((b"{", b"[")) else "text"
