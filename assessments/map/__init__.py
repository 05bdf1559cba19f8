"""The map of preconditions."""
