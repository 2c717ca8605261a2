"""Dashboards of leaders, of the Fatherland Front and of the operations centre, and the monthly report."""
