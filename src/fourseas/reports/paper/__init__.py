"""Cards as things to hand in: a page that prints well, and a workbook."""
