"""Who is signed in in which browser, for the pages under /oauth/ alone, and in which apps because of that."""
