"""The observatory: every card as a page of a server on this machine, with its data beside it."""
