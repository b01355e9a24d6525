"""The pages of the observatory as files that any server of files can hand out."""
