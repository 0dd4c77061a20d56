"""Bytes → image: decode what a stranger sent, within limits that are checked from the header."""
