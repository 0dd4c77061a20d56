"""Labelled pictures for training and evaluation: sources, strokes, rendering, augmentation."""
