"""What is true: procedures, plan documents, offices and FAQ, with their sources and dates."""
