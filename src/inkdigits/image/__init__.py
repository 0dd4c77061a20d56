"""Bytes → samples: decode, find ink, cut the glyph, match the stroke, normalize."""
