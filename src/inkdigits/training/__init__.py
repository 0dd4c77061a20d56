"""A recipe → a model file and its card."""
