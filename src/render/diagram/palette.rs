//! The palette: every engine draws with these colours, each of which stands for a role, and the
//! drawing's classes name the roles. The theme's style sheet then paints them for light and dark.
//!
//! The colours themselves are never seen. They are odd on purpose: an author will not write them.

use serde_json::{Map, Value, json};

use super::color::Color;

/// Size of labels, in CSS pixels.
pub const FONT_SIZE: f32 = 14.0;

/// How many colours a series has before it starts again.
pub const SERIES: usize = 8;

/// What a colour is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The page behind the drawing.
    Canvas,
    Node,
    NodeBorder,
    /// A node beside the usual ones.
    Alt,
    Muted,
    Cluster,
    ClusterBorder,
    Note,
    NoteBorder,
    Text,
    /// Text of less weight.
    Soft,
    Line,
    Error,
    Success,
    Warning,
    /// Member of a series, from 0.
    Series(u8),
}

/// Role, colour for the engines, class name.
const ROLES: [(Role, &str, &str); 23] = [
    (Role::Canvas, "#fdfefc", "bg"),
    (Role::Node, "#e9eef9", "node"),
    (Role::NodeBorder, "#8a97b1", "node-border"),
    (Role::Alt, "#e2e9f6", "alt"),
    (Role::Muted, "#d9e2f1", "muted"),
    (Role::Cluster, "#f4f6fb", "cluster"),
    (Role::ClusterBorder, "#b9c2d3", "cluster-border"),
    (Role::Note, "#fdf3d1", "note"),
    (Role::NoteBorder, "#d3b24a", "note-border"),
    (Role::Text, "#1d232b", "text"),
    (Role::Soft, "#49525e", "soft"),
    (Role::Line, "#5b6779", "line"),
    (Role::Error, "#b2281e", "error"),
    (Role::Success, "#1b7e39", "success"),
    (Role::Warning, "#a05d09", "warning"),
    (Role::Series(0), "#3f78c1", "c1"),
    (Role::Series(1), "#d9822d", "c2"),
    (Role::Series(2), "#3b9b6d", "c3"),
    (Role::Series(3), "#c2525f", "c4"),
    (Role::Series(4), "#7d63b3", "c5"),
    (Role::Series(5), "#a38a2f", "c6"),
    (Role::Series(6), "#2f9aa6", "c7"),
    (Role::Series(7), "#b3619d", "c8"),
];

impl Role {
    /// The role of a series' member; after the last the first comes again.
    pub fn series(index: usize) -> Self {
        Self::Series((index % SERIES) as u8)
    }

    /// The colour that stands for the role.
    pub fn color(self) -> &'static str {
        self.entry().1
    }

    /// The role's name in class names.
    pub fn name(self) -> &'static str {
        self.entry().2
    }

    /// The role that a colour stands for; its opacity does not matter.
    pub fn of(color: Color) -> Option<Self> {
        let hex = color.hex();
        ROLES
            .iter()
            .find(|(_, value, _)| *value == hex)
            .map(|(role, ..)| *role)
    }

    fn entry(self) -> &'static (Role, &'static str, &'static str) {
        ROLES
            .iter()
            .find(|(role, ..)| *role == self)
            .expect("every role stands in the table, series are made modulo its size")
    }
}

