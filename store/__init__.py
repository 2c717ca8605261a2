"""Operational data that survives: engine, tables, migrations, inbox, outbox, audit."""
