"""The words: tables, steps, indicators, sources, definitions. No data and no engine here."""
