"""Telegram: reads its updates, renders replies as HTML with buttons, sends them, tells its errors apart."""
