//! Charts as static SVG.
use crate::directive::Chart;
use crate::value::Locale;
pub struct ChartPlace<'a> {
    pub id: String,
    pub locale: &'a Locale,
}
pub fn chart_html(chart: &Chart, place: &ChartPlace<'_>) -> String {
    let _ = place.locale;
    format!(
        "<figure class=\"chart\" id=\"{}\"><p class=\"chart-title\">{}</p></figure>",
        place.id,
        super::escape::escape(&chart.title)
    )
}
