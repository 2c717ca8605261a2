"""Appointment slots that are never sold twice. Empty until booking is built."""
