"""Controls: what the person sets, steps and chooses. They show the configuration that came back, and emit wishes."""
