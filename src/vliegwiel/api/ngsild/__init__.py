"""NGSI-LD (ETSI GS CIM 009): containers as entities of the type WasteContainer of Smart Data Models."""
