"""The exporters; :mod:`asepsis.reports.tell` lists them."""
