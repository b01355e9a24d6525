"""What writes pages, pictures and samples of this repository, and what its trust is measured by."""
