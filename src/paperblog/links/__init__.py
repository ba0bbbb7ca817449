"""Where links lead: those of the built pages, and those to other sites."""
