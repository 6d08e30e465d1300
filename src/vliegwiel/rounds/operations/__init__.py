"""Operations: from what is known of containers to a plan, from a plan to what drivers do, and the pages that show it."""
