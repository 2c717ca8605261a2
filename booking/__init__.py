"""Appointment slots that are never sold twice: calendars, seats, appointments, the day at the counter."""
