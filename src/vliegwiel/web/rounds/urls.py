"""Addresses of the rounds, under /rondes/."""

from __future__ import annotations

from django.urls import path

from . import alarms, containers, driver, moving, savings, today

app_name = "rounds"

urlpatterns = [
    path("", today.page, name="today"),
    path("dag.csv", today.csv, name="day-csv"),
    path("plannen/", today.make, name="make"),
    path("plan/<uuid:plan_id>/", today.decide, name="decide"),
    path("plan/<uuid:plan_id>/wijzigen/", today.change, name="change"),
    path("plan/<uuid:plan_id>/verplaatsen/<str:code>/", moving.page, name="move"),
    path("containers/", containers.listing, name="containers"),
    path("container/<str:code>/", containers.page, name="container"),
    path("container/<str:code>/verloop.csv", containers.csv, name="container-csv"),
    path("alarmen/", alarms.page, name="alarms"),
    path("alarm/<uuid:alarm_id>/gezien/", alarms.seen, name="alarm-seen"),
    path("besparing/", savings.page, name="savings"),
    path("besparing.csv", savings.csv, name="savings-csv"),
    path("besparing.pdf", savings.pdf, name="savings-pdf"),
    path("wagens/", driver.trucks, name="trucks"),
    path("wagen/script.js", driver.worker, name="worker"),
    path("wagen/<str:code>/", driver.truck, name="truck"),
    path("stop/<uuid:stop_id>/", driver.report, name="report"),
    path("stop/<uuid:stop_id>/foto/", driver.picture, name="photo"),
]
