"""Citizens' pages for appointments, and the queue display of a waiting room."""
