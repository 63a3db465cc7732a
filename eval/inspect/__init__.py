"""One look at what people coded, before any model is asked."""
