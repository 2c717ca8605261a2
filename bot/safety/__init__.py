"""Words of danger: answered first of all, with the numbers to call, and brought to a person."""
