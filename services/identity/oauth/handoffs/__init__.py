"""Who is signed in in an app of ours opens a page elsewhere, and is signed in there too."""
