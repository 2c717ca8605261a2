"""Ways out of the feed for other systems: keys, exports, Atom, webhooks, open data."""
