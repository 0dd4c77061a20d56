"""A reader → a report: how well it reads, how far to trust it, and every mistake it makes."""
