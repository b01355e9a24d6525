"""Cards: what is known of one country or two, on one page or one screen."""
