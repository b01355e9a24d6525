"""What changed between two versions of a lake, or between two lakes."""
