"""Models: arrays in, a frozen result with its uncertainty out. They touch no lake and no engine."""
