"""A probability in, what people read out."""


def show_probability(share: float) -> str:
    """Write a probability the way people read it: 0.9987 → 99.9%, and never as if it were certain.

    Args:
        share: 0 to 1; 0 is what cannot be.

    Returns:
        One decimal; ">99.9%" and "<0.1%" for what would else read as 100% or nothing.
    """
    if share >= 0.9995:
        return ">99.9%"
    return f"{100 * share:.1f}%" if share >= 0.0005 or not share else "<0.1%"
