"""Logits → prediction: calibrated probabilities, accepted or not and why."""
