//! The engine `mermaid-rs-renderer`: pies, with the colours of our palette.
//!
//! Left alone it reads the system's fonts and keeps a cache of them in the home folder; with
//! `fast_text_metrics` and a font family that no system has, it measures from its own tables.

use mermaid_rs_renderer::{RenderOptions, Theme, render_strict};

use super::EngineError;
use crate::render::diagram::palette::{self, Role};

/// A font family that exists nowhere, so that no font file is ever looked for.
const NO_FONT: &str = "rigbook-no-such-font";

/// The engine's SVG for a source.
pub fn draw(source: &str) -> Result<String, EngineError> {
    let mut options = RenderOptions {
        theme: theme(),
        ..RenderOptions::default()
    };
    options.layout.fast_text_metrics = true;
    options.layout.pie.margin = 40.0;
    options.layout.pie.legend_spacing = 8.0;
    render_strict(source, options).map_err(|error| EngineError::new(error.to_string()))
}

fn theme() -> Theme {
    let color = |role: Role| role.color().to_owned();
    let series = |index: usize| Role::series(index).color().to_owned();
    Theme {
        font_family: NO_FONT.to_owned(),
        font_size: palette::FONT_SIZE,
        primary_color: color(Role::Node),
        primary_text_color: color(Role::Text),
        primary_border_color: color(Role::NodeBorder),
        line_color: color(Role::Line),
        secondary_color: color(Role::Alt),
        tertiary_color: color(Role::Muted),
        edge_label_background: color(Role::Canvas),
        cluster_background: color(Role::Cluster),
        cluster_border: color(Role::ClusterBorder),
        background: color(Role::Canvas),
        sequence_actor_fill: color(Role::Node),
        sequence_actor_border: color(Role::NodeBorder),
        sequence_actor_line: color(Role::Line),
        sequence_note_fill: color(Role::Note),
        sequence_note_border: color(Role::NoteBorder),
        sequence_activation_fill: color(Role::Muted),
        sequence_activation_border: color(Role::NodeBorder),
        text_color: color(Role::Text),
        git_colors: std::array::from_fn(series),
        git_inv_colors: std::array::from_fn(series),
        git_branch_label_colors: std::array::from_fn(|_| color(Role::Text)),
        git_commit_label_color: color(Role::Text),
        git_commit_label_background: color(Role::Canvas),
        git_tag_label_color: color(Role::Text),
        git_tag_label_background: color(Role::Node),
        git_tag_label_border: color(Role::NodeBorder),
        pie_colors: std::array::from_fn(series),
        pie_title_text_size: 18.0,
        pie_title_text_color: color(Role::Text),
        pie_section_text_size: 14.0,
        pie_section_text_color: color(Role::Text),
        pie_legend_text_size: 14.0,
        pie_legend_text_color: color(Role::Text),
        pie_stroke_color: color(Role::Canvas),
        pie_stroke_width: 2.0,
        pie_outer_stroke_width: 0.0,
        pie_outer_stroke_color: color(Role::Canvas),
        pie_opacity: 1.0,
    }
}
