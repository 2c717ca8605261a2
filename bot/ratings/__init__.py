"""How satisfied citizens are: one to five stars after an answer or an appointment, and why."""
