"""Appointments in conversation: what a message wishes, what is still missing, what is offered, said and asked for.

Pure: the dialogue asks for free times, seats and bookings by typed requests, which the caller carries out, and is
told their results (docs/booking-dialogue.md).
"""
