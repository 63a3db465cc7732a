"""Stand-ins for what the tests must not need: a model provider on the network."""
