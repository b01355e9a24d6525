"""One identity for works, people and organisations of all registers."""
