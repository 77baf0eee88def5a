"""A projection of catalog's locations, and where booking names them."""
