"""Plots drawn: Vega-Lite specifications of them, and SVG for a page or a file, offline.

Every mark differs from the others by its shape and the stroke of its interval, not by colour
alone. A plot never holds a number that its table does not.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from eval.report.charts import COLOURS, Chart, Grid, Look, Series

__all__ = ["inline_svg", "spec", "standalone_svg"]

_SHAPES: dict[Look, str] = {"model": "circle", "people": "diamond", "baseline": "square"}
_DASHES: dict[Look, list[int]] = {"model": [], "people": [5, 3], "baseline": [2, 2]}
_WIDTH = 560


def spec(chart: Chart | Grid) -> dict[str, Any]:
    """The Vega-Lite specification. Values stand in it as data, so it may be kept or redrawn."""
    if isinstance(chart, Grid):
        return _grid(chart)
    values = [
        {"row": m.row, "series": m.series, "value": m.value, "low": m.low, "high": m.high}
        for m in chart.marks
    ]
    # Fewer rows leave room between them; many still fit a page.
    apart = chart.offset and len(chart.series) > 1
    step = 17 if apart else 24
    return {
        "$schema": "vega-lite/v5.json",
        "background": COLOURS["paper"],
        "width": _WIDTH,
        "height": {"step": step, "for": "offset"} if apart else {"step": step},
        "data": {"values": values},
        "config": _config(),
        "encoding": {"y": _rows(chart), **(_side_by_side(chart) if apart else {})},
        "layer": _bars(chart) if chart.kind == "bars" else _points(chart),
    }


def _config() -> dict[str, Any]:
    text = {"labelColor": COLOURS["text"], "titleColor": COLOURS["text"]}
    return {
        "aria": False,
        "font": "Arial, Helvetica, sans-serif",
        "view": {"stroke": None},
        "axis": {
            **text,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": COLOURS["faint"],
            "domainColor": COLOURS["faint"],
            "tickColor": COLOURS["faint"],
        },
        "legend": {
            **text,
            "orient": "top",
            "title": None,
            "labelFontSize": 12,
            "labelLimit": 400,
            "symbolSize": 90,
            "padding": 0,
            "offset": 12,
            "symbolStrokeWidth": 1.5,
        },
    }


def _rows(chart: Chart) -> dict[str, Any]:
    return {
        "field": "row",
        "type": "nominal",
        "sort": list(chart.rows),
        "scale": {"domain": list(chart.rows), "paddingInner": 0.25, "paddingOuter": 0.15},
        "axis": {
            "title": None,
            "labelLimit": 330,
            "labelPadding": 8,
            "grid": True,
            "ticks": False,
            "domain": False,
        },
    }


def _side_by_side(chart: Chart) -> dict[str, Any]:
    names = [series.name for series in chart.series]
    return {"yOffset": {"field": "series", "type": "nominal", "scale": {"domain": names}}}


def _values(chart: Chart, field: str = "value") -> dict[str, Any]:
    ends = [x for m in chart.marks for x in (m.value, m.low, m.high) if x is not None]
    low = chart.lowest if chart.lowest is not None else min([0.0, *ends])
    high = chart.highest if chart.highest is not None else max([0.0, *ends])
    return {
        "field": field,
        "type": "quantitative",
        "title": chart.axis,
        "scale": {"domain": [low, high], "nice": chart.highest is None},
        "axis": {"tickCount": 8, **({"format": "d"} if chart.kind == "bars" else {})},
    }


def _scale(chart: Chart, of: dict[Look, Any], legend: bool) -> dict[str, Any]:
    return {
        "field": "series",
        "type": "nominal",
        "scale": {
            "domain": [series.name for series in chart.series],
            "range": [of[series.look] for series in chart.series],
        },
        **({} if legend else {"legend": None}),
    }


def _points(chart: Chart) -> list[dict[str, Any]]:
    legend = len(chart.series) > 1
    colours: dict[Look, Any] = {look: COLOURS[look] for look in _SHAPES}
    # People's marks are hollow.
    fills: dict[Look, Any] = {**colours, "people": COLOURS["paper"]}
    colour = _scale(chart, colours, legend)
    return [
        {
            "mark": {"type": "rule", "color": COLOURS["text"], "strokeWidth": 1, "opacity": 0.6},
            "data": {"values": [{"zero": 0}]},
            "encoding": {
                "x": {**_values(chart, "zero")},
                "y": None,
                **({"yOffset": None} if chart.offset and len(chart.series) > 1 else {}),
            },
        },
        *(_interval(chart, series, colour) for series in chart.series),
        {
            "mark": {"type": "point", "size": 65, "strokeWidth": 1.8, "opacity": 1},
            "encoding": {
                "x": _values(chart),
                "stroke": colour,
                "fill": _scale(chart, fills, legend),
                "shape": _scale(chart, dict(_SHAPES), legend),
            },
        },
    ]


def _interval(chart: Chart, series: Series, colour: dict[str, Any]) -> dict[str, Any]:
    """A layer for each series: a dash that came from a scale would break the legend's outlines."""
    return {
        "transform": [
            {"filter": {"field": "series", "equal": series.name}},
            {"filter": "datum.low != null"},
        ],
        "mark": {"type": "rule", "strokeWidth": 2, "strokeDash": _DASHES[series.look]},
        "encoding": {"x": _values(chart, "low"), "x2": {"field": "high"}, "stroke": colour},
    }


