"""What people read: figures, panels and pages, made from a workspace."""
