//! Verbs and flags, each with its help text and environment variable.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

/// Compile a guide whose content is data into a static site.
///
/// Without a command, `rigbook` builds the site it is started in.
#[derive(Debug, Parser)]
#[command(name = "rigbook", version, max_term_width = 100)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Make a new site that builds
    Init(Init),
    /// Write the site to `public/`
    Build,
    /// Show the site in a browser and follow each save
    Serve(Serve),
    /// Report everything that is wrong with the content, and write nothing
    Check(Check),
    /// Write an edition to one HTML file that works from disk
    Export(Export),
    /// Reckon totals and rules of a build or a selection of parts
    Calc(Calc),
    /// Print what changed between two editions
    Diff(Diff),
    /// List the editions, or freeze the working site as one
    #[command(subcommand)]
    Version(Version),
    /// Remove the published site and the caches
    Clean,
    /// Print the JSON Schema of a category's front matter, for editors
    Schema(Schema),
    /// Print the manual page: `rigbook man > rigbook.1`
    Man,
    /// Print a completion script for a shell
    Completions(Completions),
}

/// Flags that every command takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Common flags")]
pub struct Common {
    /// The site [default: the nearest folder upward with `rigbook.toml`]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "RIGBOOK_ROOT",
        hide_env = true
    )]
    pub root: Option<PathBuf>,
    /// Where to publish [default: `public` in the site]
    #[arg(
        long,
        short,
        global = true,
        value_name = "PATH",
        env = "RIGBOOK_OUTPUT",
        hide_env = true
    )]
    pub output: Option<PathBuf>,
    /// The address that the site will have, instead of `base_url` in
    /// `rigbook.toml`
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "RIGBOOK_BASE_URL",
        hide_env = true
    )]
    pub base_url: Option<String>,
    /// Take in pages that are marked as drafts
    #[arg(long, global = true, action = ArgAction::SetTrue,
          env = "RIGBOOK_DRAFTS", hide_env = true, value_parser = FalseyValueParser::new())]
    pub drafts: bool,
    /// Treat warnings as errors
    #[arg(long, global = true, action = ArgAction::SetTrue,
          env = "RIGBOOK_STRICT", hide_env = true, value_parser = FalseyValueParser::new())]
    pub strict: bool,
    /// How diagnostics are printed
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        env = "RIGBOOK_FORMAT",
        hide_env = true
    )]
    pub format: Format,
    /// Print nothing but errors
    #[arg(long, short, global = true, action = ArgAction::SetTrue, conflicts_with = "verbose",
          env = "RIGBOOK_QUIET", hide_env = true, value_parser = FalseyValueParser::new())]
    pub quiet: bool,
    /// Say more about what is done
    #[arg(long, short, global = true, action = ArgAction::SetTrue,
          env = "RIGBOOK_VERBOSE", hide_env = true, value_parser = FalseyValueParser::new())]
    pub verbose: bool,
    /// Print how long each stage took
    #[arg(long, global = true, action = ArgAction::SetTrue,
          env = "RIGBOOK_TIMINGS", hide_env = true, value_parser = FalseyValueParser::new())]
    pub timings: bool,
    /// Make everything anew, and keep nothing for the next time
    #[arg(long, global = true, action = ArgAction::SetTrue,
          env = "RIGBOOK_NO_CACHE", hide_env = true, value_parser = FalseyValueParser::new())]
    pub no_cache: bool,
}

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Excerpts with marks
    #[default]
    Human,
    /// An array with one object each
    Json,
    /// Annotations for GitHub's workflows
    Github,
}

#[derive(Args, Debug)]
pub struct Check {
    /// Report figures that are older than their field's `max_age` today (the
    /// day of `SOURCE_DATE_EPOCH` if that is set)
    #[arg(long)]
    pub stale: bool,
    /// Run all lints, also those that are off by default
    #[arg(long)]
    pub all: bool,
    /// Ask each outside link whether it still answers, by `curl`
    #[arg(long)]
    pub external: bool,
}

#[derive(Args, Debug)]
pub struct Init {
    /// The folder of the new site [default: this one]
    pub dir: Option<PathBuf>,
    /// Make it from a guide in one Markdown file or a folder of them: headings
    /// or files become pages, lists of `- Key: value` and tables of products
    /// become components with typed fields
    #[arg(long, value_name = "PATH")]
    pub from: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Version {
    /// Print each edition with its status, date and source
    List,
    /// Freeze the working site as an edition that is never touched again, and go on as the next
    Cut(Cut),
}

#[derive(Args, Debug)]
pub struct Cut {
    /// The id under which the working site is frozen, such as `1.0`
    pub id: String,
    /// The id under which it goes on
    #[arg(long, value_name = "ID")]
    pub next: String,
    /// Freeze it as a tag `vID` of its last commit, instead of in `versions/ID/`
    #[arg(long)]
    pub git: bool,
}

#[derive(Args, Debug)]
pub struct Export {
    /// The edition to export [default: the current one]
    #[arg(long, value_name = "ID", conflicts_with = "dir")]
    pub edition: Option<String>,
    /// Write the whole site to a folder whose pages open from disk, instead of one file
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    pub dir: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub struct Calc {
    /// Start from a preset
    #[arg(long, value_name = "ID")]
    pub build: Option<String>,
    /// Put parts into a slot, as in `frame=steel` or `wheel=a*2,b`; can be repeated
    #[arg(long, value_name = "SLOT=PARTS")]
    pub set: Vec<String>,
    /// Set a number of the reader's, in its unit or with one; can be repeated
    #[arg(long, value_name = "ID=NUMBER")]
    pub input: Vec<String>,
}

#[derive(Args, Debug)]
pub struct Diff {
    /// The id of the older edition
    #[arg(value_name = "A")]
    pub from: String,
    /// The id of the newer edition
    #[arg(value_name = "B")]
    pub to: String,
}

#[derive(Args, Debug)]
pub struct Schema {
    /// The category's id; may be left out if there is only one, or with
    /// `--output DIR`, which takes a file of each
    pub category: Option<String>,
}

#[derive(Args, Debug)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// The address of the preview.
#[derive(Args, Debug)]
pub struct Serve {
    /// The port; 0 takes any that is free
    #[arg(long, default_value_t = 4400, env = "RIGBOOK_PORT", hide_env = true)]
    pub port: u16,
    /// The address to listen on; anything but loopback is open to the network
    #[arg(
        long,
        default_value = "127.0.0.1",
        value_name = "IP",
        env = "RIGBOOK_BIND",
        hide_env = true
    )]
    pub bind: IpAddr,
    /// Open the site in a browser
    #[arg(long)]
    pub open: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_flags_agree_with_each_other() {
        Arguments::command().debug_assert();
    }
}
