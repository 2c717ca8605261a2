"""Trains what the feed ships, from `messages/`. Nothing that serves imports it."""
