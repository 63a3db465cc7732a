"""Whether the evidence still holds for new interviews."""
