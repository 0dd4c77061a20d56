"""Pictures of many callers at once → predictions: the reader with bounded work and waiting."""
