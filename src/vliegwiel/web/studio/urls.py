"""Addresses of the studio, under /studio/."""

from __future__ import annotations

from django.urls import include, path

from . import (
    checking,
    differing,
    drafting,
    drawing,
    news,
    offering,
    productpage,
    products,
    publishing,
    reading,
    running,
    shelf,
    trying,
    whatif,
)  # fmt: skip

app_name = "studio"

urlpatterns = [
    path("", shelf.page, name="laws"),
    path("wetten.csv", shelf.csv, name="laws-csv"),
    path("nakijken/", checking.page, name="check"),
    path("nakijken.csv", checking.csv, name="check-csv"),
    path("wet/<slug:law>/", reading.page, name="law"),
    path("wet/<slug:law>/proberen/", trying.page, name="try"),
    path("wet/<slug:law>/proberen.json", trying.json, name="try-json"),
    path("producten/", products.page, name="products"),
    path("producten.csv", products.csv, name="products-csv"),
    path("producten/<slug:key>/", productpage.page, name="product"),
    path("producten/<slug:key>/proces/", drawing.page, name="product-process"),
    path("producten/<slug:key>/proces.bpmn", drawing.xml, name="product-bpmn"),
    path("producten/<slug:key>/voorbeelden/", productpage.examples, name="product-examples"),
    path("producten/<slug:key>/geschiedenis/", differing.history, name="product-history"),
    path("producten/<slug:key>/verschil/", differing.versions, name="product-diff"),
    path("producten/<slug:key>/yaml/", differing.yaml, name="product-yaml"),
    path("producten/<slug:key>/terug/", differing.roll_back, name="product-roll-back"),
    path("producten/<slug:key>/aanbieden/", offering.page, name="offer-product"),
    path("concepten/", drafting.drafts, name="drafts"),
    path("concepten/<slug:kind>/<slug:key>/", drafting.page, name="draft"),
    path("concepten/<slug:kind>/<slug:key>/nakijken/", drafting.check, name="draft-check"),
    path("concepten/<slug:kind>/<slug:key>/yaml/", drafting.yaml, name="draft-yaml"),
    path("concepten/<slug:kind>/<slug:key>/yaml/nakijken/", drafting.check_yaml, name="draft-check-yaml"),
    path("concepten/<slug:kind>/<slug:key>/verschil/", differing.draft, name="draft-diff"),
    path("concepten/<slug:kind>/<slug:key>/voorbeeldpagina/", differing.preview, name="draft-preview"),
    path("concepten/<slug:kind>/<slug:key>/publiceren/", publishing.page, name="draft-publish"),
    path("concepten/<slug:kind>/<slug:key>/samenvoegen/", news.merge, name="draft-merge"),
    path("nieuwe-versies/", news.page, name="news"),
    path("nieuwe-versies/<uuid:notice_id>/", news.notice, name="news-one"),
    path("wie-draait-wat/", running.page, name="running"),
    path("wie-draait-wat.csv", running.csv, name="running-csv"),
    path("wat-als/", whatif.page, name="whatif"),
    path("wat-als/nieuw/", whatif.new, name="whatif-new"),
    path("wat-als/<uuid:run_id>/", whatif.run, name="whatif-run"),
    path("wat-als/<uuid:run_id>/voortgang/", whatif.progress, name="whatif-progress"),
    path("wat-als/<uuid:run_id>/afbreken/", whatif.cancel, name="whatif-cancel"),
    path("wat-als/<uuid:run_id>/weg/", whatif.remove, name="whatif-remove"),
    path("wat-als/<uuid:run_id>/uitkomst.csv", whatif.csv, name="whatif-csv"),
    path("", include("vliegwiel.web.compare.urls")),
    path("", include("vliegwiel.web.exchange.urls")),
]
