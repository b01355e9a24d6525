"""What challenges are in a lake: counts, tagged works, labelling sheets, drafts."""
