"""Due diligence on an organization: what the registers of a lake show, and what they do not."""
