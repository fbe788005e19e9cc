"""What people do to whole packages: each operation takes files, and says what a draft is to hold then."""
