"""What a query of the OpenAlex API finds, brought to the disk as files that `add` reads."""
