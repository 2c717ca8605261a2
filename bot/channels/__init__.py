"""Channel adapters: each reads a platform's updates and turns a reply into what the platform shows."""
