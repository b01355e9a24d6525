"""What `make trust` runs: faults, fuzzing, hostile text, routes, audit, wheel."""
