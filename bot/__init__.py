"""The conversation, the same on every channel: understanding, answers, one adapter per channel."""
