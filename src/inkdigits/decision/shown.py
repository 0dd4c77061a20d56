"""A probability in, what people read out."""


def show_probability(share: float) -> str:
    """Write a probability for people: 0.9987 → 99.9%. Only 0, what cannot be, reads as certain."""
    if share >= 0.9995:
        return ">99.9%"
    return f"{100 * share:.1f}%" if share >= 0.0005 or not share else "<0.1%"
