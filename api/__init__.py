"""Every way in for programs and people with a browser: the FastAPI application and the CLI `banhoi`."""
