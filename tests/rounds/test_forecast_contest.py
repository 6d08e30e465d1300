"""On weighings, forward in time, the forecast beats the simple ones and is as sure as it should be."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.rounds.filling import FIRST, town
from vliegwiel.cli.rounds import app
from vliegwiel.rounds.forecast import Deposits, EvidenceInvalid, day_of, fit
from vliegwiel.rounds.forecast.contest import OURS, contest, without_long_gaps
from vliegwiel.rounds.forecast.rivals import as_usual, crps_of, last_rate, seasonal, smoothed
from vliegwiel.rounds.forecast.weighings import Locations, Weighings, read_locations, read_weighings

SPLIT = day_of(date(2021, 1, 1))


@pytest.fixture
def amsterdam(shared: Path) -> tuple[Weighings, Locations]:
    waste = shared / "data" / "waste"
    weighings = read_weighings(waste / "amsterdam_weighings_2020-01_2021-06.csv.gz")
    every = read_locations(waste / "amsterdam_locations.csv")
    some = np.arange(0, len(every.key), 16)
    return weighings, Locations(
        every.key[some], every.rd_x[some], every.rd_y[some], every.lon[some], every.lat[some],
        tuple(every.fraction[i] for i in some),
    )  # fmt: skip


def test_it_beats_simple_forecasts_on_real_weighings_and_covers_nine_in_ten(
    amsterdam: tuple[Weighings, Locations],
) -> None:
    weighings, places = amsterdam
    spans = weighings.deposits(places.key)
    for some in (spans, without_long_gaps(spans, SPLIT)):
        found = contest(places.containers(), some, SPLIT)
        ours = found.of(OURS)
        assert ours.count > 4000
        assert 0.85 <= ours.covered <= 0.95
        for name, _, low, _ in found.gains:
            assert low > 0, name
            assert ours.crps < found.of(name).crps
            assert ours.brier < found.of(name).brier
        assert max(ours.pit) < 0.15
        assert min(ours.pit) > 0.06


def test_nothing_of_later_is_used() -> None:
    """What is forecast of the spans before a moment is the same, whatever comes after it."""
    truth = town(seed=2, number=30, days=100)
    spans, split, later = truth.collected, FIRST + 50.0, FIRST + 75.0
    changed = Deposits(
        spans.container, spans.begin, spans.end, np.where(spans.end > later, 3 * spans.amount, spans.amount), spans.full
    )
    one = contest(truth.containers, spans, split)
    two = contest(truth.containers, changed, split)
    assert (one.model.pooled.rate == two.model.pooled.rate).all()
    assert (one.model.pooled.bends == two.model.pooled.bends).all()
    ahead = later + np.arange(9.0)
    said = [one.model.learned(truth.containers, known, later).ahead(ahead).mean for known in (spans, changed)]
    assert (said[0] == said[1]).all()
    assert one.of(OURS).crps != two.of(OURS).crps


def test_without_a_before_or_an_after_there_is_no_contest() -> None:
    truth = town(seed=2, number=5, days=40)
    for split in (FIRST - 1.0, FIRST + 1000.0):
        with pytest.raises(EvidenceInvalid):
            contest(truth.containers, truth.collected, split)


def test_rivals_say_what_they_are_named_after() -> None:
    spans = Deposits(
        np.zeros(4, dtype=np.int64), np.array([0.0, 1.0, 3.0, 8.0]), np.array([1.0, 3.0, 8.0, 10.0]),
        np.array([10.0, 40.0, 50.0, 60.0]), np.zeros(4, dtype=np.bool_),
    )  # fmt: skip
    assert last_rate(spans)[1:].tolist() == [20, 100, 20]
    assert smoothed(spans, 0.5)[1:].tolist() == [20, 75, 25]
    assert as_usual(spans, 0.5)[1:].tolist() == [10, 25, 37.5]
    assert seasonal(spans)[3] == 2 * 20  # the span that ended a week before, on the same weekday
    assert np.isnan([last_rate(spans)[0], smoothed(spans, 0.5)[0], seasonal(spans)[0]]).all()


def test_the_score_is_the_absolute_error_of_a_point_and_least_for_the_truth() -> None:
    assert crps_of(np.full((1, 32), 5.0), np.array([9.0]))[0] == 4
    rng = np.random.default_rng(1)
    came = rng.normal(100, 10, 4000)
    shares = (np.arange(32) + 0.5) / 32
    honest = np.quantile(rng.normal(100, 10, 100_000), shares)
    scores = [crps_of(np.tile(100 + by * (honest - 100) + off, (4000, 1)), came).mean() for by, off in
              ((1, 0), (0.5, 0), (2, 0), (1, 5), (1, -5))]  # fmt: skip
    assert min(scores) == scores[0]


# Weighings


def test_lifts_of_one_visit_and_of_one_day_belong_together_and_wrong_weights_are_unknown(tmp_path: Path) -> None:
    file = tmp_path / "w.csv.gz"
    lines = [
        "7,2020-01-01T07:00:00Z,200", "7,2020-01-01T07:10:00Z,100",  # one visit
        "7,2020-01-03T07:00:00Z,150", "7,2020-01-03T13:00:00Z,50",  # the same day
        "7,2020-01-05T07:00:00Z,2000",  # cannot be
        "7,2020-01-08T07:00:00Z,300",
        "9,2020-01-02T07:00:00Z,80", "9,2020-01-06T07:00:00Z,90",
        "8,2020-01-02T07:00:00Z,80",
    ]  # fmt: skip
    file.write_bytes(gzip.compress(("location,time_utc,kg\n" + "\n".join(lines)).encode()))
    weighings = read_weighings(file)
    assert weighings.unknown == 1
    assert weighings.lifts[weighings.location == 7].tolist() == [2, 2, 1, 1]
    spans = weighings.deposits(np.array([9, 7]))
    assert spans.container.tolist() == [1, 1, 0]
    assert spans.amount.tolist() == [200, 300, 90]
    assert (spans.end - spans.begin).round(2).tolist() == [2.24, 3.0, 4.0]
    assert spans.begin[0] == pytest.approx(FIRST + 8 / 24 + 1 / 144)  # on the Dutch clock


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "location,time_utc,kg\nx,y,z\n", "\x00\x01\x02"])
def test_a_file_of_another_form_is_refused_in_one_sentence(tmp_path: Path, content: str) -> None:
    file = tmp_path / "w.csv"
    file.write_text(content)
    for read in (read_weighings, read_locations):
        with pytest.raises(EvidenceInvalid):
            read(file)


def test_the_command_says_how_good_the_forecast_is(tmp_path: Path) -> None:
    truth = town(seed=3, number=40, days=120)
    spans = truth.collected
    weighed, places = tmp_path / "w.csv", tmp_path / "l.csv"
    rows = [f"{c},{int((end - 18_262) * 86400)},{kg / 10:.1f}" for c, end, kg in zip(
        spans.container.tolist(), spans.end.tolist(), spans.amount.tolist(), strict=True)]  # fmt: skip
    moments = [np.datetime64("2020-01-01") + np.timedelta64(int(row.split(",")[1]), "s") for row in rows]
    weighed.write_text(
        "location,time_utc,kg\n"
        + "\n".join(f"{r.split(',')[0]},{m}Z,{r.split(',')[2]}" for r, m in zip(rows, moments, strict=True))
    )
    places.write_text(
        "location,source_id,rd_x,rd_y,fraction,lat,lon\n"
        + "\n".join(f"{i},x,93000,463000,Rest,52.1,4.5" for i in range(40))
    )
    runner = CliRunner()
    options = ["forecast", "--deposits", str(weighed), "--locations", str(places), "--split", "2020-03-15"]
    told = runner.invoke(app, options)
    assert told.exit_code == 0, told.output
    assert "deze verwachting" in told.output
    found = json.loads(runner.invoke(app, [*options, "--json"]).output)
    assert found["all"]["scores"][0]["forecast"] == OURS
    assert found["all"]["scores"][0]["crps"] < found["all"]["scores"][1]["crps"]


def test_a_record_without_gaps_is_read_as_it_is() -> None:
    truth = town(seed=6, number=30, days=60)
    model = fit(truth.containers, truth.collected)
    whole = model.without_gaps()
    assert (whole.pooled.share == 1).all()
    assert (whole.pooled.rate == model.pooled.rate).all()
    assert replace(whole, pooled=model.pooled).spans == model.spans
