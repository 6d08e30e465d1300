"""The laws as people read, try and check them. No Django, no writes: everything here is computed from the law book."""
