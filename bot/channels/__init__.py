"""Channel adapters: each turns a platform's update into a message and a reply into what the platform shows."""
