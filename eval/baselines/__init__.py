"""What could be had without a model."""