def _bars(chart: Chart) -> list[dict[str, Any]]:
    colours: dict[Look, Any] = {look: COLOURS[look] for look in _SHAPES}
    colour = _scale(chart, colours, len(chart.series) > 1)
    said = {"type": "text", "align": "left", "dx": 4, "color": COLOURS["text"], "fontSize": 12}
    return [
        {"mark": {"type": "bar"}, "encoding": {"x": _values(chart), "fill": colour}},
        {
            "mark": said,
            "encoding": {
                "x": _values(chart),
                "text": {"field": "value", "type": "quantitative", "format": "d"},
            },
        },
    ]


def _grid(chart: Grid) -> dict[str, Any]:
    axis = {"grid": True, "ticks": False, "domain": False, "labelLimit": 260, "labelPadding": 6}
    encoding: dict[str, Any] = {
        "y": {
            "field": "row",
            "type": "nominal",
            "title": chart.row_axis,
            "scale": {"domain": list(chart.rows)},
            "axis": axis,
        },
        "x": {
            "field": "column",
            "type": "nominal",
            "title": chart.column_axis,
            "scale": {"domain": list(chart.columns)},
            "axis": {**axis, "labelAngle": -50, "orient": "top"},
        },
    }
    most = max((count for _, _, count in chart.cells), default=1)
    size = {"field": "count", "type": "quantitative", "legend": None}
    return {
        "$schema": "vega-lite/v5.json",
        "background": COLOURS["paper"],
        "width": {"step": 30},
        "height": {"step": 30},
        "data": {"values": [{"row": r, "column": c, "count": n} for r, c, n in chart.cells]},
        "config": _config(),
        "encoding": encoding,
        "layer": [
            {
                # The outline tells the size, so that the number inside stays readable.
                "mark": {
                    "type": "point",
                    "shape": "square",
                    "stroke": COLOURS["model"],
                    "strokeWidth": 1.6,
                    "fill": COLOURS["paper"],
                    "opacity": 1,
                },
                "encoding": {"size": {**size, "scale": {"domain": [0, most], "range": [180, 780]}}},
            },
            {
                "mark": {"type": "text", "fontSize": 11, "color": COLOURS["text"]},
                "encoding": {"text": {"field": "count", "type": "quantitative", "format": "d"}},
            },
        ],
    }


@lru_cache(maxsize=64)
def _drawn(specification: str) -> str:
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(specification)
    return drawn


def standalone_svg(chart: Chart | Grid) -> str:
    """An SVG file of its own, on white."""
    from markupsafe import escape

    svg = _drawn(json.dumps(spec(chart), ensure_ascii=False))
    return svg.replace(
        ">", f"><title>{escape(chart.title)}</title><desc>{escape(chart.description)}</desc>", 1
    )


def inline_svg(chart: Chart | Grid) -> str:
    """The same for a page: named, without name spaces, its ids its own.

    Texts in it are escaped by the drawing library; title and description are escaped here.
    """
    from markupsafe import escape

    svg = _drawn(json.dumps(spec(chart), ensure_ascii=False))
    svg = re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", svg)
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{chart.id}-", svg)
    opening, rest = svg.split(">", 1)
    names = f"{chart.id}-title {chart.id}-description"
    opening = re.sub(r'\s+(width|height|class|version)="[^"]*"', "", opening)
    width = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+)', opening)
    size = f' style="max-width:{float(width[1]):.0f}px"' if width else ""
    return (
        f'{opening} role="img" aria-labelledby="{names}"{size}>'
        f'<title id="{chart.id}-title">{escape(chart.title)}</title>'
        f'<desc id="{chart.id}-description">{escape(chart.description)}</desc>{rest}'
    )
