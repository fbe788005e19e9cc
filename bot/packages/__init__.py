"""What a package is: names, files, documents. Pure values: no Git, no forge, no network."""
