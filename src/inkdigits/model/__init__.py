"""Samples → logits: what a model is, the card it travels with, how it is loaded."""
