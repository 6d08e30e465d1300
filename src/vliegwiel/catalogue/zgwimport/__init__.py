"""Case types of other systems (ZGW Catalogi API): read them, see which process each one really is, and propose a start here."""
