"""`python -m fourseas`."""

from fourseas.cli import main

main()
