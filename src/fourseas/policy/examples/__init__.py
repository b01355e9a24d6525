"""Published policies as illustrations, each with fictitious lists and cases with findings."""