/// Theme variables of Mermaid, by role.
const VARIABLES: &[(Role, &[&str])] = &[
    (
        Role::Canvas,
        &[
            "background",
            "edgeLabelBackground",
            "relationLabelBackground",
            "altSectionBkgColor",
            "requirementEdgeLabelBackground",
            "compositeBackground",
            "innerEndBackground",
            "pieStrokeColor",
            "labelBackground",
            "labelBackgroundColor",
            "compositeTitleBackground",
            "commitLabelBackground",
            "quadrant3Fill",
            "archSectionBkgColor",
            "sequenceNumberColor",
        ],
    ),
    (
        Role::Node,
        &[
            "primaryColor",
            "mainBkg",
            "actorBkg",
            "labelBoxBkgColor",
            "stateBkg",
            "attributeBackgroundColorOdd",
            "rowOdd",
            "requirementBackground",
            "taskBkgColor",
            "tagLabelBackground",
            "quadrant1Fill",
            "nodeBkg",
            "faceColor",
            "personBkg",
        ],
    ),
    (
        Role::NodeBorder,
        &[
            "primaryBorderColor",
            "nodeBorder",
            "actorBorder",
            "labelBoxBorderColor",
            "stateBorder",
            "requirementBorderColor",
            "taskBorderColor",
            "activationBorderColor",
            "tagLabelBorder",
            "quadrantInternalBorderStrokeFill",
            "quadrantExternalBorderStrokeFill",
            "personBorder",
            "doneTaskBorderColor",
            "border1",
            "border2",
            "secondaryBorderColor",
            "tertiaryBorderColor",
            "archGroupBorderColor",
        ],
    ),
    (
        Role::Alt,
        &[
            "secondaryColor",
            "doneTaskBkgColor",
            "quadrant2Fill",
            "altBackground",
            "secondBkg",
            "attributeBackgroundColorEven",
            "rowEven",
            "excludeBkgColor",
            "critBkgColor",
        ],
    ),
    (
        Role::Muted,
        &[
            "tertiaryColor",
            "activationBkgColor",
            "activeTaskBkgColor",
            "quadrant4Fill",
        ],
    ),
    (
        Role::Cluster,
        &["clusterBkg", "sectionBkgColor", "sectionBkgColor2"],
    ),
    (Role::ClusterBorder, &["clusterBorder", "gridColor"]),
    (Role::Note, &["noteBkgColor"]),
    (Role::NoteBorder, &["noteBorderColor"]),
    (
        Role::Text,
        &[
            "primaryTextColor",
            "secondaryTextColor",
            "tertiaryTextColor",
            "textColor",
            "titleColor",
            "nodeTextColor",
            "actorTextColor",
            "signalTextColor",
            "labelTextColor",
            "loopTextColor",
            "noteTextColor",
            "classText",
            "labelColor",
            "transitionLabelColor",
            "stateLabelColor",
            "requirementTextColor",
            "relationLabelColor",
            "pieTitleTextColor",
            "pieSectionTextColor",
            "pieLegendTextColor",
            "commitLabelColor",
            "tagLabelColor",
            "quadrant1TextFill",
            "quadrant2TextFill",
            "quadrant3TextFill",
            "quadrant4TextFill",
            "quadrantPointTextFill",
            "quadrantTitleFill",
            "quadrantXAxisTextFill",
            "quadrantYAxisTextFill",
            "taskTextColor",
            "taskTextDarkColor",
            "taskTextLightColor",
            "taskTextOutsideColor",
            "taskTextClickableColor",
            "scaleLabelColor",
        ],
    ),
    (
        Role::Line,
        &[
            "lineColor",
            "arrowheadColor",
            "signalColor",
            "actorLineColor",
            "transitionColor",
            "relationColor",
            "defaultLinkColor",
            "specialStateColor",
            "commitLineColor",
            "archEdgeColor",
            "archEdgeArrowColor",
            "activeTaskBorderColor",
        ],
    ),
    (
        Role::Error,
        &["errorBkgColor", "errorTextColor", "critBorderColor"],
    ),
    (Role::Warning, &["todayLineColor", "vertLineColor"]),
];

/// Theme variables of Mermaid that are numbered by series: name, first number.
const SERIES_VARIABLES: [(&str, usize); 8] = [
    ("cScale", 0),
    ("cScalePeer", 0),
    ("git", 0),
    ("pie", 1),
    ("venn", 1),
    ("fillType", 0),
    ("actor", 0),
    ("cScaleInv", 0),
];

/// How an engine that follows Mermaid lays out labels. Either way they come out as SVG text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Labels {
    /// As HTML; the engine turns it into text afterwards.
    Html,
    /// As SVG text from the start, which wraps and centres better, but in flowcharts alone.
    Svg,
}

