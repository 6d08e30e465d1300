"""Our own definitions as another system would export them."""

from __future__ import annotations

from tests.catalogue.zgwimport.disguises import Disguised
from vliegwiel.catalogue.case_type import zaaktype
from vliegwiel.catalogue.model import Resolved

LIST = "https://selectielijst.example/api/v1"


def exported(definitions: list[Resolved]) -> Disguised:
    """The zaaktypen of definitions, as resources of the Catalogi API. `truth` gives the product of each."""
    made = Disguised()
    catalogue = made.add("Catalogus", {"domein": "EIGEN"})
    for resolved in definitions:
        data = zaaktype(resolved)
        url = made.add("ZaakType", {
            "identificatie": data.identificatie, "omschrijving": data.omschrijving, "doel": data.doel,
            "omschrijvingGeneriek": data.omschrijving_generiek, "onderwerp": data.onderwerp, "doorlooptijd": data.doorlooptijd,
            "handelingInitiator": data.handeling_initiator, "productenOfDiensten": list(data.producten_of_diensten),
            "selectielijstProcestype": f"{LIST}/procestypen/{data.selectielijst_procestype}", "catalogus": catalogue,
        })  # fmt: skip
        made.truth[data.identificatie] = resolved.key
        for status in data.statustypen:
            made.add("StatusType", {
                "zaaktype": url, "omschrijving": status.omschrijving, "volgnummer": status.volgnummer,
                "isEindstatus": status.is_eindstatus, "doorlooptijd": status.doorlooptijd,
            })  # fmt: skip
        for result in data.resultaattypen:
            made.add("ResultaatType", {"zaaktype": url, "omschrijving": result.omschrijving})
        for role in data.roltypen:
            made.add(
                "RolType",
                {
                    "zaaktype": url,
                    "omschrijving": role.omschrijving,
                    "omschrijvingGeneriek": role.omschrijving_generiek,
                },
            )
        for field in data.eigenschappen:
            made.add("Eigenschap", {
                "zaaktype": url, "naam": field.naam, "definitie": field.definitie, "specificatie": {"formaat": field.formaat},
            })  # fmt: skip
    return made
