"""Image → samples: find ink, cut the glyph, match the stroke, normalize."""
