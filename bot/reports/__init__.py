"""Reports of problems (phản ánh, kiến nghị): a short dialogue that ends with a code, and the code's state."""
