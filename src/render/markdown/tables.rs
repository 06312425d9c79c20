//! Markdown tables: aligned by classes, since the content security policy
//! allows no style attributes.

use pulldown_cmark::{Alignment, Tag, TagEnd};

/// Where the writer is in a table.
#[derive(Default)]
pub struct Tables {
    alignments: Vec<Alignment>,
    head: bool,
    cell: usize,
    rows: usize,
}

impl Tables {
    pub fn start(&mut self, alignments: Vec<Alignment>) -> String {
        *self = Self {
            alignments,
            ..Self::default()
        };
        "<div class=\"table-scroll\"><table class=\"table-plain\">".to_string()
    }

    pub fn open(&mut self, tag: &Tag<'_>) -> String {
        match tag {
            Tag::TableHead => {
                self.head = true;
                self.cell = 0;
                "<thead><tr>".to_string()
            }
            Tag::TableRow => {
                self.cell = 0;
                self.rows += 1;
                match self.rows {
                    1 => "<tbody>\n<tr>".to_string(),
                    _ => "<tr>".to_string(),
                }
            }
            _ => {
                let class = match self.alignments.get(self.cell) {
                    Some(Alignment::Right) => " class=\"num\"",
                    Some(Alignment::Center) => " class=\"mid\"",
                    _ => "",
                };
                match self.head {
                    true => format!("<th scope=\"col\"{class}>"),
                    false => format!("<td{class}>"),
                }
            }
        }
    }

    pub fn close(&mut self, tag: &TagEnd) -> &'static str {
        match tag {
            TagEnd::TableHead => {
                self.head = false;
                "</tr></thead>"
            }
            TagEnd::TableRow => "</tr>\n",
            TagEnd::TableCell => {
                self.cell += 1;
                match self.head {
                    true => "</th>",
                    false => "</td>",
                }
            }
            _ if self.rows > 0 => "</tbody></table></div>\n",
            _ => "</table></div>\n",
        }
    }
}
