"""HTTP requests → predictions or problems."""
