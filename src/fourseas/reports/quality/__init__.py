"""What is wrong or missing in a lake: one module for each question."""
