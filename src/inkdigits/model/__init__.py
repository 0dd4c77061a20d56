"""Samples → logits: the models, their cards, and how they are loaded."""
