"""Pages for officers: signing in, and who may do what. Screens of other rooms' work stand behind `access`."""
