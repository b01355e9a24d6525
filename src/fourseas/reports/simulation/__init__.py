"""What a policy would touch, as a report."""
