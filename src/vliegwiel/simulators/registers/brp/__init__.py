"""BRP API Personen v2, played from lists of persons (persoonslijsten) in the words of the Logisch Ontwerp (LO3)."""
