"""One file a family of addresses."""
