"""From a citizen's words to ranked, calibrated candidates."""
