"""Logits → prediction: calibrated probabilities, and whether to believe them."""