/// The site configuration for an engine that follows Mermaid: our palette, one font size, and a
/// list of keys that a diagram can't set because the page decides them.
pub fn mermaid_config(labels: Labels) -> Value {
    let mut config = json!({
        "theme": "base",
        "look": "classic",
        "fontFamily": "arial, sans-serif",
        "fontSize": FONT_SIZE,
        "htmlLabels": labels == Labels::Html,
        // Narrower than Mermaid's own, so that five boxes in a row fit a page's column.
        "flowchart": {
            "htmlLabels": labels == Labels::Html,
            "minNodeWidth": 64,
            "wrappingWidth": 150,
            "nodeSpacing": 32,
            "rankSpacing": 40,
            // Mermaid's own leaves a group's title on the edge, and the arrows on the title.
            "subGraphTitleMargin": { "top": 4, "bottom": 6 },
        },
        "gantt": { "todayMarker": "off" },
        "secure": [
            "secure", "securityLevel", "startOnLoad", "maxTextSize", "suppressErrorRendering",
            "maxEdges", "themeCSS", "theme", "look", "darkMode", "fontFamily", "htmlLabels",
        ],
    });
    let settings = config
        .as_object_mut()
        .expect("the literal above is an object");
    for (diagram, values) in diagram_colors() {
        let known = settings.entry(diagram).or_insert_with(|| json!({}));
        if let (Some(known), Value::Object(values)) = (known.as_object_mut(), values) {
            known.extend(values);
        }
    }
    settings.insert("themeVariables".to_owned(), theme_variables());
    config
}

fn theme_variables() -> Value {
    let mut variables = Map::new();
    variables.insert("fontSize".to_owned(), json!(format!("{FONT_SIZE}px")));
    variables.insert("fontFamily".to_owned(), json!("arial, sans-serif"));
    for (role, names) in VARIABLES {
        for name in *names {
            variables.insert((*name).to_owned(), json!(role.color()));
        }
    }
    for (name, first) in SERIES_VARIABLES {
        for index in 0..12 {
            let color = json!(Role::series(index).color());
            variables.insert(format!("{name}{}", first + index), color);
        }
    }
    for index in 0..12 {
        for name in ["cScaleLabel", "gitBranchLabel"] {
            variables.insert(format!("{name}{index}"), json!(Role::Text.color()));
        }
    }
    let palette: Vec<_> = (0..SERIES)
        .map(|index| Role::series(index).color())
        .collect();
    variables.insert(
        "xyChart".to_owned(),
        json!({
            "backgroundColor": "transparent",
            "titleColor": Role::Text.color(),
            "xAxisLabelColor": Role::Text.color(),
            "xAxisTitleColor": Role::Text.color(),
            "xAxisTickColor": Role::Line.color(),
            "xAxisLineColor": Role::Line.color(),
            "yAxisLabelColor": Role::Text.color(),
            "yAxisTitleColor": Role::Text.color(),
            "yAxisTickColor": Role::Line.color(),
            "yAxisLineColor": Role::Line.color(),
            "plotColorPalette": palette.join(","),
        }),
    );
    variables.insert(
        "radar".to_owned(),
        json!({ "axisColor": Role::Line.color(), "graticuleColor": Role::ClusterBorder.color() }),
    );
    Value::Object(variables)
}

/// Colours that Mermaid keeps among a diagram's settings rather than in its theme.
fn diagram_colors() -> Vec<(&'static str, Value)> {
    let mut c4 = Map::new();
    for (external, role) in [("", Role::Node), ("external_", Role::Muted)] {
        for shape in [
            "person",
            "system",
            "system_db",
            "system_queue",
            "container",
            "container_db",
            "container_queue",
            "component",
            "component_db",
            "component_queue",
        ] {
            let name = format!("{external}{shape}");
            c4.insert(format!("{name}_bg_color"), json!(role.color()));
            c4.insert(
                format!("{name}_border_color"),
                json!(Role::NodeBorder.color()),
            );
            c4.insert(format!("{name}_font_color"), json!(Role::Text.color()));
        }
    }
    vec![
        ("c4", Value::Object(c4)),
        (
            "packet",
            json!({
                "startByteColor": Role::Text.color(), "endByteColor": Role::Text.color(),
                "labelColor": Role::Text.color(), "titleColor": Role::Text.color(),
                "blockStrokeColor": Role::NodeBorder.color(), "blockFillColor": Role::Node.color(),
            }),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_found_by_its_color_alone() {
        for (role, color, _) in ROLES {
            assert_eq!(
                Color::parse(color).and_then(Role::of),
                Some(role),
                "{color}"
            );
        }
    }
}
