"""Screens for officers of a centre: the day at the counters, the office's calendar, figures, who did what."""
