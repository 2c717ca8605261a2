"""A citizen's rights over the data of a conversation: to see what is kept, and to have it deleted."""
